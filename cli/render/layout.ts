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

/** Rows under a head, no wider than the layout: the widest columns are folded first. */
export function renderTable(head: readonly string[], rows: readonly (readonly Cell[])[], layout: Layout): string {
  const widths = fitted(
    head.map((title, at) => Math.max(stringWidth(title), ...rows.map((row) => widthOf(row[at] ?? '')))),
    layout.columns,
  );
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

/** Widths that fit, the widest columns cut to one and the same; undefined where not even the narrowest do. */
function fitted(natural: readonly number[], columns: number): readonly number[] | undefined {
  const room = columns - 3 * natural.length - 1;
  const cutTo = (most: number): readonly number[] => natural.map((width) => Math.min(width, most));
  const isFitting = (widths: readonly number[]): boolean => widths.reduce((sum, width) => sum + width, 0) <= room;
  for (let most = Math.max(...natural); most >= narrowest; most -= 1) {
    const widths = cutTo(most);
    if (isFitting(widths)) return widths;
  }
  return undefined;
}

function toned(cell: Cell, width: number, { colours }: Layout): string {
  const lines = textOf(cell)
    .split('\n')
    .flatMap((line) => folded(line, width));
  const tone = typeof cell === 'string' ? undefined : cell.tone;
  if (!colours || tone === undefined) return lines.join('\n');
  return lines.map((line) => styleText(colourOf[tone], line, { validateStream: false })).join('\n');
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

function widthOf(cell: Cell): number {
  return Math.max(
    ...textOf(cell)
      .split('\n')
      .map((line) => stringWidth(line)),
  );
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
