import type { Config } from '../config/config.ts';

type Budget = Pick<Config['apigee'], 'callsPerMinute' | 'budgetShares'>;

/** Batches that an instance works on at the same time: what Terraform sets as concurrency. */
const batchesAtOnce = 4;
const callsForOne = 3;
const mostAtOnce = 16;

/**
 * Of one batch. All who are begun get their calls through the call budget within 20 s, so that nobody's lease runs out
 * while they wait for it.
 */
export function peopleAtOnce({ callsPerMinute, budgetShares }: Budget): number {
  const callsInTime = callsPerMinute / budgetShares / 3;
  return Math.min(mostAtOnce, Math.max(1, Math.floor(callsInTime / callsForOne / batchesAtOnce)));
}
