import Table from 'cli-table3';
import { inThousands, isMet, type Found, type Row } from '../figure.ts';

/** What was found for one number of people, for the terminal. */
export function terminalTable(people: number, rows: readonly Row[]): string {
  const head = [`${inThousands(people)} people`, 'found', 'goal', ''];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push([row.what, valueOf(row), goalOf(row), verdictOf(row)]);
  return table.toString();
}

/** A column for each number of people, in Markdown. */
export function markdownTable(found: Found): string {
  const sizes = Object.keys(found).sort((a, b) => Number(a) - Number(b));
  const whats = [...new Set(sizes.flatMap((size) => (found[size] ?? []).map(keyOf)))];
  const rows = whats.map((what) => {
    const cells = sizes.map((size) => found[size]?.find((row) => keyOf(row) === what));
    const last = cells.findLast((cell) => cell !== undefined);
    if (last === undefined) return [];
    return [`${last.what} (${last.unit})`, ...cells.map(cellOf), goalOf(cells.find(hasGoal) ?? last)];
  });
  const head = ['', ...sizes.map((size) => `${inThousands(Number(size))} people`), 'goal'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function hasGoal(row: Row | undefined): row is Row {
  return row?.goal !== undefined;
}

function keyOf({ what, unit }: Row): string {
  return `${what}\0${unit}`;
}

function cellOf(row: Row | undefined): string {
  if (row === undefined) return '';
  const value = row.value.toLocaleString('en-US');
  return isMet(row) === false ? `${value} **missed**` : value;
}

function valueOf({ value, unit }: Row): string {
  return `${value.toLocaleString('en-US')} ${unit}`;
}

function goalOf({ goal }: Row): string {
  if (goal === undefined) return '';
  return 'most' in goal ? `at most ${String(goal.most)}` : `at least ${String(goal.least)}`;
}

function verdictOf(row: Row): string {
  const met = isMet(row);
  if (met === undefined) return '';
  return met ? 'met' : 'missed';
}
