const latest = 8.64e15;
const longestText = 64;

/** A date and a time of day with its zone: without one the moment would depend on the machine. */
const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$/u;

/** The farthest from UTC that `iso` lets a zone be, in ms; later text can name an earlier moment by this much. */
export const widestZone = 15 * 3_600_000;

/** The moment in ms since the epoch that a portal's field names: timestamp, Date, number of ms, or ISO 8601 text. */
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

/** By shape, so that the mapping needs no client library. A document's own data holds no functions. */
function isTimestamp(value: unknown): value is { toMillis(): number } {
  return typeof value === 'object' && value !== null && 'toMillis' in value && typeof value.toMillis === 'function';
}

function textTime(text: string): number | undefined {
  if (text.length > longestText || !iso.test(text)) return undefined;
  return Date.parse(text.replace(',', '.').replace(/([+-]\d{2})(\d{2})$/u, '$1:$2'));
}
