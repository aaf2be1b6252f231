import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../figure.ts';
import { svgOf } from './plot.ts';
import { root, type Machine, type Measured, type Results } from './results.ts';
import { markdownTable } from './tables.ts';

const document = join(root, 'docs', 'performance.md');

export function readDocument(): string {
  return readFileSync(document, 'utf8');
}

/** Writes the tables of docs/performance.md and a plot for each figure. */
export function writeDocument(results: Results, figures: readonly Figure[]): void {
  writeFileSync(document, withTables(readDocument(), results, figures));
  mkdirSync(join(root, 'docs', 'bench'), { recursive: true });
  for (const figure of figures) {
    const measured = results[figure.name];
    if (measured !== undefined) writeFileSync(plotPath(figure), svgOf(figure.plot(measured.people)));
  }
}

export function plotPath({ name }: Figure): string {
  return join(root, 'docs', 'bench', `${name}.svg`);
}

/** `text` with the plot and table of each figure between its marks. Throws where a figure has no place. */
export function withTables(text: string, results: Results, figures: readonly Figure[]): string {
  return figures.reduce((written, figure) => {
    const measured = results[figure.name];
    if (measured === undefined) return written;
    const begin = `<!-- ${figure.name}: written by npm run bench -->`;
    const end = `<!-- end of ${figure.name} -->`;
    const from = written.indexOf(begin);
    const to = written.indexOf(end);
    if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for ${figure.name}`);
    return `${written.slice(0, from)}${begin}\n\n${partOf(figure, measured)}\n\n${written.slice(to)}`;
  }, text);
}

function partOf(figure: Figure, { people, machine }: Measured): string {
  const { title } = figure.plot(people);
  return [`![${title}](bench/${figure.name}.svg)`, markdownTable(people), `Found on ${saidOf(machine)}.`].join('\n\n');
}

function saidOf({ cores, processor, memory, node }: Machine): string {
  return `${String(cores)} cores (${processor}), ${String(memory)} GiB, Node ${node}`;
}
