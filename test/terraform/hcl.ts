import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

export function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

/** Text of every .tf file of a folder, examples and modules below it left out. */
export function readModule(path: string): string {
  return readdirSync(new URL(`${path}/`, root))
    .filter((name) => name.endsWith('.tf'))
    .map((name) => read(`${path}/${name}`))
    .join('\n');
}

/** What stands between the brackets of `name = {…}` or `name = […]`, comments removed. Throws where there is no such local. */
export function valueOf(text: string, name: string): string {
  const start = new RegExp(`^  ${name} += +[[{]`, 'm').exec(text);
  if (start === null) throw new Error(`there is no ${name} in the Terraform text`);
  const from = start.index + start[0].length;
  let depth = 1;
  let end = from;
  while (depth > 0 && end < text.length) {
    const char = text[end];
    if (char === '{' || char === '[') depth += 1;
    if (char === '}' || char === ']') depth -= 1;
    end += 1;
  }
  return text.slice(from, end - 1).replaceAll(/^\s*#.*$/gm, '');
}

/** Keys of an object written with one key a line. */
export function keysOf(object: string): readonly string[] {
  return [...object.matchAll(/^ {4}(\w+) += /gm)].map(([, key]) => key ?? '');
}

export function stringsOf(list: string): readonly string[] {
  return [...list.matchAll(/"([^"]*)"/g)].map(([, value]) => value ?? '');
}

/** Key to list of strings, of an object of lists. */
export function listsOf(object: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    [...object.matchAll(/^ {4}(\w+) += \[([^\]]*)\]/gm)].map(([, key, list]) => [key ?? '', stringsOf(list ?? '')]),
  );
}

/** Names of the blocks `kind "name" {`. */
export function blocksOf(text: string, kind: 'variable' | 'output'): readonly string[] {
  return [...text.matchAll(new RegExp(`^${kind} "(\\w+)" \\{`, 'gm'))].map(([, name]) => name ?? '');
}
