import type { Config } from '../config/config.ts';

type Budget = Pick<Config['apigee'], 'callsPerMinute' | 'budgetShares' | 'batchesAtOnce'>;

const callsForOne = 3;
const mostAtOnce = 16;

/**
 * How many people of one batch are worked on at the same time. All their calls pass the call budget within 20 s, so that
 * no lease runs out while a call waits for its turn.
 */
export function peopleAtOnce({ callsPerMinute, budgetShares, batchesAtOnce }: Budget): number {
  const callsInTime = callsPerMinute / budgetShares / 3;
  return Math.min(mostAtOnce, Math.max(1, Math.floor(callsInTime / callsForOne / batchesAtOnce)));
}
