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
   * For all tries together, with the waits between them and for the call budget: whoever calls under a lease counts on
   * nothing being sent after it (rule 21).
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
  /** Runs a task when the call budget lets it; a repetition goes first. Undefined: it did not within `leaseWaitMs`. */
  readonly gate: <R>(task: () => Promise<R>, repetition: boolean, leaseWaitMs: number) => Promise<R | undefined>;
  /** Asked after each failure, before waiting. A renewed token is the same try, and not asked for. */
  readonly mayTryAgain: () => boolean;
  /** What a call is whose first turn does not come while there is time. */
  readonly tooLate: () => Extract<Tried<never>, { readonly kind: 'failed' }>;
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
/** A PUT puts the whole developer as read just before: repeated later than this, it may undo somebody's edit (rule 13). */
const longestOverwriteMs = 10_000;

/**
 * Tries until it is done, pointless or too late, and answers with the last failure. Once any try of a write may have
 * taken effect, a failure in the end is ambiguous, whatever the last try says. gaxios' own retries cannot do this: they
 * know neither the effect, nor the budget, nor answers that do not parse.
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

    // A renewed token is the same try again, at once.
    if (tried.trouble !== 'stale-token') {
      tries += 1;
      const delay = retryDelay(tries, tried.retryAfterMs, clock.random());
      if (tries >= mostTries || !mayTryAgain() || clock.now() + delay >= lastRepetition) return failure;
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
