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
 * and of several such the widest. No word is broken that is not longer than any column may be. Undefined where that does
 * not fit.
 */
function fitted(rows: readonly (readonly string[])[], columns: number): readonly number[] | undefined {
  const measured = (rows[0] ?? []).map((_, at) => rows.map((row) => wordWidths(row[at] ?? '')));
  const room = columns - 3 * measured.length - 1;
  const least = measured.map((cells) =>
    Math.max(narrowest, ...cells.flat(2).map((width) => Math.min(width, unbroken))),
  );
  const widths = measured.map((cells) => Math.min(room, Math.max(1, ...cells.flat().map(lineWidth))));
  const heights = measured.map((cells, at) => cells.map((cell) => linesAt(cell, widths[at] ?? 1)));
  for (let over = sum(widths) - room; over > 0; over = sum(widths) - room) {
    const step = Math.max(1, Math.floor(over / 24));
    const narrower = measured.flatMap((cells, at) => {
      const width = Math.max(least[at] ?? narrowest, (widths[at] ?? 0) - step);
      if (width >= (widths[at] ?? 0)) return [];
      const lines = cells.map((cell) => linesAt(cell, width));
      const tallest = lines.map((height, row) =>
        Math.max(height, ...heights.map((all, one) => (one === at ? 0 : (all[row] ?? 0)))),
      );
      return [{ at, width, lines, length: sum(tallest) }];
    });
    const [best] = narrower.toSorted((a, b) => a.length - b.length || b.width - a.width);
    if (best === undefined) return undefined;
    widths[best.at] = best.width;
    heights[best.at] = best.lines;
  }
  return widths;
}

/** How wide the words of each line are. */
function wordWidths(text: string): readonly (readonly number[])[] {
  return text.split('\n').map((line) => line.split(' ').map((word) => stringWidth(word)));
}

function lineWidth(words: readonly number[]): number {
  return sum(words) + words.length - 1;
}

/** How many lines a cell has that is so wide. */
function linesAt(lines: readonly (readonly number[])[], width: number): number {
  let count = 0;
  for (const words of lines) {
    let used = width;
    for (const word of words) {
      if (used + 1 + word <= width) used += 1 + word;
      else {
        count += Math.max(1, Math.ceil(word / width));
        used = word <= width ? word : ((word - 1) % width) + 1;
      }
    }
  }
  return count;
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

function linesOf(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => folded(line, width));
}

/** Text broken between words, or within one that is longer, into lines of at most `width` columns. */
export function folded(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line: Word | undefined;
  for (const word of text.split(' ').flatMap((one) => cut(one, width))) {
    if (line === undefined) line = word;
    else if (line.width + 1 + word.width <= width)
      line = { text: `${line.text} ${word.text}`, width: line.width + 1 + word.width };
    else {
      lines.push(line.text);
      line = word;
    }
  }
  return [...lines, line?.text ?? ''];
}

interface Word {
  readonly text: string;
  readonly width: number;
}

function cut(word: string, width: number): readonly Word[] {
  const whole = stringWidth(word);
  if (whole <= width) return [{ text: word, width: whole }];
  const parts: Word[] = [];
  let part = { text: '', width: 0 };
  for (const character of word) {
    const wide = stringWidth(character);
    if (part.text !== '' && part.width + wide > width) {
      parts.push(part);
      part = { text: '', width: 0 };
    }
    part = { text: part.text + character, width: part.width + wide };
  }
  return [...parts, part];
}
