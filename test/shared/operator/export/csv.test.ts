import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLines, formulaSafe } from '../../../../shared/operator/export/csv.ts';

describe('a cell for a spreadsheet', () => {
  test.each([
    '=1+1',
    '+49 30 1234',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '  =1',
    '\u00a0=1',
    'fine\n=1',
    'fine\r\n  +1',
    '\uff1d1',
    '\t',
  ])('%j is no formula any more', (cell) => {
    expect(formulaSafe(cell)).toBe(`'${cell}`);
  });

  test.each(['', 'Ann', "'quoted", 'a=b', 'ann@example.com', 'two\nlines', 'x -1', '  spaces  '])(
    '%j stays as it is',
    (cell) => {
      expect(formulaSafe(cell)).toBe(cell);
    },
  );
});

describe('lines of CSV', () => {
  test('are as RFC 4180 has them: CRLF, quotes doubled, cells with separators quoted', () => {
    expect(csvLines([['a', 'b"c', 'd,e', 'f\ng', '']])).toBe('a,"b""c","d,e","f\ng",\r\n');
  });

  test('say what was in them, whatever that was', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        const wide = rows.map((row) => [...row, 'end']);
        expect(parse(csvLines(wide))).toEqual(wide.map((row) => row.map(formulaSafe)));
      }),
    );
  });
});

/** A reader of its own, for RFC 4180 and nothing else. */
function parse(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let place = 0; place < text.length; place += 1) {
    const two = text.slice(place, place + 2);
    const one = text.charAt(place);
    if (isQuoted) {
      if (two === '""') {
        cell += '"';
        place += 1;
      } else if (one === '"') isQuoted = false;
      else cell += one;
    } else if (one === '"') isQuoted = true;
    else if (one === ',' || two === '\r\n') {
      rows.at(-1)?.push(cell);
      cell = '';
      if (two === '\r\n') {
        rows.push([]);
        place += 1;
      }
    } else cell += one;
  }
  return rows.slice(0, -1);
}

test.each(['x;=1+1', 'app1; =1+1', 'a\t=1+1', 'a,@SUM(1)', 'a|"=1+1'])(
  'a cell that begins a formula behind a separator is no formula: %j',
  (cell) => {
    expect(formulaSafe(cell)).toBe(`'${cell}`);
  },
);
