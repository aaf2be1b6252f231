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
   * For all tries together, with the waits between them and for the call budget. Nothing is sent after this time, so that a
   * caller with a lease can make sure to send nothing after the lease (rule 21).
   */
  readonly totalTimeoutMs: number;
}

/** How one try ended. `retryAfterMs`: how long to wait before the next try, if Apigee said so (Retry-After). */
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
  /** `CallBudget.run`. */
  readonly gate: <R>(task: () => Promise<R>, repetition: boolean, waitMs: number) => Promise<R | undefined>;
  /**
   * Asked after each failed try, before the wait for the next one; not asked where only the token has to be renewed.
   */
  readonly mayTryAgain: () => boolean;
  /** The result of a call whose first try did not get its turn in time. */
  readonly tooLate: () => Extract<Tried<never>, { readonly kind: 'failed' }>;
}

interface Rule {
  /** Whether to try again. Only a repeated `create` may end otherwise than the first: `conflict` with itself. */
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
  final: { create: false, others: false, effectUnknown: false },
};

const mostTries = 5;
const firstDelayMs = 500;
const longestDelayMs = 16_000;
const longestRetryAfterMs = 60_000;
/**
 * A PUT replaces the whole developer. Repeated later than this, it could undo an edit that somebody made meanwhile
 * (rule 13).
 */
const longestOverwriteMs = 10_000;

/**
 * Repeats a call until it succeeds, or until another try would be pointless or too late; then answers the last failure. If
 * any try of a write may have taken effect, that failure is ambiguous, whatever the last try says. The retries of gaxios
 * cannot do this: they know neither effects, nor the call budget, nor answers that do not parse.
 */
export async function withRetries<T>(
  { operation, policy, clock, gate, mayTryAgain, tooLate }: Retrying,
  attempt: (timeoutMs: number) => Promise<Tried<T>>,
): Promise<Answer<T>> {
  const started = clock.now();
  const deadline = started + policy.totalTimeoutMs;
  const lastRepetition = operation === 'update' ? Math.min(deadline, started + longestOverwriteMs) : deadline;
  let previous: Tried<T> | undefined;
  let effectUnknown = false;
  let tries = 0;
  for (;;) {
    const left = (): number => deadline - clock.now();
    const tried =
      (await gate(
        async () => (left() <= 0 ? undefined : attempt(Math.min(policy.timeoutMs, left()))),
        previous !== undefined,
        Math.max(0, left()),
      )) ??
      previous ??
      tooLate();
    if (tried.kind === 'done') return { ok: true, value: tried.value };

    const rule = rules[tried.trouble];
    effectUnknown ||= rule.effectUnknown && isWrite(operation);
    const failure: Answer<T> = { ok: false, error: { ...tried.error, ambiguous: effectUnknown } };
    if (tried === previous || !(operation === 'create' ? rule.create : rule.others)) return failure;

    // With a renewed token the try is made again at once, and does not count.
    if (tried.trouble !== 'stale-token') {
      tries += 1;
      const delay = retryDelay(tries, tried.retryAfterMs, clock.random());
      if (tries >= mostTries || !mayTryAgain() || clock.now() + delay >= lastRepetition) return failure;
      await clock.sleep(delay);
    }
    previous = tried;
  }
}

/**
 * How long to wait, ms: what Apigee asked for, plus exponential backoff with full jitter. `random`: at least 0, less
 * than 1.
 */
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
