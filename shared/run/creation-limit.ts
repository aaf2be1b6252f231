import type { Runs } from '../state/runs.ts';
import type { CreationLimit } from '../sync/deps.ts';

/** What one batch of a run may create. Whatever it has taken and not used is given back at its `end`. */
export interface BatchCreations extends CreationLimit {
  end(): Promise<void>;
}

/**
 * Rule 32: a run creates at most `limit` people, however many batches create at once. A batch takes its share from the store
 * in portions, small beside the limit, so that the share of none keeps another one waiting for long.
 */
export function newBatchCreations(
  runs: Pick<Runs, 'takeCreations' | 'giveBackCreations'>,
  runId: string,
  limit: number,
): BatchCreations {
  const portion = Math.max(1, Math.min(50, Math.floor(limit / 100)));
  let left = 0;
  let isOver = false;
  let taking: Promise<void> | undefined;
  const takeMore = async (): Promise<void> => {
    const taken = await runs.takeCreations(runId, portion, limit);
    left += taken;
    isOver = taken === 0;
  };
  return {
    isUsedUp: () => isOver && left === 0,
    async take() {
      for (;;) {
        if (left > 0) {
          left -= 1;
          return true;
        }
        if (isOver) return false;
        taking ??= takeMore().finally(() => {
          taking = undefined;
        });
        await taking;
      }
    },
    giveBack() {
      left += 1;
    },
    async end() {
      const unused = left;
      left = 0;
      if (unused > 0) await runs.giveBackCreations(runId, unused);
    },
  };
}
