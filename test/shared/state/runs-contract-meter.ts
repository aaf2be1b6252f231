import { describe, expect, test } from 'vitest';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Runs } from '../../../shared/state/runs.ts';
import type { OpenRuns } from './runs-contract.ts';
import { listed, newBatch, newResult, newRun } from './samples.ts';

const first = { runId: 'run', phase: 'apigee', seq: 0 } as const;

/** In this order on one store: what each call costs. */
const calls: readonly (readonly [name: string, cost: number, call: (runs: Runs) => Promise<unknown>])[] = [
  ['create a run', 1, async (runs) => runs.create(newRun('run'))],
  ['create it again', 1, async (runs) => runs.create(newRun('run'))],
  ['get a run', 1, async (runs) => runs.get('run')],
  ['get no run', 1, async (runs) => runs.get('nothing')],
  ['update a run', 2, async (runs) => runs.update('run', (run) => ({ run, result: 0 }))],
  ['look at a run', 1, async (runs) => runs.update('run', () => ({ result: 0 }))],
  ['recent runs', 1, async (runs) => runs.recent(5)],
  ['queued runs', 1, async (runs) => runs.queued(5)],
  ['held runs', 1, async (runs) => runs.held(5)],
  ['create a batch', 1, async (runs) => runs.createBatch(newBatch('run', 'apigee', 0))],
  ['create another', 1, async (runs) => runs.createBatch(newBatch('run', 'apigee', 1))],
  ['unfinished batches', 2, async (runs) => runs.unfinished('run', 'apigee')],
  ['complete a batch', 2, async (runs) => runs.completeBatch(first, newResult([]))],
  ['complete it again', 1, async (runs) => runs.completeBatch(first, newResult([]))],
  ['count batches', 1, async (runs) => runs.countDone('run', 'apigee')],
  ['last progress', 1, async (runs) => runs.lastProgress('run')],
  ['all batches, one query per phase', 5, async (runs) => listed(runs.batches('run'))],
  ['control', 1, async (runs) => runs.control()],
  ['update control', 2, async (runs) => runs.updateControl((control) => ({ control, result: 0 }))],
  ['reject', 1, async (runs) => runs.reject({ id: '1', source: 's', reason: 'r', at: 1 })],
  ['rejections', 1, async (runs) => runs.rejections(5)],
  ['spend', 3, async (runs) => runs.spendDestructive(1000, 1)],
  ['spend too much', 2, async (runs) => runs.spendDestructive(1000, 1)],
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
        calls.map(([name, cost]) => ({ name, reads: 0, writes: 0, bookkeeping: cost, conflicts: 0 })),
      );
    });
  });
}
