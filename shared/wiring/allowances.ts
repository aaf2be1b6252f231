import type { Allowance } from './services.ts';

const second = 1000;

/** Pub/Sub waits 600 s for an answer at most, and a continuation costs little: half of it is plenty. */
export const fanOutAllowance: Allowance = {
  workMs: 300 * second,
  timing: { leaseMs: 120 * second, callMs: 60 * second, leaseWaitMs: 125 * second },
};

/** Leaves the people being worked on when the time is up enough to finish within Pub/Sub's 600 s. */
export const batchAllowance: Allowance = {
  workMs: 400 * second,
  timing: { leaseMs: 120 * second, callMs: 60 * second, leaseWaitMs: 125 * second },
};

/** Eventarc's own subscriptions wait ten seconds; a person who is busy that long is delivered again. */
export const pushAllowance: Allowance = {
  workMs: 8 * second,
  timing: { leaseMs: 30 * second, callMs: 7 * second, leaseWaitMs: 3 * second },
};

/** Per call to Apigee, by the same reasoning: `total` includes retries and the waits between them. */
export const batchCalls = { timeoutMs: 25 * second, totalTimeoutMs: 55 * second, maxConcurrent: 16 };
export const pushCalls = { timeoutMs: 5 * second, totalTimeoutMs: 6 * second, maxConcurrent: 10 };
