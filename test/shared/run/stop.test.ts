import { describe, expect, test } from 'vitest';
import { cancelOneRun, resumeWrites, stopTakes, stopWrites } from '../../../shared/operator/actions/stop.ts';
import { syncOnePerson } from '../../../shared/operator/actions/sync-one.ts';
import { readStatus } from '../../../shared/operator/views/status.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { handleFanOut, handlePortalEdit } from '../../../shared/wiring/handlers.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { emailOf } from '../../support/crowd.ts';
import { ann, annDocument, developer, linked } from '../sync/ann.ts';

const acting = { operator: { id: 'ops', name: 'Olga', role: 'admin' }, reason: 'wrong mapping' } as const;
/** As Cloud Scheduler asks for a run. */
const scheduled = {
  message: {
    messageId: 'm1',
    publishTime: new Date().toISOString(),
    attributes: { schedule: 'hourly' },
    data: Buffer.from('{"mode":"incremental"}').toString('base64'),
  },
  subscription: 'requests',
};

/** Ann in step, and a clock that only moves when told to. */
async function quiet(): Promise<{ readonly world: InProcess; readonly clock: ManualClock }> {
  const clock = manualClock(Date.now());
  return { world: await linked({ clock }), clock };
}

function edited(world: InProcess): Promise<'done' | 'again'> {
  const type = 'google.cloud.firestore.document.v1.written';
  return handlePortalEdit(world.services, { type, document: 'portalUsers/ann' });
}

describe('while every write is stopped (rule 33)', () => {
  test('an edit on the portal waits, and is pushed when it goes on', async () => {
    const { world, clock } = await quiet();
    await stopWrites(world.services, acting);
    clock.advance(stopTakes);
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    expect(await edited(world)).toBe('again');
    expect(world.calls).toMatchObject({ get: 0, update: 0 });
    await resumeWrites(world.services, acting);
    clock.advance(stopTakes);
    expect(await edited(world)).toBe('done');
    expect(developer(world)).toMatchObject({ lastName: 'Leigh' });
  });

  test('a requested run waits and is made afterwards, a scheduled one is left to the schedule', async () => {
    const { world, clock } = await quiet();
    await stopWrites(world.services, acting);
    clock.advance(stopTakes);
    await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'asked');
    await world.drain();
    expect(world.database.runs.runs.get('asked')).toMatchObject({ state: 'queued' });
    const before = world.database.runs.runs.size;
    expect(await handleFanOut(world.services, scheduled)).toBe('done');
    expect(world.database.runs.runs.size).toBe(before);
    clock.advance(stopTakes);
    await resumeWrites(world.services, acting);
    await world.drain();
    expect(world.database.runs.runs.get('asked')).toMatchObject({ state: 'done' });
  });

  test('a run that is under way stands still in the middle of a batch, and ends with everybody done', async () => {
    const clock = manualClock(Date.now());
    let written = 0;
    let world: InProcess | undefined;
    world = inProcess({
      clock,
      wrap: (developers) => ({
        ...developers,
        async create(body) {
          written += 1;
          if (written === 5 && world !== undefined) await stopWrites(world.services, acting);
          clock.advance(1500);
          return developers.create(body);
        },
      }),
    });
    for (let person = 0; person < 60; person += 1)
      world.database.putPortalDocument(`u${String(person)}`, { ...annDocument, email: emailOf(person) });
    await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'run');
    await world.drain();
    const atOnce = world.developers.all().length;
    expect(atOnce).toBeLessThan(30);
    expect(world.queue).toEqual([]);
    expect(world.database.runs.runs.get('run')).toMatchObject({ state: 'running' });
    // Not long enough for a run to count as one whose messages were lost.
    clock.advance(5 * 60_000);
    await world.drain();
    expect(world.developers.all()).toHaveLength(atOnce);
    await resumeWrites(world.services, acting);
    await world.drain();
    expect(world.database.runs.runs.get('run')).toMatchObject({
      state: 'done',
      totals: { counts: { seen: 60, created: { apigee: 60 }, failed: 0 } },
    });
    expect(world.developers.all()).toHaveLength(60);
  });

  test('an operator is told who stopped it and why, and can still look', async () => {
    const world = await linked();
    await stopWrites(world.services, acting);
    expect(await syncOnePerson(world.services, ann)).toMatchObject({
      kind: 'refused',
      reason: { kind: 'stopped', stopped: { by: 'Olga', reason: 'wrong mapping' } },
    });
    expect(await readStatus(world.services)).toMatchObject({ stopped: { by: 'Olga' } });
    expect(await stopWrites(world.services, { ...acting, reason: 'again' })).toMatchObject({
      again: true,
      stopped: { reason: 'wrong mapping' },
    });
    expect(await resumeWrites(world.services, acting)).toMatchObject({ stopped: { by: 'Olga' } });
    expect(await resumeWrites(world.services, acting)).toMatchObject({ stopped: undefined });
    const records = await world.services.audit.recent({ before: undefined, limit: 10 });
    expect(records.map(({ action }) => action).toSorted()).toEqual(['resume', 'resume', 'stop', 'stop']);
  });
});

describe('a run that is cancelled', () => {
  test('begins nobody any more, gives way to the next one, and is reported as failed', async () => {
    const clock = manualClock(Date.now());
    let world: InProcess | undefined;
    let written = 0;
    world = inProcess({
      clock,
      wrap: (developers) => ({
        ...developers,
        async create(body) {
          written += 1;
          if (written === 3 && world !== undefined) await cancelOneRun(world.services, acting, 'run');
          clock.advance(1500);
          return developers.create(body);
        },
      }),
    });
    for (let person = 0; person < 60; person += 1)
      world.database.putPortalDocument(`u${String(person)}`, { ...annDocument, email: emailOf(person) });
    await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'run');
    await world.drain();
    expect(world.developers.all().length).toBeLessThan(30);
    expect(world.database.runs.runs.get('run')).toMatchObject({
      state: 'failed',
      problem: 'cancelled by Olga: wrong mapping',
    });
    expect((await world.run()).totals?.counts).toMatchObject({ seen: 60, failed: 0 });
    expect(world.developers.all()).toHaveLength(60);
  });

  test('cannot be one that is over, or that nobody knows', async () => {
    const world = await linked();
    const { runId } = await world.run();
    expect(await cancelOneRun(world.services, acting, runId)).toMatchObject({ reason: { kind: 'run-over' } });
    expect(await cancelOneRun(world.services, acting, 'nope')).toMatchObject({ reason: { kind: 'run-unknown' } });
  });
});
