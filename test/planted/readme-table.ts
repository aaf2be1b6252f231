import type { PlantedDefect } from './planted-defect.ts';

const begin = '<!-- The table is written by `npm run planted -- --write`. -->';
const end = '<!-- End of the table. -->';

/** `readme` with its table of planted defects made anew. Throws where it has no place for one. */
export function withTable(readme: string, defects: readonly PlantedDefect[]): string {
  const [before, rest] = halves(readme, begin);
  const [, after] = halves(rest, end);
  return `${before}${begin}\n\n${tableOf(defects)}\n\n${end}${after}`;
}

function tableOf(defects: readonly PlantedDefect[]): string {
  const rows = defects.map(({ name, rules, file, caughtBy }) =>
    row([name, rules.join(', ') || '–', code(file), caughtBy.map(code).join(', ')]),
  );
  return [row(['defect', 'rules', 'planted in', 'goes red']), row(['---', '---', '---', '---']), ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(path: string): string {
  return `\`${path.replace(/^test\//, '')}\``;
}

function halves(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`test/README.md does not contain ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
