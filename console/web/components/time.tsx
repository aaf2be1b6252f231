import { useNow } from './clock.ts';

/** A moment, as long ago as it is; the exact time on hover and for machines. `at`: ms since the epoch. */
export function Time({ at }: { readonly at: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}

const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

export function exactTime(at: number): string {
  return exact.format(at);
}

/** `12 s ago`, `in 4 min`, after a week the date. Both in ms since the epoch. */
export function relativeTime(at: number, now: number): string {
  const ms = Math.abs(now - at);
  if (ms > 7 * 86_400_000) return day.format(at);
  // The clock of the page, and that of the server, may be a little behind.
  if (ms < 1000 || (at > now && ms < 15_000)) return 'now';
  const words = duration(ms);
  return at > now ? `in ${words}` : `${words} ago`;
}

/** `8 s`, `3 min`, `5 h`, `2 days`: one unit, rounded down. `ms`: not negative. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${String(Math.max(seconds, ms > 0 ? 1 : 0))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${String(hours)} h`;
  return `${String(Math.floor(hours / 24))} days`;
}

const numbers = new Intl.NumberFormat('en-US');

/** `12,345`. */
export function number(value: number): string {
  return numbers.format(value);
}

/** Words of the server as they begin a line: with a capital letter. */
export function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** `1 person`, `12 people`. */
export function counted(value: number, one: string, many: string): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}
