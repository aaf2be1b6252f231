import { describe, expect, test } from 'vitest';
import { approveRun } from '../../../shared/run/lifecycle/approve-run.ts';
import { workingTime } from '../../../shared/run/lifecycle/end-run.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { batchAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { crowd, deleteUsers, documentOf, emailOf, idOf, inactive } from '../../support/crowd.ts';
import { inProcess, type InProcess, type InProcessOptions } from '../../support/in-process.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';

const day = 24 * 60 * 60_000;

const runsOf = (world: InProcess) => world.services.runs(newMeter());
const approve = (world: InProcess, runId: string) => approveRun(openSession(world.services, batchAllowance), runId);

interface HeldWorld {
  readonly world: InProcess;
  readonly run: Run;
  readonly clock: ManualClock;
}

/** Twenty people of whom four lost their portal user, and a run that was held for it. */
async function heldWorld(options: InProcessOptions = {}): Promise<HeldWorld> {
  const clock = manualClock();
  const world = inProcess({ clock, env: { DESTRUCTIVE_LIMIT: '3', DESTRUCTIVE_LIMIT_PERCENT: '100' }, ...options });
  await crowd(world, 20);
  clock.advance(60_000);
  deleteUsers(world, 0, 4);
  const run = await world.run();
  expect(run).toMatchObject({ state: 'held', gate: { planned: 4 } });
  clock.advance(60_000);
  return { world, run, clock };
}

async function finished(world: InProcess, runId: string): Promise<Run | undefined> {
  await world.drain();
  return runsOf(world).get(runId);
}

describe('a held run that is approved (rule 16)', () => {
  test('goes on behind its gate and ends with its totals', async () => {
    const { world, run } = await heldWorld();
    expect(await approve(world, run.runId)).toMatchObject({ kind: 'approved', again: false, behind: undefined });
    expect(await runsOf(world).get(run.runId)).toMatchObject({ state: 'queued', totals: undefined });
    expect(await finished(world, run.runId)).toMatchObject({
      state: 'done',
      startedAt: run.startedAt,
      problem: undefined,
      gate: { planned: 4, open: false, approved: true },
      totals: { counts: { seen: 20, updated: { apigee: 4 }, unchanged: 16, held: 0, failed: 0 } },
    });
    expect(inactive(world)).toEqual([0, 1, 2, 3].map(emailOf));
    expect(await world.run()).toMatchObject({ state: 'done', totals: { traffic: { writes: 0 } } });
  });

  test('decides anew for everyone: who came back is not touched', async () => {
    const { world, run } = await heldWorld();
    world.database.putPortalDocument(idOf(2), documentOf(2));
    await approve(world, run.runId);
    expect(await finished(world, run.runId)).toMatchObject({
      state: 'done',
      totals: { counts: { seen: 20, updated: { apigee: 3 }, unchanged: 17 } },
    });
    expect(inactive(world)).toEqual([0, 1, 3].map(emailOf));
  });

  test('does nothing to anyone it did not plan for', async () => {
    const { world, run } = await heldWorld();
    deleteUsers(world, 10, 15);
    await approve(world, run.runId);
    await world.drain();
    expect(inactive(world)).toEqual([0, 1, 2, 3].map(emailOf));
  });

  test('twice is once, before it has ended and after', async () => {
    const { world, run } = await heldWorld();
    const both = await Promise.all([approve(world, run.runId), approve(world, run.runId)]);
    expect(both.map((approval) => approval.kind === 'approved' && approval.again).sort()).toEqual([false, true]);
    const before = await finished(world, run.runId);
    expect(before).toMatchObject({ state: 'done' });
    expect(await approve(world, run.runId)).toMatchObject({ kind: 'approved', again: true });
    expect(await finished(world, run.runId)).toEqual(before);
    expect(world.calls.status).toBe(4);
  });

  test('waits for the active run, and goes on when that ends', async () => {
    const { world, run } = await heldWorld();
    await world.services.publisher.requestSync({ mode: 'full', dryRun: true, reason: undefined }, 'other');
    const [request] = world.queue.splice(0);
    if (request === undefined) throw new Error('nothing was requested');
    await world.deliver(request);
    expect(await approve(world, run.runId)).toMatchObject({ kind: 'approved', behind: 'other' });
    expect(await runsOf(world).get(run.runId)).toMatchObject({ state: 'queued', gate: { approved: true } });
    expect(await approve(world, run.runId)).toMatchObject({ again: true, behind: 'other' });
    expect(inactive(world)).toEqual([]);
    expect(await finished(world, run.runId)).toMatchObject({
      state: 'done',
      totals: { counts: { updated: { apigee: 4 } } },
    });
    expect(await runsOf(world).control()).toMatchObject({ activeRunId: undefined });
  });

  test('whose message was lost goes on after the next run', async () => {
    const { world, run } = await heldWorld();
    await runsOf(world).updateControl((control) => ({
      control: { ...control, activeRunId: 'gone' },
      result: undefined,
    }));
    await approve(world, run.runId);
    world.queue.splice(0);
    await world.run({ mode: 'incremental' });
    expect(await runsOf(world).get(run.runId)).toMatchObject({ state: 'done' });
  });

  test.each([
    'update-run',
    'update-control',
    'continue',
    'create-batch',
    'publish',
    'complete-batch',
    'set-status',
    'transact',
  ])('and crashed after any %s ends as if it had not (rule 24)', async (effect) => {
    let armed = Number.POSITIVE_INFINITY;
    const crash: InProcessOptions['around'] = async (name, happen) => {
      const result = await happen();
      if (name !== effect) return result;
      armed -= 1;
      if (armed === 0) throw new Error('crashed');
      return result;
    };
    for (let nth = 1; nth <= 4; nth += 1) {
      armed = Number.POSITIVE_INFINITY;
      const { world, run } = await heldWorld({ around: crash });
      armed = nth;
      await approve(world, run.runId).catch(() => undefined);
      await world.drain();
      armed = Number.POSITIVE_INFINITY;
      await approve(world, run.runId);
      expect(await finished(world, run.runId)).toMatchObject({ state: 'done', totals: { counts: { seen: 20 } } });
      expect(inactive(world)).toEqual([0, 1, 2, 3].map(emailOf));
      expect(world.calls.status).toBe(4);
    }
  });

  test('after a newer full run says so, and no watermark moves back', async () => {
    const { world, run, clock } = await heldWorld();
    clock.advance(day);
    const newer = await world.run();
    expect(newer.state).toBe('held');
    clock.advance(60_000);
    expect(await approve(world, newer.runId)).toMatchObject({ kind: 'approved', supersededBy: undefined });
    expect(await finished(world, newer.runId)).toMatchObject({ state: 'done' });
    const before = await runsOf(world).control();
    expect(before.lastFull).toMatchObject({ runId: newer.runId });
    expect(await approve(world, run.runId)).toMatchObject({ kind: 'approved', supersededBy: newer.runId });
    // Nothing is left to do for the older one.
    expect(await finished(world, run.runId)).toMatchObject({ state: 'done', totals: { counts: { unchanged: 20 } } });
    expect(await runsOf(world).control()).toEqual(before);
    expect(world.calls.status).toBe(4);
  });

  test('names a newer full run that is held as well', async () => {
    const { world, run, clock } = await heldWorld();
    clock.advance(day);
    const newer = await world.run();
    expect(newer.state).toBe('held');
    expect(await approve(world, run.runId)).toMatchObject({ kind: 'approved', supersededBy: newer.runId });
  });

  test('is complete, and its watermark moves, only once it has gone on: nobody it planned for is skipped', async () => {
    const { world, run } = await heldWorld();
    const before = (await runsOf(world).control()).lastFull;
    expect(before?.runId).not.toBe(run.runId);
    await approve(world, run.runId);
    await finished(world, run.runId);
    expect((await runsOf(world).control()).lastFull).toMatchObject({ runId: run.runId, startedAt: run.startedAt });
  });

  test('did not work while it was held', async () => {
    const { world, run, clock } = await heldWorld();
    clock.advance(day);
    await approve(world, run.runId);
    clock.advance(day);
    const ended = await finished(world, run.runId);
    if (ended === undefined) throw new Error('the run is gone');
    expect(ended.finishedAt).toBeGreaterThan((ended.startedAt ?? 0) + 2 * day);
    expect(workingTime(ended)).toBe(workingTime(run));
    expect(world.logs.findLast(({ event }) => event === 'run_completed')).toMatchObject({
      durationMs: workingTime(run),
    });
  });

  test('at the moment it stops keeps the place that it took anew (rule 20)', async () => {
    let approved = false;
    const stopped: InProcessOptions['around'] = async (effect, happen) => {
      const held = [...(known?.database.runs.runs.values() ?? [])].find(({ state }) => state === 'held');
      if (effect === 'update-control' && known !== undefined && held !== undefined && !approved) {
        approved = true;
        await approve(known, held.runId);
        // It goes on while the one that stopped it has still to give its place away.
        const [message] = known.queue.splice(0, 1);
        if (message !== undefined) await known.deliver(message);
      }
      return happen();
    };
    let known: InProcess | undefined;
    const clock = manualClock();
    const world = inProcess({
      clock,
      env: { DESTRUCTIVE_LIMIT: '3', DESTRUCTIVE_LIMIT_PERCENT: '100' },
      around: stopped,
    });
    known = world;
    await crowd(world, 20);
    deleteUsers(world, 0, 4);
    await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'run');
    while ((await runsOf(world).get('run'))?.phase !== 'destructive') {
      const [message] = world.queue.splice(0, 1);
      if (message === undefined) throw new Error('the run was not held');
      await world.deliver(message);
    }
    expect(await runsOf(world).get('run')).toMatchObject({ state: 'running', phase: 'destructive' });
    expect(await runsOf(world).control()).toMatchObject({ activeRunId: 'run' });
    expect(await finished(world, 'run')).toMatchObject({ state: 'done' });
    expect(await runsOf(world).control()).toMatchObject({ activeRunId: undefined, lastFull: { runId: 'run' } });
  });
});

describe('a run that cannot be approved', () => {
  test('does not exist', async () => {
    expect(await approve(inProcess(), 'nothing')).toEqual({ kind: 'unknown' });
  });

  test('is a dry run that is held', async () => {
    const { world } = await heldWorld();
    const dry = await world.run({ dryRun: true });
    expect(dry.state).toBe('held');
    expect(await approve(world, dry.runId)).toEqual({ kind: 'dry-run' });
  });

  test('is over, or still under way', async () => {
    const { world, run } = await heldWorld();
    for (const state of ['done', 'running', 'queued', 'failed'] as const) {
      await runsOf(world).update(run.runId, (current) => ({ run: { ...current, state }, result: undefined }));
      expect(await approve(world, run.runId)).toEqual({ kind: 'not-held', state });
    }
    expect(world.queue).toEqual([]);
  });

  test.each([
    [7 * day - 60_000, 'approved'],
    [7 * day - 59_999, 'too-old'],
  ])('began more than seven days ago: %i ms later it is %s', async (later, kind) => {
    const { world, run, clock } = await heldWorld();
    clock.advance(later);
    expect(await approve(world, run.runId)).toMatchObject({ kind });
  });
});
