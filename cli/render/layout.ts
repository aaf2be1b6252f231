import { styleText } from 'node:util';
import Table from 'cli-table3';
import stringWidth from 'string-width';

/** What takes the answer: how many columns it has, and whether it shows colours. */
export interface Layout {
  readonly columns: number;
  readonly colours: boolean;
}

/** For files, pipes and logs. */
export const plainLayout: Layout = { columns: 160, colours: false };

export type Tone = 'good' | 'doubtful' | 'bad';

/** Text, with line feeds between its lines; with a tone, in its colour. */
export type Cell = string | { readonly text: string; readonly tone: Tone | undefined };

const colourOf = { good: 'green', doubtful: 'yellow', bad: 'red' } as const;

/** With fewer columns a table is one block for each row. */
const fewestColumns = 100;
/** No column of a table is made narrower than this. */
const narrowest = 10;
/** A word with so many columns is not broken. */
const unbroken = 40;

/** Rows under a head, no wider than the layout. */
export function renderTable(head: readonly string[], rows: readonly (readonly Cell[])[], layout: Layout): string {
  const widths = fitted([head, ...rows.map((row) => row.map(textOf))], layout.columns);
  if (widths === undefined || (layout.columns < fewestColumns && head.length > 2)) return blocks(head, rows, layout);
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(row.map((cell, at) => toned(cell, widths[at] ?? narrowest, layout)));
  return table.toString();
}

function blocks(head: readonly string[], rows: readonly (readonly Cell[])[], layout: Layout): string {
  const names = Math.max(...head.slice(1).map((title) => stringWidth(title)));
  const width = Math.max(narrowest, layout.columns - names - 4);
  return rows
    .map(([first = '', ...rest]) => {
      const lines = rest.flatMap((cell, at) => {
        if (textOf(cell) === '') return [];
        const indent = `\n${' '.repeat(names + 4)}`;
        return [`  ${(head[at + 1] ?? '').padEnd(names)}  ${toned(cell, width, layout).replaceAll('\n', indent)}`];
      });
      return [toned(first, layout.columns, layout), ...lines].join('\n');
    })
    .join('\n\n');
}

/**
 * Widths that fit: again and again the column gives a part of its width whose narrowing makes the table longer by the least,
 * and of several such the widest. No word is broken that is not longer than any column may be. Undefined where that does not fit.
 */
function fitted(rows: readonly (readonly string[])[], columns: number): readonly number[] | undefined {
  const natural = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
  const room = columns - 3 * natural.length - 1;
  const least = natural.map((_, at) => Math.max(...rows.map((row) => longestWord(row[at] ?? ''))));
  const widths = [...natural];
  const heights = natural.map((width, at) => heightsAt(rows, at, width));
  for (let over = sum(widths) - room; over > 0; over -= 1) {
    const narrower = widths.flatMap((width, at) => {
      if (width <= (least[at] ?? narrowest)) return [];
      const lines = heightsAt(rows, at, width - 1);
      const tallest = lines.map((height, row) =>
        Math.max(height, ...heights.map((all, one) => (one === at ? 0 : (all[row] ?? 0)))),
      );
      return [{ at, width, lines, length: sum(tallest) }];
    });
    const [best] = narrower.toSorted((a, b) => a.length - b.length || b.width - a.width);
    if (best === undefined) return undefined;
    widths[best.at] = best.width - 1;
    heights[best.at] = best.lines;
  }
  return widths;
}

function longestWord(text: string): number {
  return Math.min(unbroken, Math.max(narrowest, ...text.split(/[ \n]/).map((word) => stringWidth(word))));
}

/** How many lines each cell of a column has at a width. */
function heightsAt(rows: readonly (readonly string[])[], at: number, width: number): readonly number[] {
  return rows.map((row) => linesOf(row[at] ?? '', width).length);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function toned(cell: Cell, width: number, { colours }: Layout): string {
  const lines = linesOf(textOf(cell), width);
  const tone = typeof cell === 'string' ? undefined : cell.tone;
  if (!colours || tone === undefined) return lines.join('\n');
  return lines.map((line) => styleText(colourOf[tone], line, { validateStream: false })).join('\n');
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => stringWidth(line)));
}

function linesOf(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => folded(line, width));
}

/** Text broken between words, or within one that is longer, into lines of at most `width` columns. */
export function folded(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => cut(one, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (stringWidth(longer) <= width) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function cut(word: string, width: number): readonly string[] {
  if (stringWidth(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (part !== '' && stringWidth(part + character) > width) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}
