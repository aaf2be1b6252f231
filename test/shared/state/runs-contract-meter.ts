import { describe, expect, test } from 'vitest';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Runs } from '../../../shared/state/runs.ts';
import type { OpenRuns } from './runs-contract.ts';
import { listed, newBatch, newResult, newRun } from './samples.ts';

const first = { runId: 'run', phase: 'apigee', seq: 0 } as const;
const second = { ...first, seq: 1 } as const;

/** As `reconcile-batch` does: the batch is completed on condition that it is as it was read. */
async function completeAsRead(runs: Runs): Promise<void> {
  const batch = await runs.getBatch(second);
  if (batch !== undefined) await runs.completeBatch(batch, newResult([]));
}

/** In this order on one store: what each call costs, reads and writes. */
const calls: readonly (readonly [
  name: string,
  cost: readonly [reads: number, writes: number],
  call: (runs: Runs) => Promise<unknown>,
])[] = [
  ['create a run', [0, 1], async (runs) => runs.create(newRun('run'))],
  ['create it again', [0, 1], async (runs) => runs.create(newRun('run'))],
  ['get a run', [1, 0], async (runs) => runs.get('run')],
  ['get no run', [1, 0], async (runs) => runs.get('nothing')],
  ['update a run', [1, 1], async (runs) => runs.update('run', (run) => ({ run, result: 0 }))],
  ['look at a run', [1, 0], async (runs) => runs.update('run', () => ({ result: 0 }))],
  ['recent runs', [1, 0], async (runs) => runs.recent(5)],
  ['queued runs', [1, 0], async (runs) => runs.queued(5)],
  ['held runs', [1, 0], async (runs) => runs.held(5)],
  ['create a batch', [0, 1], async (runs) => runs.createBatch(newBatch('run', 'apigee', 0))],
  ['create another', [0, 1], async (runs) => runs.createBatch(newBatch('run', 'apigee', 1))],
  ['unfinished batches', [2, 0], async (runs) => runs.unfinished('run', 'apigee')],
  ['complete a batch', [1, 1], async (runs) => runs.completeBatch(first, newResult([]))],
  ['complete it again', [1, 0], async (runs) => runs.completeBatch(first, newResult([]))],
  ['count batches', [1, 0], async (runs) => runs.countDone('run', 'apigee')],
  ['last progress', [1, 0], async (runs) => runs.lastProgress('run')],
  ['all batches, one query per phase', [5, 0], async (runs) => listed(runs.batches('run'))],
  ['control', [1, 0], async (runs) => runs.control()],
  ['update control', [1, 1], async (runs) => runs.updateControl((control) => ({ control, result: 0 }))],
  ['reject', [0, 1], async (runs) => runs.reject({ id: '1', source: 's', reason: 'r', at: 1 })],
  ['rejections', [1, 0], async (runs) => runs.rejections(5)],
  ['spend', [2, 1], async (runs) => runs.spendDestructive(1000, 1)],
  ['spend too much', [2, 0], async (runs) => runs.spendDestructive(1000, 1)],
  ['take creations', [1, 1], async (runs) => runs.takeCreations('run', 3, 2)],
  ['take too many', [1, 0], async (runs) => runs.takeCreations('run', 1, 2)],
  ['give creations back', [1, 1], async (runs) => runs.giveBackCreations('run', 1)],
  ['complete a batch that was read', [1, 1], async (runs) => completeAsRead(runs)],
  ['rewrite a batch', [1, 1], async (runs) => runs.rewriteBatch(second, (batch) => batch)],
  ['leave a batch as it is', [1, 0], async (runs) => runs.rewriteBatch(second, () => undefined)],
  ['set people apart', [0, 1], async (runs) => runs.setApart('run', [])],
  ['people apart', [1, 0], async (runs) => runs.apart('run')],
];

export function runsMeterContract(open: OpenRuns): void {
  describe('traffic', () => {
    test('every call costs bookkeeping only, as Firestore bills it', async (context) => {
      const paid: unknown[] = [];
      for (const [name, , call] of calls) {
        const meter = newMeter();
        await call(open(context, meter));
        paid.push({ name, ...meter });
      }
      expect(paid).toEqual(
        calls.map(([name, [reads, writes]]) => ({
          name,
          reads: 0,
          writes: 0,
          bookkeeping: reads + writes,
          bookkeepingWrites: writes,
          conflicts: 0,
        })),
      );
    });
  });
}
