import { describe, expect, test } from 'vitest';
import { followRun, RunNotOver, type Progress } from '../../../../shared/operator/views/progress.ts';
import { createInMemoryDatabase } from '../../../../shared/state/in-memory/database.ts';
import { createInMemoryRuns } from '../../../../shared/state/in-memory/runs.ts';
import type { Run, Runs } from '../../../../shared/state/runs.ts';
import { newBatch, newResult, newRun } from '../../state/samples.ts';

const minute = 60_000;

function emptyRuns(): Runs {
  return createInMemoryRuns({ database: createInMemoryDatabase({ now: Date.now }) });
}

/** Follows while `steps` happen, one per wait. */
async function followed(runs: Runs, steps: readonly (() => Promise<unknown>)[]) {
  const seen: Progress[] = [];
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    await steps[waits.length]?.();
    waits.push(ms);
  };
  const options = {
    wait,
    pollMs: 10_000,
    stillLimitMs: 10 * minute,
    onProgress: (progress: Progress) => seen.push(progress),
  };
  return { seen, waits, over: followRun(runs, 'r1', options) };
}

function change(runs: Runs, changes: Partial<Run>): Promise<void> {
  return runs.update('r1', (run) => ({ run: { ...run, ...changes }, result: undefined }));
}

describe('following a run', () => {
  test('waits for a document that does not exist yet, and answers it once the run is over', async () => {
    const runs = emptyRuns();
    const walk = { batches: 0, complete: false, cursor: undefined };
    const walks = {
      portal: walk,
      apigee: { batches: 2, complete: true, cursor: undefined },
      links: walk,
      destructive: walk,
    };
    const { seen, over } = await followed(runs, [
      () => runs.create(newRun('r1')),
      () => change(runs, { state: 'running', phase: 'apigee', walks, walked: 1500 }),
      async () => {
        await runs.createBatch(newBatch('r1', 'apigee', 0));
        await runs.completeBatch({ runId: 'r1', phase: 'apigee', seq: 0 }, newResult([]));
      },
      () => change(runs, { state: 'done' }),
    ]);
    expect(await over).toMatchObject({ runId: 'r1', state: 'done' });
    const running = {
      kind: 'running',
      phase: 'apigee',
      mode: 'full',
      batchesKnown: 2,
      walked: true,
      developers: 1500,
      dryRun: false,
    };
    expect(seen).toEqual([
      { kind: 'requested' },
      { kind: 'queued', behind: undefined },
      { ...running, batchesDone: 0 },
      { ...running, batchesDone: 1 },
      { kind: 'over', state: 'done' },
    ]);
  });

  test.each(['held', 'failed'] as const)('a run that ends %s is over', async (state) => {
    const runs = emptyRuns();
    await runs.create(newRun('r1', { state }));
    expect((await (await followed(runs, [])).over).state).toBe(state);
  });

  test('gives up on a request that nobody takes up within three minutes', async () => {
    const { over, waits } = await followed(emptyRuns(), []);
    await expect(over).rejects.toThrow('The run r1 was not taken up within 3 min.');
    expect(waits).toHaveLength(18);
  });

  test('gives up on a run in which nothing moves, and answers it as last seen', async () => {
    const runs = emptyRuns();
    await runs.create(newRun('r1', { state: 'running', phase: 'links' }));
    const { over, waits } = await followed(runs, []);
    const error: unknown = await over.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RunNotOver);
    expect(error).toMatchObject({ run: { state: 'running' }, message: expect.stringContaining('phase links') });
    expect(waits).toHaveLength(60);
  });

  test('does not give up while it moves, or while the run before it does', async () => {
    const runs = emptyRuns();
    await runs.create(newRun('r1', { state: 'queued' }));
    await runs.create(newRun('r0', { state: 'running' }));
    await runs.updateControl((control) => ({ control: { ...control, activeRunId: 'r0' }, result: undefined }));
    const beat = (runId: string, at: number) => () =>
      runs.update(runId, (run) => ({ run: { ...run, heartbeatAt: at }, result: undefined }));
    const beats = Array.from({ length: 100 }, (_, at) => beat('r0', at + 2000));
    const { over, seen } = await followed(runs, [
      ...beats,
      () => change(runs, { state: 'running' }),
      ...Array.from({ length: 100 }, (_, at) => beat('r1', at + 2000)),
      () => change(runs, { state: 'done' }),
    ]);
    expect((await over).state).toBe('done');
    expect(seen[0]).toMatchObject({ kind: 'queued', behind: { runId: 'r0', isResumed: false } });
  });

  test.each([
    ['the run in its way', 'r0', 'queued', 'r0'],
    ['the run itself', 'r1', 'running', undefined],
    ['an active run whose document is gone', 'gone', 'queued', 'gone'],
  ] as const)(
    'sets %s going again that has stood still for twenty minutes, and goes on',
    async (_, stalled, state, active) => {
      const runs = emptyRuns();
      let now = 0;
      await runs.create(newRun('r1', { state, heartbeatAt: 0, requestedAt: 0 }));
      await runs.create(newRun('r0', { state: 'running', heartbeatAt: 0, requestedAt: 0 }));
      await runs.updateControl((control) => ({ control: { ...control, activeRunId: active }, result: undefined }));
      const takenOver: (readonly [string, number])[] = [];
      const seen: Progress[] = [];
      const over = await followRun(runs, 'r1', {
        pollMs: minute,
        now: () => now,
        async wait(ms) {
          now += ms;
        },
        onProgress: (progress) => seen.push(progress),
        async takeOver(runId) {
          takenOver.push([runId, now]);
          await change(runs, { state: 'done' });
        },
      });
      expect(over.state).toBe('done');
      expect(takenOver).toEqual([[stalled, 20 * minute]]);
      if (stalled === 'r0')
        expect(seen.at(5)).toEqual({
          kind: 'queued',
          behind: { runId: 'r0', beganAt: 0, stillMs: 5 * minute, isResumed: false },
        });
    },
  );

  test('where nobody may take over, it is followed no longer than that', async () => {
    const runs = emptyRuns();
    await runs.create(newRun('r1', { state: 'running', heartbeatAt: 0 }));
    let waits = 0;
    const wait = async (): Promise<void> => {
      waits += 1;
    };
    await expect(followRun(runs, 'r1', { pollMs: minute, wait, now: () => 0 })).rejects.toThrow('within 25 min');
    expect(waits).toBe(25);
  });
});
