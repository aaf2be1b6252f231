import type { Config } from '../config/config.ts';

type Budget = Pick<Config['apigee'], 'callsPerMinute' | 'batchesAtOnce'>;

const callsForOne = 3;
const mostAtOnce = 16;
/** So many instances work on a run, or more: with more of them each has fewer calls, and calls that wait too long are made again. */
const usualInstances = 4;

/**
 * How many people of one batch are worked on at the same time. All their calls pass the call budget within 20 s, so that
 * no lease runs out while a call waits for its turn.
 */
export function peopleAtOnce({ callsPerMinute, batchesAtOnce }: Budget): number {
  const callsInTime = callsPerMinute / usualInstances / 3;
  return Math.min(mostAtOnce, Math.max(1, Math.floor(callsInTime / callsForOne / batchesAtOnce)));
}
