import type { CallLedger } from '../../../shared/state/call-ledger.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';
import type { Plan } from './plan.ts';
import { random, type Random } from './random.ts';

/** The one budget of calls to Apigee, and what of it was used. */
export interface Quota {
  readonly callsPerMinute: number;
  readonly ledger: CallLedger;
  /** Draws what has to do with the budget only, so that a history without one is what it was. */
  readonly random: Random;
  /** When calls reached Apigee, by its own clock, the last of them last. */
  readonly arrived: number[];
  /** Processes so far that work for people whom the history is not about. */
  others: number;
  /** How many of them are at work. */
  working: number;
}

export function newQuota(callsPerMinute: number, schedule: number, storeNow: () => number): Quota {
  const ledger = createOwnLedger(callsPerMinute, storeNow);
  return { callsPerMinute, ledger, random: random(schedule ^ 0xb0d6e7), arrived: [], others: 0, working: 0 };
}

/** A third of all histories has a quota. It is drawn apart: the others are as they were without. */
export function withSomeBudget(plan: Plan): Plan {
  return random(plan.seed ^ 0xb0d6e7).chance(1 / 3) ? withBudget(plan) : plan;
}

/** The same history where Apigee has a quota: most often the smallest that may be set, as few people make few calls. */
export function withBudget(plan: Plan): Plan {
  const draw = random(~plan.seed ^ 0xb0d6e7);
  const callsPerMinute = draw.chance(0.8) ? draw.int(60, 80) : draw.int(81, 300);
  return { ...plan, settings: { ...plan.settings, callsPerMinute } };
}
