import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { folded, renderTable, type Layout } from '../../../cli/render/layout.ts';
import { layoutOf } from '../../../cli/process/layout-of.ts';

const head = ['person', 'done', 'why'];
const rows = [
  [
    'ann@example.com',
    'updated in Apigee',
    'the portal user was edited, and the developer was not, so the portal counts',
  ],
  ['ben@example.com', { text: 'held', tone: 'doubtful' }, 'deactivated\nor deleted'],
] as const;
const at = (columns: number, colours = false): Layout => ({ columns, colours });
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => stringWidth(line)));

describe('a table', () => {
  test.each([160, 120, 100])('fits %i columns, and loses no word', (columns) => {
    const table = renderTable(head, rows, at(columns));
    expect(widest(table)).toBeLessThanOrEqual(columns);
    for (const word of rows.flat().flatMap((cell) => (typeof cell === 'string' ? cell : cell.text).split(/\s/)))
      expect(table).toContain(word);
    expect(table).toContain('│');
  });

  test('is a block for each row below 100 columns', () => {
    expect(renderTable(head, rows, at(60))).toBe(
      [
        'ann@example.com',
        '  done  updated in Apigee',
        '  why   the portal user was edited, and the developer was',
        '        not, so the portal counts',
        '',
        'ben@example.com',
        '  done  held',
        '  why   deactivated',
        '        or deleted',
      ].join('\n'),
    );
  });

  test('shows a tone in colour only where there are colours, on every line of a cell', () => {
    const long = [['a', { text: 'failed '.repeat(30).trim(), tone: 'bad' as const }]];
    expect(renderTable(['x', 'y'], long, at(120))).not.toContain('\u001b');
    const lines = renderTable(['x', 'y'], long, at(120, true)).split('\n');
    for (const line of lines.filter((one) => one.includes('failed')))
      expect(line.split('\u001b').map((part) => part.slice(0, 4))).toEqual([expect.anything(), '[31m', '[39m']);
  });

  test('never is wider than the terminal, whatever is in it and however narrow that is', () => {
    const cell = fc.oneof(fc.string({ maxLength: 80 }), fc.constantFrom('日本語の名前'.repeat(9), 'x'.repeat(200), ''));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }),
        fc.integer({ min: 40, max: 200 }),
        (all, columns) => {
          const printable = all.map((row) => row.map((text) => text.replaceAll(/[\p{C}\p{Z}\p{M}]/gu, ' ')));
          expect(widest(renderTable(head, printable, at(columns)))).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });

  test('breaks a word only where it is longer than a line', () => {
    expect(folded('one three fourteen', 5)).toEqual(['one', 'three', 'fourt', 'een']);
    expect(folded('', 5)).toEqual(['']);
  });
});

describe('the layout of a process', () => {
  const terminal = { isTTY: true, columns: 72, hasColors: () => true };
  test.each([
    ['a terminal', terminal, {}, { columns: 72, colours: true }],
    ['a terminal with NO_COLOR', terminal, { NO_COLOR: '1' }, { columns: 72, colours: false }],
    ['a terminal that does not know its width', { ...terminal, columns: 0 }, {}, { columns: 80, colours: true }],
    ['a pipe', { ...terminal, isTTY: false }, {}, { columns: 160, colours: false }],
    ['a pipe with COLUMNS', { ...terminal, isTTY: false }, { COLUMNS: '90' }, { columns: 90, colours: false }],
    [
      'a pipe with COLUMNS that is no number',
      { ...terminal, isTTY: false },
      { COLUMNS: '-1' },
      { columns: 160, colours: false },
    ],
  ])('of %s', (_, stream, env, layout) => {
    expect(layoutOf(stream, env)).toEqual(layout);
  });
});
