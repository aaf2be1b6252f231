import { neverPolled } from '../../../shared/state/polling.ts';
import { describe, expect, test, type TestContext } from 'vitest';
import type { Meter } from '../../../shared/state/meter.ts';
import { emptyControl } from '../../../shared/state/batch-id.ts';
import type { Run, Runs } from '../../../shared/state/runs.ts';
import { batchContract } from './runs-contract-batches.ts';
import { runsMeterContract } from './runs-contract-meter.ts';
import { newRun } from './samples.ts';

/** An adapter on an empty store; called again with the same context it gives another adapter on the same store. */
export type OpenRuns = (context: TestContext, meter?: Meter) => Runs;

/** What every implementation of `Runs` has to do. */
export function runsContract(open: OpenRuns): void {
  describe('runs', () => {
    test('a run comes back as it was written, and is created once', async (context) => {
      const runs = open(context);
      const walk = { batches: 3, complete: true, cursor: undefined };
      const calls = { list: 1, get: 0, create: 0, update: 0, status: 0, delete: 0 };
      const traffic = { reads: 1, writes: 2, bookkeeping: 3 };
      const both = { apigee: 1, portal: 2 };
      const counts = { seen: 6, created: both, updated: both, unchanged: 0, held: 0, failed: 0 };
      const full = newRun('full', {
        reason: 'asked for',
        state: 'done',
        phase: 'destructive',
        startedAt: 1001,
        finishedAt: 1002,
        pause: { from: 1001, to: 1002 },
        since: 900,
        walks: { portal: walk, apigee: { ...walk, cursor: 'a' }, links: walk, destructive: walk },
        chosen: { plan: 'plan-1', undo: 'run-1', until: 1000, people: ['#doc'], kinds: ['delete'] },
        settings: 'abc',
        totals: { counts, calls, traffic, stale: 2, kept: 2 },
        gate: {
          planned: 1,
          uncreated: 0,
          creationLimit: 0,
          seen: 2,
          limit: 3,
          limitPercent: 4.5,
          open: false,
          approved: true,
          review: false,
        },
        problem: 'none',
      });
      expect(await runs.get('full')).toBeUndefined();
      expect(await runs.create(full)).toBe(true);
      expect(await runs.create(newRun('full'))).toBe(false);
      expect(await runs.create(newRun('bare'))).toBe(true);
      expect(await runs.get('full')).toEqual(full);
      expect(await runs.get('bare')).toEqual(newRun('bare'));
    });

    test('of concurrent requests of one id, one creates the run', async (context) => {
      const runs = open(context);
      const created = await Promise.all([1, 2, 3].map(async () => runs.create(newRun('one'))));
      expect(created.filter(Boolean)).toHaveLength(1);
    });

    test('updates are atomic, may write nothing, and need a run', async (context) => {
      const runs = open(context);
      await runs.create(newRun('one'));
      const steps = [1, 2, 3, 4].map(async () =>
        runs.update('one', (run) => ({ run: { ...run, walked: run.walked + 1 }, result: run.walked })),
      );
      expect(new Set(await Promise.all(steps))).toEqual(new Set([0, 1, 2, 3]));
      expect(await runs.update('one', (run) => ({ result: run.walked }))).toBe(4);
      await runs.update('one', (run) => ({ run: { ...run, reason: 'x' }, result: undefined }));
      await runs.update('one', (run) => ({ run: { ...run, reason: undefined }, result: undefined }));
      expect(await runs.get('one')).toEqual(newRun('one', { walked: 4 }));
      await expect(runs.update('two', (run) => ({ run, result: 0 }))).rejects.toThrow('two');
    });

    test('recent runs come newest first, queued ones oldest first until they start', async (context) => {
      const runs = open(context);
      expect(await runs.recent(5)).toEqual([]);
      expect(await runs.queued(5)).toEqual([]);
      for (const [place, id] of ['c', 'a', 'b', 'd'].entries()) await runs.create(newRun(id, { requestedAt: place }));
      await runs.update('a', (run) => ({ run: { ...run, state: 'running' }, result: undefined }));
      expect((await runs.recent(3)).map(({ runId }) => runId)).toEqual(['d', 'b', 'a']);
      expect((await runs.queued(5)).map(({ runId }) => runId)).toEqual(['c', 'b', 'd']);
      expect((await runs.queued(1)).map(({ runId }) => runId)).toEqual(['c']);
    });

    test('older runs come by pages, each run once, also of those requested at one moment', async (context) => {
      const runs = open(context);
      const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
      for (const [place, id] of ids.entries())
        await runs.create(newRun(id, { requestedAt: place < 2 || place > 4 ? place * 10 : 30 }));
      const seen: string[] = [];
      for (let last: Run | undefined, pages = 0; pages < 5; pages += 1) {
        const page = await runs.recent(2, last);
        seen.push(...page.map(({ runId }) => runId));
        last = page.at(-1);
        if (last === undefined) break;
      }
      expect(seen).toEqual(ids.toReversed());
      expect((await runs.recent(5, { requestedAt: 30 })).map(({ runId }) => runId)).toEqual(['b', 'a']);
      expect((await runs.recent(5, { requestedAt: 30, runId: 'gone' })).map(({ runId }) => runId)).toEqual([
        'e',
        'd',
        'c',
        'b',
        'a',
      ]);
    });

    test('held runs come most recently held first, until they go on', async (context) => {
      const runs = open(context);
      expect(await runs.held(5)).toEqual([]);
      for (const [place, id] of ['b', 'c', 'a'].entries())
        await runs.create(newRun(id, { state: 'held', requestedAt: 10 - place, finishedAt: 20 + place }));
      await runs.create(newRun('d', { state: 'done', finishedAt: 30 }));
      expect((await runs.held(2)).map(({ runId }) => runId)).toEqual(['a', 'c']);
      await runs.update('c', (run) => ({ run: { ...run, state: 'queued' }, result: undefined }));
      expect((await runs.held(5)).map(({ runId }) => runId)).toEqual(['a', 'b']);
    });

    test('the control document starts empty and is updated atomically', async (context) => {
      const runs = open(context);
      expect(await runs.control()).toEqual(emptyControl);
      const claim = async (runId: string): Promise<boolean> =>
        runs.updateControl((control) =>
          control.activeRunId === undefined
            ? { control: { ...control, activeRunId: runId }, result: true }
            : { result: false },
        );
      const claimed = await Promise.all(['a', 'b', 'c'].map(claim));
      expect(claimed.filter(Boolean)).toHaveLength(1);
      const lastFull = { runId: 'a', scope: 's', startedAt: 1, finishedAt: 2 };
      const owner = { type: 'edge', org: 'acme', project: 'p', database: '(default)', collection: 'a/b/c' } as const;
      const control = { ...emptyControl, lastFull, behindGate: true, outside: { scope: '@example', links: 3 }, owner };

      await runs.updateControl(() => ({ control, result: undefined }));
      expect(await runs.control()).toEqual(control);
    });

    test('what the last listing was like comes back as it was written', async (context) => {
      const runs = open(context);
      expect(await runs.listing()).toBeUndefined();
      expect(await runs.updateListing((memory) => memory)).toBe(false);
      const shownBy = [{ runId: 'run', phase: 'apigee', seq: 3 }] as const;
      const ranges = [
        { from: undefined, shownBy: [] },
        { from: 'Ann@example.com', shownBy },
      ];
      const memory = { runId: 'run', since: 5, people: 7, ranges };
      await runs.rememberListing(memory);
      expect(await runs.listing()).toEqual(memory);
      expect(await runs.updateListing(() => undefined)).toBe(false);
      expect(await runs.updateListing((before) => ({ ...before, people: 8 }))).toBe(true);
      expect(await runs.listing()).toEqual({ ...memory, people: 8 });
    });

    test('how far the audit history was looked through starts empty and is updated atomically', async (context) => {
      const runs = open(context);
      expect(await runs.polling()).toEqual(neverPolled);
      const take = (holder: string): Promise<boolean> =>
        runs.updatePolling((polling) =>
          polling.lease === undefined
            ? { polling: { ...polling, lease: { holder, expiresAt: 5 } }, result: true }
            : { result: false },
        );
      expect((await Promise.all(['a', 'b', 'c'].map(take))).filter(Boolean)).toHaveLength(1);
      const polling = { watermark: 7, seen: ['x', 'y'], lease: undefined, missingSince: 3 };
      await runs.updatePolling(() => ({ polling, result: undefined }));
      expect(await runs.polling()).toEqual(polling);
      expect(await runs.control()).toEqual(emptyControl);
    });

    test('a rejection is kept once per id, whatever the id is, and listed newest first', async (context) => {
      const runs = open(context);
      const rejection = (id: string, at: number) => ({ id, source: 'sync requests', reason: `not JSON ${at}`, at });
      await runs.reject(rejection('projects/p/../1', 10));
      await runs.reject(rejection('2', 20));
      await runs.reject(rejection('2', 30));
      await runs.reject(rejection('', 5));
      expect(await runs.rejections(2)).toEqual([rejection('2', 20), rejection('projects/p/../1', 10)]);
      expect(await runs.rejections(10)).toHaveLength(3);
    });

    test('rule 16: the allowance is spent exactly, also by many at once', async (context) => {
      const runs = open(context);
      const at = Date.parse('2026-03-01T10:30:00Z');
      const spends = Array.from({ length: 9 }, async () => runs.spendDestructive(at, 5));
      expect((await Promise.all(spends)).filter(Boolean)).toHaveLength(5);
      expect(await runs.spendDestructive(at, 5)).toBe(false);
      expect(await runs.spendDestructive(at, 6)).toBe(true);
      expect(await runs.spendDestructive(at + 5 * 3_600_000, 0)).toBe(false);
    });

    test('rule 16: the allowance is one of any 60 minutes, also around the full hour, and of no more', async (context) => {
      const runs = open(context);
      const spend = (time: string): Promise<boolean> => runs.spendDestructive(Date.parse(`2026-03-01T${time}Z`), 3);
      expect([await spend('10:20:00'), await spend('10:58:59'), await spend('10:59:59')]).toEqual([true, true, true]);
      for (const time of ['11:00:00', '11:10:00', '11:20:00']) expect(await spend(time)).toBe(false);
      // What was spent at 10:20 is free again once its minute is over; then comes the turn of the other two.
      expect([await spend('11:21:00'), await spend('11:21:00'), await spend('11:59:00')]).toEqual([true, false, true]);
      expect([await spend('11:59:59'), await spend('12:00:00'), await spend('12:01:00')]).toEqual([false, true, false]);
      expect([await spend('14:00:00'), await spend('14:00:00'), await spend('14:00:00')]).toEqual([true, true, true]);
    });
  });
  batchContract(open);
  runsMeterContract(open);
}
