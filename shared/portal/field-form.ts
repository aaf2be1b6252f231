import type { HeldAs } from '../core/model/held.ts';
import { isFieldMap } from './field-path.ts';
import { isExact, jsonText, jsonValue } from './plain-json.ts';
import { isTimestamp, readTimeForm, timeAs } from './read-time.ts';

export const fieldTypes = ['text', 'number', 'boolean', 'time', 'json'] as const;
export type FieldType = (typeof fieldTypes)[number];

export type Scalar = string | number | boolean;

/** How a field holds its value, which is text to us (PORTAL_MAPPING). */
export interface FieldForm {
  /** Undefined: whatever the document holds, and what is new as text. */
  readonly type?: FieldType;
  /** Our words, each with the values that stand for it in the document; the first of them is written. */
  readonly values?: ReadonlyMap<string, readonly Scalar[]>;
  /** What a missing field counts as where the other side says nothing either. */
  readonly default?: string;
  /** What a portal user gets who is made from a developer without this attribute. */
  readonly onCreate?: string;
  readonly trim?: true;
}

export type TextReading =
  | { readonly kind: 'text'; readonly text: string; readonly held: HeldAs }
  /** What the field must be. */
  | { readonly kind: 'problem'; readonly what: string };

export type ValueReading =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly what: string };

/** The text that stands for a value. */
export function textOf(value: unknown, form: FieldForm = {}): TextReading {
  if (form.values !== undefined) return wordOf(value, form.values);
  switch (form.type ?? kindOf(value)) {
    case 'number':
      return numberText(value);
    case 'boolean':
      return booleanText(value);
    case 'time':
      return timeText(value);
    case 'json': {
      const text = jsonText(value);
      return text === undefined
        ? problem('must hold nothing but text, exact numbers, true, false, null, lists and maps')
        : { kind: 'text', text, held: 'json' };
    }
    case 'text':
      if (typeof value !== 'string') return problem('must be text');
      if (!value.isWellFormed()) return problem('must be well-formed Unicode');
      return { kind: 'text', text: form.trim === true ? value.trim() : value, held: 'text' };
    case undefined:
      return problem('must be text, a number, true or false, a time, a list or a map');
  }
}

/** The value that stands for a text, in the form in which the document holds the field so far. */
export function valueOf(text: string, form: FieldForm = {}, held?: HeldAs): ValueReading {
  if (form.values !== undefined) {
    const [value] = form.values.get(text) ?? [];
    const words = [...form.values.keys()].map((word) => JSON.stringify(word)).join(', ');
    return value === undefined ? problem(`must be one of ${words}`) : { kind: 'value', value };
  }
  switch (form.type ?? (held === undefined ? 'text' : typeHeldAs(held))) {
    case 'number': {
      const number = numberIn(text);
      if (number === undefined) return problem('must be a number');
      return { kind: 'value', value: held === 'text' ? String(number) : number };
    }
    case 'boolean': {
      const word = text.trim().toLowerCase();
      if (word !== 'true' && word !== 'false') return problem('must be true or false');
      return { kind: 'value', value: held === 'text' ? word : word === 'true' };
    }
    case 'time': {
      const time = readTimeForm(text);
      const value = time && timeAs(time.ms, held);
      // A number of seconds from the first years of Unix would be read as one of milliseconds.
      const isSame = time !== undefined && Math.abs((readTimeForm(value)?.ms ?? Infinity) - time.ms) < 1000;
      return isSame ? { kind: 'value', value } : problem(timeWords);
    }
    case 'json': {
      const json = jsonValue(text);
      const isPlain = json !== undefined && (typeof json.value !== 'object' || json.value === null);
      if (json === undefined || (isPlain && form.type === undefined)) return problem('must be JSON');
      return { kind: 'value', value: json.value };
    }
    case 'text':
      return { kind: 'value', value: text };
  }
}

/** What a text is read as once it is written: the same, unless several texts stand for one value. */
export function asRead(text: string, form?: FieldForm, held?: HeldAs): TextReading {
  const written = valueOf(text, form, held);
  return written.kind === 'problem' ? written : textOf(written.value, form);
}

const timeWords =
  'must be a timestamp, a number of milliseconds or seconds, or text such as 2024-01-02T03:04:05Z with a time zone';

/** What a time must be. */
export const mustBeTime = timeWords;

function kindOf(value: unknown): FieldType | undefined {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (value instanceof Date || isTimestamp(value)) return 'time';
  return Array.isArray(value) || isFieldMap(value) ? 'json' : undefined;
}

function typeHeldAs(held: HeldAs): FieldType {
  if (held === 'text' || held === 'number' || held === 'boolean' || held === 'json') return held;
  return 'time';
}

function wordOf(value: unknown, values: NonNullable<FieldForm['values']>): TextReading {
  const plain = typeof value === 'string' ? value.trim() : value;
  for (const [text, scalars] of values) {
    if (scalars.some((scalar) => scalar === plain)) return { kind: 'text', text, held: 'text' };
  }
  return problem('must be one of the values that PORTAL_MAPPING gives for it');
}

function numberText(value: unknown): TextReading {
  const number = typeof value === 'string' ? numberIn(value) : value;
  if (typeof number !== 'number' || !isExact(number)) return problem('must be a number that is exact');
  return { kind: 'text', text: String(number), held: typeof value === 'string' ? 'text' : 'number' };
}

function numberIn(text: string): number | undefined {
  if (!/^[+-]?\d{1,400}(?:\.\d{1,400})?(?:e[+-]?\d{1,3})?$/iu.test(text.trim())) return undefined;
  const number = Number(text);
  return isExact(number) ? number : undefined;
}

function booleanText(value: unknown): TextReading {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === true || word === 'true') return { kind: 'text', text: 'true', held: heldAs(value) };
  if (word === false || word === 'false') return { kind: 'text', text: 'false', held: heldAs(value) };
  return problem('must be true or false');
}

function heldAs(value: unknown): HeldAs {
  return typeof value === 'string' ? 'text' : 'boolean';
}

function timeText(value: unknown): TextReading {
  const time = readTimeForm(value);
  if (time === undefined) return problem(timeWords);
  return { kind: 'text', text: new Date(time.ms).toISOString(), held: time.held };
}

function problem(what: string): { readonly kind: 'problem'; readonly what: string } {
  return { kind: 'problem', what };
}
