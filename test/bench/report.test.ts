import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { figures } from '../../bench/figures/all.ts';
import { isMet, rounded, valuesOf, type Row } from '../../bench/figure.ts';
import { plotPath, readDocument, withTables } from '../../bench/report/document.ts';
import { svgOf } from '../../bench/report/plot.ts';
import { readResults, withFound } from '../../bench/report/results.ts';
import { markdownTable, terminalTable } from '../../bench/report/tables.ts';

const row = (value: number, goal?: Row['goal']): Row => ({
  what: 'calls',
  value,
  unit: '×',
  ...(goal === undefined ? {} : { goal }),
});

describe('docs/performance.md', () => {
  test('has the tables of bench/results.json: if not, `npm run bench`', () => {
    expect(withTables(readDocument(), readResults(), figures)).toBe(readDocument());
  });

  test.each(figures)('has a table and a plot of $name, over as many people as it is measured for', (figure) => {
    const found = readResults()[figure.name]?.people ?? {};
    expect(Object.keys(found)).toEqual(expect.arrayContaining(figure.sizes.map(String)));
    expect(existsSync(plotPath(figure))).toBe(true);
    expect(readFileSync(plotPath(figure), 'utf8')).toBe(svgOf(figure.plot(found)));
  });
});

test('a goal is met at its edge, missed beyond it, and nothing is said where there is none', () => {
  expect(isMet(row(2, { most: 2 }))).toBe(true);
  expect(isMet(row(2.1, { most: 2 }))).toBe(false);
  expect(isMet(row(8, { least: 8 }))).toBe(true);
  expect(isMet(row(7.9, { least: 8 }))).toBe(false);
  expect(isMet(row(2))).toBeUndefined();
});

test('a goal that is missed says so in the document and on the terminal', () => {
  const rows = [row(2.1, { most: 2 })];
  expect(markdownTable({ '1000': rows })).toContain('| 2.1 **missed** | at most 2 |');
  expect(terminalTable(1000, rows)).toMatch(/2\.1 ×.*at most 2.*missed/);
});

test('the document has a column for each number of people, the fewest first', () => {
  const found = { '20000': [row(2)], '1000': [row(1)] };
  expect(markdownTable(found).split('\n')[0]).toBe('|  | 1,000 people | 20,000 people | goal |');
  expect(markdownTable(found)).toContain('| calls (×) | 1 | 2 |  |');
  expect(valuesOf(found, 'calls').map(({ people }) => people)).toEqual([1000, 20_000]);
});

test('what is found takes the place of what was found for as many people, and of nothing else', () => {
  const before = withFound(withFound({}, 'listing', 10, [row(1)]), 'reads', 10, [row(2)]);
  const after = withFound(withFound(before, 'listing', 20, [row(3)]), 'listing', 10, [row(4)]);
  expect(after['listing']?.people).toEqual({ '10': [row(4)], '20': [row(3)] });
  expect(after['reads']).toEqual(before['reads']);
});

test('three places count', () => {
  expect([7.0456, 0.012_345, 1234.5, 99.95].map(rounded)).toEqual([7.05, 0.0123, 1235, 100]);
});

describe('a plot', () => {
  const bars = [
    { label: 'a <b> & c', value: 10, ours: true },
    { label: 'other', value: 1000, ours: false },
  ];
  const lengths = (svg: string): readonly number[] =>
    [...svg.matchAll(/<rect x="380" y="\d+" width="([\d.]+)"/g)].map(([, length]) => Number(length));

  test('has a bar for each value, as long as its part of the largest', () => {
    const [ours = 0, other = 0] = lengths(svgOf({ title: 'Calls', unit: 'calls', bars }));
    expect(ours / other).toBeCloseTo(0.01, 2);
  });

  test('has one as long as its logarithm where that is asked for', () => {
    const [ours = 0, other = 0] = lengths(svgOf({ title: 'Calls', unit: 'calls', bars, logarithmic: true }));
    expect(ours / other).toBeCloseTo(Math.log(11) / Math.log(1001), 2);
  });

  test('takes labels as text', () => {
    expect(svgOf({ title: 'T', unit: 'u', bars })).toContain('a &lt;b&gt; &amp; c');
  });
});
