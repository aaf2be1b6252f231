import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Not ours, or made by a build or a run. */
const leftOut = new Set(['node_modules', '.git', '.local', 'dist', 'coverage', '.terraform']);

/** The path of every file of the repository, from its root. */
export function allFiles(folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (leftOut.has(entry.name)) return [];
    return entry.isDirectory() ? allFiles(path) : [path];
  });
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export const documents = allFiles().filter((path) => path.endsWith('.md'));

/** The part of a document below this heading, up to the next heading of any level. */
export function section(document: string, heading: string): string {
  const [, rest] = `\n${read(document)}`.split(`\n${heading}\n`);
  if (rest === undefined) throw new Error(`${document} has no heading "${heading}".`);
  return rest.split(/^#+ /m)[0] ?? '';
}

/** The cells of every table row in the text, headings left out. A `\|` stands for a bar. */
export function tableRows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const rows = lines.filter((line, place) => !isRule(line) && !isRule(lines[place + 1] ?? ''));
  return rows.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
}

/** What stands in backticks. */
export function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, inside = '']) => inside);
}

/** Whether a row or a sentence says that it is about something that is not there yet. */
export function isPlanned(text: string): boolean {
  return /\*planned\b|\(planned\)/i.test(text);
}

function isRule(line: string): boolean {
  return /^\|[\s:|-]+\|$/.test(line);
}
