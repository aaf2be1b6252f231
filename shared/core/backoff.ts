const minute = 60_000;
const longest = 6 * 60 * minute;

/** When to try a person again after the n-th transient failure in a row, ms from now. Never gives up (rule 7). */
export function backoff(attempts: number): number {
  return Math.min(longest, minute * 2 ** Math.min(attempts - 1, 20));
}
