import type { Logged } from './lines.ts';

type Test = (entry: Logged) => boolean;

/**
 * A filter of Cloud Logging's query language, as far as ours use it: comparisons `field=value`, `field=(one OR other)`,
 * AND, OR, NOT and parentheses. Throws on anything else. A comparison with a member that is not there is not true, as
 * there; NOT of it is.
 * @see https://cloud.google.com/logging/docs/view/logging-query-language
 */
export function logFilter(text: string): Test {
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[()]|!=|>=|<=|[=:<>]|[^\s()"=:<>!]+/g) ?? [];
  const [test, rest] = anyOf(tokens);
  if (rest.length > 0) throw new Error(`a filter ends before ${rest.join(' ')}`);
  return test;
}

type Read<T> = readonly [T, readonly string[]];

function anyOf(tokens: readonly string[]): Read<Test> {
  const [first, after] = allOf(tokens);
  if (after[0] !== 'OR') return [first, after];
  const [second, rest] = anyOf(after.slice(1));
  return [(entry) => first(entry) || second(entry), rest];
}

function allOf(tokens: readonly string[]): Read<Test> {
  const [first, after] = single(tokens);
  if (after[0] === undefined || after[0] === 'OR' || after[0] === ')') return [first, after];
  const [second, rest] = allOf(after[0] === 'AND' ? after.slice(1) : after);
  return [(entry) => first(entry) && second(entry), rest];
}

function single(tokens: readonly string[]): Read<Test> {
  const [token, ...after] = tokens;
  if (token === 'NOT') {
    const [test, rest] = single(after);
    return [(entry) => !test(entry), rest];
  }
  if (token === '(') {
    const [test, rest] = anyOf(after);
    if (rest[0] !== ')') throw new Error('a parenthesis is not closed');
    return [test, rest.slice(1)];
  }
  return comparison(tokens);
}

function comparison([field = '', operator, ...after]: readonly string[]): Read<Test> {
  if (!/^[a-z]\w*(?:\.\w+)*$/i.test(field) || operator !== '=')
    throw new Error(`no comparison: ${field} ${operator ?? ''}`);
  const [values, rest] = valuesOf(after);
  return [(entry) => values.includes(valueAt(entry, field.split('.'))), rest];
}

function valuesOf(tokens: readonly string[]): Read<readonly (string | undefined)[]> {
  if (tokens[0] !== '(') return [[plain(tokens[0])], tokens.slice(1)];
  const end = tokens.indexOf(')');
  const inside = tokens.slice(1, end);
  if (end < 0 || inside.some((token, place) => (place % 2 === 1) !== (token === 'OR')))
    throw new Error('no list of values');
  return [inside.filter((token) => token !== 'OR').map(plain), tokens.slice(end + 1)];
}

function plain(token: string | undefined): string {
  if (token === undefined || /^[()]$/.test(token)) throw new Error('a value is missing');
  return token.startsWith('"') ? (JSON.parse(token) as string) : token;
}

/** The member as text, as comparisons have it; undefined where there is none. */
function valueAt(entry: unknown, path: readonly string[]): string | undefined {
  const value = memberAt(entry, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

export function memberAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return memberAt((value as Readonly<Record<string, unknown>>)[name], rest);
}

/** What `EXTRACT(field)` takes out of an entry. Throws on any other extractor. */
export function extracted(extractor: string, entry: Logged): unknown {
  const field = /^EXTRACT\(([\w.]+)\)$/.exec(extractor)?.[1];
  if (field === undefined) throw new Error(`no extractor: ${extractor}`);
  return memberAt(entry, field.split('.'));
}
