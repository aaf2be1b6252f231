import type { Settings } from './settings.ts';

type Quota = NonNullable<Settings['quota']>;

/** A token bucket that starts full. */
export class QuotaBucket {
  readonly #quota: Quota;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  constructor(quota: Quota, now: () => number) {
    this.#quota = quota;
    this.#now = now;
    this.#tokens = quota.burst ?? quota.perMinute;
    this.#filledAt = now();
  }

  /** Takes one call from the bucket. Where none is left, answers in how many seconds there will be one. */
  take(): { readonly ok: true } | { readonly ok: false; readonly waitSeconds: number } {
    const { perMinute, burst = perMinute } = this.#quota;
    const now = this.#now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) * perMinute) / 60_000);
    this.#filledAt = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return { ok: true };
    }
    return { ok: false, waitSeconds: ((1 - this.#tokens) * 60) / perMinute };
  }
}
