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
  /** Whether the client tries a read, a create, a status call or a deletion again. An update it never does. */
  readonly read: boolean;
  readonly create: boolean;
  readonly statusOrDelete: boolean;
  /** Whether a write may have taken effect. */
  readonly effectUnknown: boolean;
  /** Whether a write may take effect later. */
  readonly onItsWay: boolean;
}

/**
 * What is tried again, after which trouble, and why:
 * - A read changes nothing.
 * - A create, a status call and a deletion only where they surely were not made. A second create would be refused for the
 *   first one. A status set twice undoes what an administrator has set in between (rules 14, 28), and a deletion made twice
 *   takes a developer along who was created anew in between. Neither is repeated after a `clash`: somebody else has just
 *   written this developer.
 * - An update never, whatever the trouble, a renewed token included: it puts the whole developer as read before, and so
 *   undoes every edit made since (rules 11, 13).
 * A write that is not tried again goes back to the caller, who reads the developer and decides again.
 */
const rules: Readonly<Record<Trouble, Rule>> = {
  unsent: { read: true, create: true, statusOrDelete: true, effectUnknown: false, onItsWay: false },
  'turned-away': { read: true, create: true, statusOrDelete: true, effectUnknown: false, onItsWay: false },
  lost: { read: true, create: false, statusOrDelete: false, effectUnknown: true, onItsWay: true },
  broken: { read: true, create: false, statusOrDelete: false, effectUnknown: true, onItsWay: false },
  clash: { read: true, create: false, statusOrDelete: false, effectUnknown: false, onItsWay: false },
  'stale-token': { read: true, create: true, statusOrDelete: true, effectUnknown: false, onItsWay: false },
  strange: { read: false, create: false, statusOrDelete: false, effectUnknown: true, onItsWay: true },
  final: { read: false, create: false, statusOrDelete: false, effectUnknown: false, onItsWay: false },
};

const mostTries = 5;
const firstDelayMs = 500;
const longestDelayMs = 16_000;
const longestRetryAfterMs = 60_000;
/** A status call or a deletion rests on a read made just before: later than this, it goes back to the caller, too. */
const longestRepetitionMs = 10_000;

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
  const restsOnRead = operation === 'status' || operation === 'delete';
  const lastRepetition = restsOnRead ? Math.min(deadline, started + longestRepetitionMs) : deadline;
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

    effectUnknown ||= rules[tried.trouble].effectUnknown && isWrite(operation);
    const failure: Answer<T> = { ok: false, error: { ...tried.error, ambiguous: effectUnknown } };
    if (tried === previous) return failure;
    if (!isRepeated(operation, rules[tried.trouble])) return backToCaller(failure.error, tried, mayTryAgain, clock);

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

function isRepeated(operation: Operation, rule: Rule): boolean {
  switch (operation) {
    case 'list':
    case 'get':
      return rule.read;
    case 'create':
      return rule.create;
    case 'status':
    case 'delete':
      return rule.statusOrDelete;
    case 'update':
      return false;
  }
}

/**
 * A failure after which the client does not try again. Where that is a write which is not on its way any more, and a read
 * would be tried again, the caller may look how the developer is now, and decide anew.
 */
function backToCaller(
  error: ApigeeError,
  { trouble, retryAfterMs }: Extract<Tried<never>, { readonly kind: 'failed' }>,
  mayTryAgain: () => boolean,
  clock: Clock,
): Answer<never> {
  const { read, onItsWay } = rules[trouble];
  // The token has been renewed: access was not refused to anybody.
  const kind = trouble === 'stale-token' ? 'unavailable' : error.kind;
  if (!read || onItsWay || !isWrite(error.operation) || !mayTryAgain()) return { ok: false, error: { ...error, kind } };
  const lookAgainAfterMs = retryDelay(1, retryAfterMs, clock.random());
  return { ok: false, error: { ...error, kind, lookAgainAfterMs } };
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
