import { RE2JS } from 're2js';
import { fieldAt, isFieldMap, parsePath, type FieldPath } from './field-path.ts';

/**
 * PORTAL_SELECT: which documents of the collection are people to be synchronised. All conditions of one of the alternatives
 * have to hold.
 */
export interface Selection {
  readonly anyOf: readonly (readonly Condition[])[];
  /** What was set, for a comparison of settings. */
  readonly text: string;
}

export type Condition =
  | { readonly kind: 'is'; readonly path: FieldPath; readonly values: readonly Scalar[]; readonly negated: boolean }
  | { readonly kind: 'has'; readonly path: FieldPath; readonly value: Scalar }
  | { readonly kind: 'exists'; readonly path: FieldPath; readonly negated: boolean }
  | { readonly kind: 'matches'; readonly path: FieldPath; readonly pattern: RE2JS };

type Scalar = string | number | boolean;

/** A longer text matches no pattern: a document may have a megabyte of it. */
const longestMatched = 4096;

/** Values are compared as they are: `"true"` is not `true`. A missing field is no value, and neither is null. */
export function isSelected(data: unknown, { anyOf }: Selection): boolean {
  return anyOf.some((conditions) => conditions.every((condition) => holds(data, condition)));
}

/** Whether a new document has what is asked for, but for the `known` fields, which hold what each person has. */
export function isMet(data: unknown, { anyOf }: Selection, known: readonly FieldPath[]): boolean {
  const isKnown = ({ path }: Condition): boolean => known.some((other) => other.every((name, at) => name === path[at]));
  return anyOf.some((conditions) =>
    conditions.every((it) => holds(data, it) || (isKnown(it) && !isConstant(it, data))),
  );
}

/** Whether the document says the field already, so that it is the same for everybody. */
function isConstant({ path }: Condition, data: unknown): boolean {
  const field = fieldAt(data, path);
  return field.kind === 'value' && typeof field.value === 'boolean';
}

/** The fields that the conditions look into. */
export function pathsOf({ anyOf }: Selection): readonly FieldPath[] {
  return anyOf.flat().map(({ path }) => path);
}

function holds(data: unknown, condition: Condition): boolean {
  const field = fieldAt(data, condition.path);
  const value = field.kind === 'value' ? field.value : undefined;
  switch (condition.kind) {
    case 'is':
      return condition.values.some((wanted) => wanted === value) !== condition.negated;
    case 'has':
      if (Array.isArray(value)) return value.some((entry: unknown) => entry === condition.value);
      // Roles are often kept as a map of names to true.
      return (
        isFieldMap(value) && Object.hasOwn(value, String(condition.value)) && value[String(condition.value)] === true
      );
    case 'exists':
      return (value !== undefined) !== condition.negated;
    case 'matches':
      return typeof value === 'string' && value.length <= longestMatched && condition.pattern.matcher(value).find();
  }
}

const grammar =
  'set conditions such as role == "developer" and blocked != true; the others are: plan in ["gold", "silver"], roles has "developer", company exists, not company exists, email matches "@example\\\\.com$", joined by and, or by or between groups of them';

/** Reads PORTAL_SELECT. Throws an Error that says what to set. */
export function parseSelection(text: string): Selection {
  const tokens = tokensOf(text);
  const anyOf: Condition[][] = [[]];
  let place = 0;
  for (;;) {
    const { condition, next } = conditionAt(tokens, place);
    anyOf.at(-1)?.push(condition);
    const joint = tokens[next];
    if (joint === undefined) return { anyOf, text };
    if (joint.text !== 'and' && joint.text !== 'or') throw wrong(`"and" or "or" is expected ${placeOf(joint)}`);
    if (joint.text === 'or') anyOf.push([]);
    place = next + 1;
  }
}

interface Token {
  readonly kind: 'word' | 'json' | 'sign';
  readonly text: string;
  /** Its first character, counted from 1. */
  readonly at: number;
}

const token = /\s*(?:("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*(?![^\s,\]]))|(==|!=|[[\],])|([^\s"[\],=!]+))/uy;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const whole = text.trimEnd();
  token.lastIndex = 0;
  while (token.lastIndex < whole.length) {
    const at = token.lastIndex;
    const found = token.exec(whole);
    if (found === null) throw wrong(`what stands at character ${String(at + 1)} cannot be read`);
    const [, json, sign, word] = found;
    if (json !== undefined) tokens.push({ kind: 'json', text: json, at: at + 1 });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at: at + 1 });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at: at + 1 });
  }
  if (tokens.length === 0) throw wrong('it names no condition');
  return tokens;
}

function conditionAt(
  tokens: readonly Token[],
  start: number,
): { readonly condition: Condition; readonly next: number } {
  const negated = tokens[start]?.text === 'not' && tokens[start + 2]?.text === 'exists';
  const at = negated ? start + 1 : start;
  const name = tokens[at];
  if (name?.kind !== 'word') throw wrong(`the name of a field is expected ${placeOf(name)}`);
  const path = parsePath(name.text);
  if (typeof path === 'string') throw wrong(`the field ${placeOf(name)}: ${path}`);
  const operator = tokens[at + 1]?.text;
  switch (operator) {
    case '==':
    case '!=': {
      const value = scalarAt(tokens, at + 2);
      return { condition: { kind: 'is', path, values: [value], negated: operator === '!=' }, next: at + 3 };
    }
    case 'in': {
      const { values, next } = listAt(tokens, at + 2);
      return { condition: { kind: 'is', path, values, negated: false }, next };
    }
    case 'has':
      return { condition: { kind: 'has', path, value: scalarAt(tokens, at + 2) }, next: at + 3 };
    case 'exists':
      return { condition: { kind: 'exists', path, negated }, next: at + 2 };
    case 'matches': {
      const pattern = scalarAt(tokens, at + 2);
      if (typeof pattern !== 'string') throw wrong(`a pattern in quotes is expected ${placeOf(tokens[at + 2])}`);
      return { condition: { kind: 'matches', path, pattern: patternOf(pattern) }, next: at + 3 };
    }
    default:
      throw wrong(`==, !=, in, has, exists or matches is expected ${placeOf(tokens[at + 1])}`);
  }
}

function scalarAt(tokens: readonly Token[], place: number): Scalar {
  const found = tokens[place];
  const value = found === undefined || found.kind === 'sign' ? undefined : parsed(found.text);
  if (value === undefined)
    throw wrong(`a value is expected ${placeOf(found)}: text in double quotes, a number, true or false`);
  return value;
}

function parsed(text: string): Scalar | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
  } catch {
    return undefined;
  }
}

function listAt(
  tokens: readonly Token[],
  start: number,
): { readonly values: readonly Scalar[]; readonly next: number } {
  if (tokens[start]?.text !== '[') throw wrong('a list is expected, such as ["gold", "silver"]');
  const values: Scalar[] = [];
  for (let place = start + 1; ; place += 2) {
    values.push(scalarAt(tokens, place));
    const end = tokens[place + 1]?.text;
    if (end === ']') return { values, next: place + 2 };
    if (end !== ',') throw wrong('a list ends with ]');
  }
}

/** Matches in a time that grows with the text only, whatever the pattern. Throws an Error that says what to set. */
function patternOf(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw wrong('a pattern is no regular expression of RE2, which has no lookaround and no back-references');
  }
}

/** Where something is wrong: what was set is not repeated, since messages are logged. */
function placeOf(found: Token | undefined): string {
  return found === undefined ? 'at the end' : `at character ${String(found.at)}`;
}

function wrong(what: string): Error {
  return new Error(`PORTAL_SELECT: ${what}; ${grammar}`);
}
