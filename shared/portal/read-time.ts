const latest = 8.64e15;
const longestText = 64;

/** A date, a time of day and a zone: without a zone, the moment would depend on the machine that reads it. */
const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$/u;

/**
 * More than the farthest zone from UTC that `iso` allows, in ms: by so much a text that sorts later can be an earlier
 * moment.
 */
export const widestZone = 15 * 3_600_000;

/** Reads a time from a portal's field, in ms since the epoch: a timestamp, a Date, a number of ms, or ISO 8601 text. */
export function readTime(value: unknown): number | undefined {
  const ms = milliseconds(value);
  return ms !== undefined && Math.abs(ms) <= latest ? ms : undefined;
}

function milliseconds(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return textTime(value);
  if (value instanceof Date) return value.getTime();
  return isTimestamp(value) ? value.toMillis() : undefined;
}

/**
 * Recognises Firestore's Timestamp by its method, so that no client library is needed here. A document's data has no
 * methods.
 */
function isTimestamp(value: unknown): value is { toMillis(): number } {
  return typeof value === 'object' && value !== null && 'toMillis' in value && typeof value.toMillis === 'function';
}

function textTime(text: string): number | undefined {
  if (text.length > longestText || !iso.test(text)) return undefined;
  return Date.parse(text.replace(',', '.').replace(/([+-]\d{2})(\d{2})$/u, '$1:$2'));
}
