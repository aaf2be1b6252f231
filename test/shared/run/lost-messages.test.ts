import { describe, expect, test } from 'vitest';
import { RunCount } from '../../../shared/run/lifecycle/run-count.ts';
import { newRun } from '../../../shared/run/lifecycle/start-run.ts';
import { noCalls, noTraffic } from '../../../shared/run/session.ts';
import { apigee } from '../../../shared/run/phases/apigee/apigee.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Control } from '../../../shared/state/control.ts';
import type { Run, Runs } from '../../../shared/state/runs.ts';
import { fanOutAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { newResult } from '../state/samples.ts';
import { ann } from '../sync/ann.ts';

const request = { mode: 'full', dryRun: false, reason: undefined } as const;
const runsOf = (world: InProcess): Runs => world.services.runs(newMeter());
const controlOf = (world: InProcess): Promise<Control> => runsOf(world).control();

async function runOf(world: InProcess, runId: string): Promise<Run | undefined> {
  return runsOf(world).get(runId);
}

describe('a run blocks nobody', () => {
  test('that took its place and never started: the next request starts it (rule 24)', async () => {
    const clock = manualClock();
    let broken = true;
    const world = inProcess({
      clock,
      around: (effect, happen) =>
        broken && effect === 'update-run' ? Promise.reject(new Error('the store is away')) : happen(),
    });
    await world.services.publisher.requestSync(request, 'lost');
    // Ten deliveries in vain: the message goes to the dead letters.
    await world.drain();
    expect(await controlOf(world)).toMatchObject({ activeRunId: 'lost' });
    broken = false;
    const next = await world.run();
    expect(await runOf(world, 'lost')).toMatchObject({ state: 'done' });
    expect(next.state).toBe('done');
    expect(await controlOf(world)).toMatchObject({ activeRunId: undefined });
  });

  test.each(['before', 'after'] as const)(
    'that crashed %s giving its place away: whoever waits is started (rule 24)',
    async (side) => {
      let crashed = false;
      const world: InProcess = inProcess({
        async around(effect, happen) {
          const ends = effect === 'update-control' && (await runOf(world, 'first'))?.state === 'done' && !crashed;
          if (ends) crashed = true;
          if (ends && side === 'before') throw new Error('a crash');
          const result = await happen();
          if (ends) throw new Error('a crash');
          return result;
        },
      });
      await world.services.publisher.requestSync(request, 'first');
      await world.services.publisher.requestSync(request, 'second');
      await world.drain();
      expect(crashed).toBe(true);
      expect(await runOf(world, 'second')).toMatchObject({ state: 'done' });
      expect(await controlOf(world)).toMatchObject({ activeRunId: undefined, lastFull: { runId: 'second' } });
    },
  );

  test('that crashed while it ended because Apigee refuses every call (rules 24, 25)', async () => {
    let crashed = false;
    const error = {
      kind: 'denied',
      operation: 'list',
      status: 403,
      code: undefined,
      message: 'list: HTTP 403',
      ambiguous: false,
    } as const;
    const world: InProcess = inProcess({
      wrap: (developers) => ({ ...developers, listDevelopers: async () => ({ ok: false, error }) }),
      async around(effect, happen) {
        if (!crashed && effect === 'update-control' && (await runOf(world, 'first'))?.state === 'failed') {
          crashed = true;
          throw new Error('a crash');
        }
        return happen();
      },
    });
    world.developers.seed({ email: 'ann@example.com' });
    await world.services.publisher.requestSync(request, 'first');
    await world.drain();
    expect(crashed).toBe(true);
    expect(await runOf(world, 'first')).toMatchObject({ state: 'failed', problem: 'list: HTTP 403' });
    expect(await controlOf(world)).toMatchObject({ activeRunId: undefined, lastFull: undefined });
  });
});

test('a run ends although one of two invocations made more batches than the other counted (rule 20)', async () => {
  const world = inProcess();
  const runs = runsOf(world);
  const over = { batches: 0, complete: true, cursor: undefined };
  const fresh = newRun('twice', request, Date.now(), 'destructive');
  const walks = { ...fresh.walks, portal: over, apigee: over, links: { ...over, batches: 1 } };
  await runs.create({ ...fresh, state: 'running', startedAt: Date.now(), phase: 'links', walks });
  await runs.updateControl((control) => ({ control: { ...control, activeRunId: 'twice' }, result: undefined }));
  for (const seq of [0, 1]) {
    const id = { runId: 'twice', phase: 'links', seq } as const;
    const people = [ann];
    await runs.createBatch({ ...id, kind: 'look', people, next: undefined, result: undefined });
    const cost = { calls: noCalls(), traffic: noTraffic, finishedAt: Date.now() };
    await runs.completeBatch(id, newResult(people, { ...cost }));
  }
  await world.services.publisher.continueRun('twice');
  await world.drain();
  expect(await runs.get('twice')).toMatchObject({ state: 'done', totals: { counts: { seen: 1, unchanged: 1 } } });
});

test('a walk that one invocation has ended stays ended, although another one still sees developers (rule 20)', async () => {
  const world = inProcess();
  for (const email of ['ann@example.com', 'bob@example.com']) world.developers.seed({ email });
  const session = openSession(world.services, fanOutAllowance);
  const fresh = newRun('twice', request, Date.now(), 'destructive');
  const begun = { batches: 1, complete: false, cursor: 'ann@example.com' };
  const run: Run = { ...fresh, state: 'running', phase: 'apigee', walks: { ...fresh.walks, apigee: begun } };
  const ended = { ...run, walks: { ...run.walks, apigee: { ...begun, complete: true } } };
  await session.runs.create(ended);
  // This one read the run before the other one met the end.
  await apigee.walk(session, run, new RunCount(session.runs));
  expect(await runOf(world, 'twice')).toMatchObject({ walks: ended.walks });
});
