/** `12,345`. */
export function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 person`, `2 people`. */
export function counted(value: number, one: string, many: string): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** A length of time: `850 ms`, `12 s`, `3 min 5 s`, `2 h 10 min`, `4 days`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (ms < 1000) return `${String(Math.max(0, Math.round(ms)))} ms`;
  if (minutes === 0) return `${String(seconds)} s`;
  if (hours === 0) return `${String(minutes)} min ${String(seconds % 60)} s`;
  if (hours < 48) return `${String(hours)} h ${String(minutes % 60)} min`;
  return `${String(Math.floor(hours / 24))} days`;
}

/** `5 min 3 s ago`. Both in ms since the epoch. */
export function ago(ms: number, now: number): string {
  return `${duration(Math.max(0, now - ms))} ago`;
}

/** ISO 8601, without fractions of a second. */
export function timeWords(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
