import type { Allowance } from './services.ts';

const second = 1000;

/**
 * Pub/Sub waits at most 600 s for an answer. Half of that is plenty, because going on in another invocation costs
 * little.
 */
export const fanOutAllowance: Allowance = {
  workMs: 300 * second,
  timing: { leaseMs: 120 * second, callMs: 60 * second, leaseWaitMs: 125 * second, failureWaitMs: 125 * second },
};

/** When the time is up, the people who are being worked on can still be finished within Pub/Sub's 600 s. */
export const batchAllowance: Allowance = {
  workMs: 400 * second,
  timing: { leaseMs: 120 * second, callMs: 60 * second, leaseWaitMs: 125 * second, failureWaitMs: 125 * second },
};

/**
 * Eventarc's own subscriptions wait ten seconds. If the person's lease is taken for that long, the event comes again.
 */
export const pushAllowance: Allowance = {
  workMs: 8 * second,
  timing: { leaseMs: 30 * second, callMs: 7 * second, leaseWaitMs: 0, failureWaitMs: 3 * second },
};

/**
 * Pub/Sub waits 600 s. Entries that come together wait in turn for the call budget; what takes longer than this is better
 * delivered again.
 */
export const pullAllowance: Allowance = {
  workMs: 120 * second,
  timing: { leaseMs: 120 * second, callMs: 60 * second, leaseWaitMs: 45 * second, failureWaitMs: 45 * second },
};

/** For one call to Apigee, by the same reasoning. `totalTimeoutMs` includes retries and the waits between them. */
export const batchCalls = { timeoutMs: 25 * second, totalTimeoutMs: 55 * second, maxConcurrent: 16 };
/** Operators wait for what they ask for, as whoever edits on the portal does. */
export const operatorCalls = { ...batchCalls, lane: 'edits' } as const;
export const pushCalls = {
  timeoutMs: 5 * second,
  totalTimeoutMs: 6 * second,
  maxConcurrent: 10,
  lane: 'edits',
} as const;
export const pullCalls = {
  timeoutMs: 20 * second,
  totalTimeoutMs: 55 * second,
  maxConcurrent: 16,
  lane: 'edits',
} as const;
