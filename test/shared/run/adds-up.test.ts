import { describe, expect, test } from 'vitest';
import type { Batch } from '../../../shared/state/batch.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { batchAllowance } from '../../../shared/wiring/allowances.ts';
import { crowd, documentOf, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { unavailable } from '../sync/ann.ts';

describe('what a run reports (rule 26)', () => {
  test('is a failure where somebody it saw has no outcome', async () => {
    const world = inProcess({
      async around(effect, happen) {
        const result = await happen();
        if (effect === 'complete-batch') forgetLastPerson(world.database.runs.batches.values());
        return result;
      },
    });
    world.developers.seed({ email: 'ann@example.com' }, { email: 'bob@example.com' });
    expect(await world.run()).toMatchObject({ state: 'failed', problem: expect.stringContaining('does not add up') });
  });

  test('has nobody in it whom a walk that was overtaken has found: the next run meets them (rule 20)', async () => {
    const part = { kind: 'page', first: 'late@example.com', last: 'late@example.com' } as const;
    const people = ['late@example.com'];
    const world = inProcess({
      async around(effect, happen) {
        const result = await happen();
        const run = [...world.database.runs.runs.values()][0];
        if (effect === 'update-run' && run?.phase === 'links') {
          const { runId, walks } = run;
          const id = { runId, phase: 'apigee', seq: walks.apigee.batches } as const;
          await world.services
            .runs(newMeter())
            .createBatch({ ...id, people, part, listed: undefined, result: undefined });
        }
        return result;
      },
    });
    await crowd(world, 3);
    const [run] = world.database.runs.runs.values();
    expect(world.database.runs.batches.get(run?.runId ?? '')?.get('apigee-000001')).toMatchObject({ people });
    expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: 3, unchanged: 3 } } });
  });

  test('counts people who could not be brought in step as failed, also those who are tried again (rule 7)', async () => {
    let isAway = false;
    const world = inProcess({
      wrap: (developers) => ({
        ...developers,
        update: async (email, body) => (isAway ? unavailable : developers.update(email, body)),
      }),
    });
    await crowd(world, 3);
    isAway = true;
    world.database.putPortalDocument(idOf(1), { ...documentOf(1), lastName: 'Edited' });
    const run = await world.run();
    expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: 3, unchanged: 2, failed: 1 } } });
  });

  test('has every call to Apigee in it once, whatever batch or walk made it', async () => {
    const world = inProcess();
    const many = Array.from({ length: 2500 }, (_, index) => ({ email: `many${String(index)}@example.com` }));
    world.developers.seed(...many);
    const first = await world.run();
    expect(first.totals?.calls.list).toBeGreaterThan(3);
    expect(first.totals?.calls).toEqual(world.calls);
    await crowd(world, 3);
    for (const operation of Object.keys(world.calls)) world.calls[operation as keyof typeof world.calls] = 0;
    for (const index of [1, 2])
      world.database.putPortalDocument(idOf(index), { ...documentOf(index), lastName: 'New' });
    world.database.putPortalDocument('new', documentOf(7));
    const run = await world.run();
    expect(run.totals?.calls).toMatchObject({ update: 2, create: 1 });
    expect(run.totals?.calls).toEqual(world.calls);
  });

  test('has everybody in it where the listing fails half-way (rules 16, 25)', async () => {
    let failures = 0;
    const world = inProcess({
      wrap: (developers) => ({
        ...developers,
        async listEmails(page) {
          if (page.startKey === undefined || failures === 2) return developers.listEmails(page);
          failures += 1;
          return unavailable;
        },
      }),
    });
    world.developers.seed(...Array.from({ length: 1500 }, (_, index) => ({ email: emailOf(index) })));
    const run = await world.run();
    expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: 1500, created: { portal: 1500 } } } });
    expect(failures).toBe(2);
  });

  test('has everybody in it where a batch takes longer than a function may', async () => {
    const clock = manualClock();
    const world = inProcess({
      clock,
      async around(effect, happen) {
        if (effect === 'transact') clock.advance(1000);
        return happen();
      },
    });
    const count = 300;
    for (let index = 0; index < count; index += 1) world.developers.seed({ email: emailOf(index) });
    const started = clock.now();
    const run = await world.run();
    expect(clock.now() - started).toBeGreaterThan(batchAllowance.workMs);
    expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: count, created: { portal: count } } } });
    expect(world.database.portalDocuments()).toHaveLength(count);
  });
});

/** As a bug would: the last page of developers that was done loses one of its outcomes. */
function forgetLastPerson(runs: Iterable<Map<string, Batch>>): void {
  for (const batches of runs) {
    for (const [id, batch] of batches) {
      if (batch.phase !== 'apigee' || batch.result === undefined) continue;
      const people = batch.people.slice(0, 1);
      batches.set(id, { ...batch, result: { ...batch.result, people, outcomes: batch.result.outcomes.slice(0, 1) } });
    }
  }
}
