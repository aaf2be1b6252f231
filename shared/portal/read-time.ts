import type { HeldAs } from '../core/model/held.ts';
import { isFieldMap } from './field-path.ts';

const latest = 8.64e15;
const longestText = 96;

/** A date, a time of day and a zone: without a zone, the moment would depend on the machine that reads it. */
const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$/u;

/** What Firebase Authentication and `Date.toUTCString` write. */
const http = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/u;

/** What `Date.toString` writes. */
const spoken = /^[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{4} \d{2}:\d{2}:\d{2} GMT[+-]\d{4}(?: \([\p{L} .+:\d-]*\))?$/u;

/** Between these, a number is a time in seconds: as milliseconds it would lie in the first years of Unix. */
const seconds = { from: 1e8, to: 1e11 };

/**
 * More than the farthest zone from UTC that `iso` allows, in ms: by so much a text that sorts later can be an earlier
 * moment.
 */
export const widestZone = 15 * 3_600_000;

/** A moment in ms since the epoch, and the form in which it was written. */
export interface ReadTime {
  readonly ms: number;
  readonly held: HeldAs;
}

/**
 * Reads a time from a portal's field, in ms since the epoch. Firestore, Firebase Authentication and JavaScript write it as a
 * timestamp, a Date, a number or digits of ms or seconds, text of ISO 8601, of HTTP or of `Date.toString`, or as a timestamp
 * that became a map on its way through JSON.
 */
export function readTime(value: unknown): number | undefined {
  return readTimeForm(value)?.ms;
}

export function readTimeForm(value: unknown): ReadTime | undefined {
  const found = formOf(value);
  return found !== undefined && Math.abs(found.ms) <= latest ? found : undefined;
}

function formOf(value: unknown): ReadTime | undefined {
  if (typeof value === 'number') return ofNumber(value);
  if (typeof value === 'string') return ofText(value.trim());
  if (value instanceof Date) return { ms: value.getTime(), held: 'timestamp' };
  if (isTimestamp(value)) return { ms: value.toMillis(), held: 'timestamp' };
  return isFieldMap(value) ? ofMap(value) : undefined;
}

/**
 * Recognises Firestore's Timestamp by its method, so that no client library is needed here. A document's data has no
 * methods.
 */
export function isTimestamp(value: unknown): value is { toMillis(): number } {
  return typeof value === 'object' && value !== null && 'toMillis' in value && typeof value.toMillis === 'function';
}

function ofNumber(value: number): ReadTime {
  return value >= seconds.from && value < seconds.to
    ? { ms: value * 1000, held: 'seconds' }
    : { ms: value, held: 'milliseconds' };
}

function ofText(text: string): ReadTime | undefined {
  if (text.length > longestText) return undefined;
  if (iso.test(text)) {
    const ms = Date.parse(text.replace(',', '.').replace(/([+-]\d{2})(\d{2})$/u, '$1:$2'));
    return Number.isNaN(ms) ? undefined : { ms, held: 'iso-text' };
  }
  if (http.test(text) || spoken.test(text)) {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? undefined : { ms, held: http.test(text) ? 'http-text' : 'iso-text' };
  }
  if (!/^\d{9,14}$/u.test(text)) return undefined;
  const { ms, held } = ofNumber(Number(text));
  return { ms, held: held === 'seconds' ? 'seconds-text' : 'milliseconds-text' };
}

function ofMap(map: Readonly<Record<string, unknown>>): ReadTime | undefined {
  if (Object.keys(map).length !== 2) return undefined;
  const plain = momentOf(map['seconds'], map['nanoseconds']);
  if (plain !== undefined) return { ms: plain, held: 'seconds-map' };
  const underscored = momentOf(map['_seconds'], map['_nanoseconds']);
  return underscored === undefined ? undefined : { ms: underscored, held: 'underscored-map' };
}

function momentOf(whole: unknown, nanoseconds: unknown): number | undefined {
  if (typeof whole !== 'number' || typeof nanoseconds !== 'number') return undefined;
  return whole * 1000 + Math.floor(nanoseconds / 1e6);
}

/** A moment in the form in which the document holds it; as a timestamp where it holds none yet. */
export function timeAs(ms: number, held: HeldAs | undefined): unknown {
  switch (held) {
    case 'milliseconds':
      return ms;
    case 'seconds':
      return ms / 1000;
    case 'milliseconds-text':
      return String(ms);
    case 'seconds-text':
      return String(Math.floor(ms / 1000));
    case 'text':
    case 'iso-text':
      return new Date(ms).toISOString();
    case 'http-text':
      return new Date(ms).toUTCString();
    case 'seconds-map':
      return { seconds: Math.floor(ms / 1000), nanoseconds: (ms - Math.floor(ms / 1000) * 1000) * 1e6 };
    case 'underscored-map':
      return { _seconds: Math.floor(ms / 1000), _nanoseconds: (ms - Math.floor(ms / 1000) * 1000) * 1e6 };
    case 'timestamp':
    case 'number':
    case 'boolean':
    case 'json':
    case undefined:
      return new Date(ms);
  }
}
