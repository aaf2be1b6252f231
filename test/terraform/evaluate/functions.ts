import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { entriesOf, isEqual, isList, listOf, numberOf, plain, textOf, truthOf, Lookup, type Value } from './values.ts';

type Fn = (args: readonly Value[], folder: string) => Value;

/** Terraform's functions, as far as our configuration calls them. `try` and `can` are the evaluator's own. */
export const functions: Readonly<Record<string, Fn>> = {
  // Numbers.
  ceil: ([number]) => Math.ceil(numberOf(got(number))),
  floor: ([number]) => Math.floor(numberOf(got(number))),
  max: (numbers) => Math.max(...numbers.map(numberOf)),
  min: (numbers) => Math.min(...numbers.map(numberOf)),
  sum: ([numbers]) => listOf(got(numbers)).reduce<number>((sum, number) => sum + numberOf(number), 0),

  // Texts.
  basename: ([path]) => basename(textOf(got(path))),
  endswith: ([text, end]) => textOf(got(text)).endsWith(textOf(got(end))),
  format: ([pattern, ...values]) => formatted(textOf(got(pattern)), values),
  join: ([separator, texts]) =>
    listOf(got(texts))
      .map(textOf)
      .join(textOf(got(separator))),
  lower: ([text]) => textOf(got(text)).toLowerCase(),
  regex: ([pattern, text]) => matched(textOf(got(pattern)), textOf(got(text))),
  replace: ([text, from, to]) => replaced(textOf(got(text)), textOf(got(from)), textOf(got(to))),
  split: ([separator, text]) => textOf(got(text)).split(textOf(got(separator))),
  startswith: ([text, start]) => textOf(got(text)).startsWith(textOf(got(start))),
  strcontains: ([text, part]) => textOf(got(text)).includes(textOf(got(part))),
  substr: ([text, from, length]) =>
    textOf(got(text)).slice(numberOf(got(from)), numberOf(got(from)) + numberOf(got(length))),
  title: ([text]) => textOf(got(text)).replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()),
  trimprefix: ([text, start]) => trimmed(textOf(got(text)), textOf(got(start)), ''),
  trimspace: ([text]) => textOf(got(text)).trim(),
  trimsuffix: ([text, end]) => trimmed(textOf(got(text)), '', textOf(got(end))),
  upper: ([text]) => textOf(got(text)).toUpperCase(),

  // Encodings and files.
  base64encode: ([text]) => Buffer.from(textOf(got(text))).toString('base64'),
  file: ([path], folder) => readFileSync(resolve(folder, textOf(got(path))), 'utf8'),
  fileexists: ([path], folder) => existsSync(resolve(folder, textOf(got(path)))),
  filesha256: ([path], folder) => sha256(readFileSync(resolve(folder, textOf(got(path))))),
  jsondecode: ([json]) => JSON.parse(textOf(got(json))) as Value,
  jsonencode: ([value]) => jsonOf(got(value)),
  sha256: ([text]) => sha256(textOf(got(text))),
  urlencode: ([text]) => encodeURIComponent(textOf(got(text))).replaceAll('%20', '+'),

  // Lists and objects.
  alltrue: ([values]) => listOf(got(values)).every(truthOf),
  anytrue: ([values]) => listOf(got(values)).some(truthOf),
  coalesce: (values) => got(values.find((value) => value !== null && value !== '')),
  compact: ([texts]) => listOf(got(texts)).filter((text) => text !== null && text !== ''),
  concat: (lists) => lists.flatMap(listOf),
  contains: ([list, value]) => listOf(got(list)).some((item) => isEqual(item, got(value))),
  distinct: ([list]) => distinct(listOf(got(list))),
  element: ([list, at]) => got(listOf(got(list))[numberOf(got(at)) % listOf(got(list)).length]),
  flatten: ([list]) => flat(listOf(got(list))),
  keys: ([object]) => entriesOf(got(object)).map(([name]) => name),
  length: ([value]) => lengthOf(got(value)),
  lookup: ([object, name, otherwise]) => memberOr(got(object), textOf(got(name)), otherwise),
  merge: (objects) => Object.fromEntries(objects.filter((one) => one !== null).flatMap(entriesOf)),
  one: ([list]) => listOf(got(list))[0] ?? null,
  range: (bounds) => rangeOf(bounds.map(numberOf)),
  reverse: ([list]) => listOf(got(list)).toReversed(),
  setsubtract: ([list, without]) =>
    distinct(listOf(got(list)).filter((item) => !listOf(got(without)).some((other) => isEqual(item, other)))),
  setunion: (lists) => distinct(lists.flatMap(listOf)),
  slice: ([list, from, to]) => listOf(got(list)).slice(numberOf(got(from)), numberOf(got(to))),
  sort: ([list]) => listOf(got(list)).map(textOf).toSorted(),
  tolist: ([list]) => listOf(got(list)),
  tomap: ([object]) => got(object),
  toset: ([list]) => distinct(listOf(got(list))).toSorted((one, other) => (textOf(one) < textOf(other) ? -1 : 1)),
  values: ([object]) => entriesOf(got(object)).map(([, value]) => value),
  zipmap: ([names, values]) =>
    Object.fromEntries(listOf(got(names)).map((name, place) => [textOf(name), listOf(got(values))[place] ?? null])),

  // Types.
  nonsensitive: ([value]) => got(value),
  sensitive: ([value]) => got(value),
  tobool: ([value]) => (value === null ? null : truthOf(got(value))),
  tonumber: ([value]) => (value === null ? null : numberOf(got(value))),
  tostring: ([value]) => (value === null ? null : textOf(got(value))),
};

function got(value: Value | undefined): Value {
  if (value === undefined) throw new Error('an argument is missing, or nothing is left to choose from');
  return value;
}

/** As Terraform writes JSON: names in order, and what HTML would take for its own as escapes. */
function jsonOf(value: Value): string {
  const escapes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
  return JSON.stringify(plain(value)).replaceAll(/[<>&]/g, (letter) => escapes[letter] ?? letter);
}

/** `(?i)` is JavaScript's flag. The whole match, or the groups where there are any. Throws where nothing matches. */
function matched(pattern: string, text: string): Value {
  const found = expressionOf(pattern).exec(text);
  if (found === null) throw new Error(`${pattern} does not match ${text}`);
  if (found.groups !== undefined) return { ...found.groups };
  return found.length > 1 ? found.slice(1).map((group) => group ?? null) : found[0];
}

function expressionOf(pattern: string): RegExp {
  return pattern.startsWith('(?i)') ? new RegExp(pattern.slice(4), 'i') : new RegExp(pattern);
}

function replaced(text: string, from: string, to: string): string {
  const pattern = /^\/(.+)\/$/.exec(from)?.[1];
  return pattern === undefined ? text.replaceAll(from, to) : text.replaceAll(new RegExp(pattern, 'g'), to);
}

function trimmed(text: string, start: string, end: string): string {
  const begun = start !== '' && text.startsWith(start) ? text.slice(start.length) : text;
  return end !== '' && begun.endsWith(end) ? begun.slice(0, -end.length) : begun;
}

/** `%s`, `%d` and `%%`. */
function formatted(pattern: string, values: readonly Value[]): string {
  let place = 0;
  return pattern.replaceAll(/%[sd%]/g, (mark) => {
    if (mark === '%%') return '%';
    place += 1;
    return textOf(got(values[place - 1]));
  });
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function distinct(list: readonly Value[]): readonly Value[] {
  return list.filter((item, place) => list.findIndex((other) => isEqual(item, other)) === place);
}

function flat(list: readonly Value[]): readonly Value[] {
  return list.flatMap((item) => (isList(item) ? flat(item) : [item]));
}

function lengthOf(value: Value): number {
  return typeof value === 'string' ? value.length : entriesOf(value).length;
}

function memberOr(object: Value, name: string, otherwise: Value | undefined): Value {
  const names = object instanceof Lookup ? object.names() : entriesOf(object).map(([known]) => known);
  if (!names.includes(name)) return got(otherwise);
  return got(entriesOf(object).find(([known]) => known === name)?.[1]);
}

function rangeOf([first = 0, second, step = 1]: readonly number[]): readonly number[] {
  const [from, to] = second === undefined ? [0, first] : [first, second];
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, place) => from + place * step);
}
