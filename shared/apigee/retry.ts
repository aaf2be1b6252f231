import type { Answer, ApigeeError, Operation } from './developers.ts';
import type { Trouble } from './errors.ts';

export interface Clock {
  /** Ms since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
}

export interface RetryPolicy {
  /** For one try, from sending to the last byte of the answer. */
  readonly timeoutMs: number;
  /**
   * For all tries together with the waits between them, from the moment the first one was let through: waiting for the
   * call budget before that is our own back-pressure, no fault of Apigee's, and not counted.
   */
  readonly totalTimeoutMs: number;
}

/** One try's result. `retryAfterMs`: how long Apigee asked to be left alone. */
export type Tried<T> =
  | { readonly kind: 'done'; readonly value: T }
  | {
      readonly kind: 'failed';
      readonly error: Omit<ApigeeError, 'ambiguous'>;
      readonly trouble: Trouble;
      readonly retryAfterMs: number | undefined;
    };

export interface Retrying {
  readonly operation: Operation;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  /** Runs a task when the call budget lets it; a repetition goes first, the clock is running for it. */
  readonly gate: <R>(task: () => Promise<R>, repetition: boolean) => Promise<R>;
  /** Asked after each failure, before waiting. A renewed token is the same try, and not asked for. */
  readonly mayTryAgain: () => boolean;
}

interface Rule {
  /** Whether to try again; `create` is the one operation that is not the same twice. */
  readonly create: boolean;
  readonly others: boolean;
  /** Whether a write may have taken effect. */
  readonly effectUnknown: boolean;
}

const rules: Readonly<Record<Trouble, Rule>> = {
  unsent: { create: true, others: true, effectUnknown: false },
  'turned-away': { create: true, others: true, effectUnknown: false },
  lost: { create: false, others: true, effectUnknown: true },
  clash: { create: false, others: true, effectUnknown: false },
  'stale-token': { create: true, others: true, effectUnknown: false },
  strange: { create: false, others: false, effectUnknown: true },
  settled: { create: false, others: false, effectUnknown: false },
};

const mostTries = 5;
const firstDelayMs = 500;
const longestDelayMs = 16_000;
const longestRetryAfterMs = 60_000;

/**
 * Tries until it is done, pointless or too late, and answers with the last failure. Once any try of a write may have
 * taken effect, a failure in the end is ambiguous, whatever the last try says. gaxios' own retries cannot do this: they
 * know neither the effect, nor the budget, nor answers that do not parse.
 */
export async function withRetries<T>(
  { operation, policy, clock, gate, mayTryAgain }: Retrying,
  attempt: (timeoutMs: number) => Promise<Tried<T>>,
): Promise<Answer<T>> {
  let deadline: number | undefined;
  let previous: Tried<T> | undefined;
  let effectUnknown = false;
  let tries = 0;
  for (;;) {
    const tried = await gate(async () => {
      deadline ??= clock.now() + policy.totalTimeoutMs;
      const left = deadline - clock.now();
      return previous !== undefined && left <= 0 ? previous : attempt(Math.min(policy.timeoutMs, left));
    }, previous !== undefined);
    if (tried.kind === 'done') return { ok: true, value: tried.value };

    const rule = rules[tried.trouble];
    effectUnknown ||= rule.effectUnknown && isWrite(operation);
    const failure: Answer<T> = { ok: false, error: { ...tried.error, ambiguous: effectUnknown } };
    if (tried === previous || !(operation === 'create' ? rule.create : rule.others)) return failure;

    // A renewed token is the same try again, at once.
    if (tried.trouble !== 'stale-token') {
      tries += 1;
      const delay = retryDelay(tries, tried.retryAfterMs, clock.random());
      if (tries >= mostTries || !mayTryAgain() || clock.now() + delay >= (deadline ?? 0)) return failure;
      await clock.sleep(delay);
    }
    previous = tried;
  }
}

/** Exponential with full jitter, on top of what Apigee asked for. `random`: at least 0, less than 1. */
export function retryDelay(tries: number, retryAfterMs: number | undefined, random: number): number {
  const jitter = random * Math.min(longestDelayMs, firstDelayMs * 2 ** (tries - 1));
  return Math.min(retryAfterMs ?? 0, longestRetryAfterMs) + jitter;
}

/** A Retry-After header, seconds or an HTTP date, in ms from `now`. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function isWrite(operation: Operation): boolean {
  return operation !== 'list' && operation !== 'get';
}
