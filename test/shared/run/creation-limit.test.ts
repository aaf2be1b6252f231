import { describe, expect, test } from 'vitest';
import { approveHeldRun } from '../../../shared/operator/actions/holds.ts';
import { newBatchCreations } from '../../../shared/run/creation-limit.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { documentOf, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';
import { annDocument } from '../sync/ann.ts';

describe('a run creates at most CREATION_LIMIT people, both sides together (rule 32)', () => {
  test('the first run ends held with exactly so many, and goes on after approval', async () => {
    const world = inProcess({ env: { CREATION_LIMIT: '120' } });
    for (let person = 0; person < 2500; person += 1)
      world.developers.seed({ email: emailOf(person), firstName: 'A', lastName: 'B' });
    for (let person = 0; person < 40; person += 1)
      world.database.putPortalDocument(idOf(person + 5000), documentOf(person + 5000));
    const run = await world.run();
    expect(run.state).toBe('held');
    expect(run.problem).toBe('2420 people more than CREATION_LIMIT=120 would be created; they were not');
    expect(run.gate).toMatchObject({ planned: 2420, uncreated: 2420, open: false });
    const { created, held, seen } = run.totals?.counts ?? {};
    expect({ seen, held, created: (created?.apigee ?? 0) + (created?.portal ?? 0) }).toEqual({
      seen: 2540,
      held: 2420,
      created: 120,
    });
    expect(world.developers.all().length + world.database.portalDocuments().length).toBe(2540 + 120);

    expect(await approveHeldRun(world.services, run.runId)).toMatchObject({ kind: 'approved' });
    await world.drain();
    expect(world.database.runs.runs.get(run.runId)).toMatchObject({
      state: 'done',
      totals: { counts: { seen: 2540, held: 0, created: { apigee: 40, portal: 2500 } } },
    });
    expect((await world.run()).totals).toMatchObject({ counts: { unchanged: 2540 }, traffic: { writes: 0 } });
  });

  test('a held run that nobody approves is followed by one that creates as many again', async () => {
    const world = inProcess({ env: { CREATION_LIMIT: '3' } });
    for (let person = 0; person < 7; person += 1) world.developers.seed({ email: emailOf(person) });
    const states: string[] = [];
    for (let runs = 0; runs < 3; runs += 1) states.push((await world.run()).state);
    expect(states).toEqual(['held', 'held', 'done']);
    expect(world.database.portalDocuments()).toHaveLength(7);
  });

  test('nobody is created where the limit is 0, and everybody else is brought in step', async () => {
    const world = inProcess({ env: { CREATION_LIMIT: '0' } });
    world.developers.seed({ email: emailOf(1) }, { email: emailOf(2), lastName: 'Leigh', lastModifiedAt: Date.now() });
    world.database.putPortalDocument(idOf(2), { ...documentOf(2), updatedAt: new Date(1000) });
    const run = await world.run();
    expect(run).toMatchObject({ state: 'held', totals: { counts: { held: 1, updated: { portal: 1 } } } });
    expect(world.user(idOf(2))).toMatchObject({ lastName: 'Leigh' });
  });

  test('a dry run shows everybody who would be created and ends held as the run would, and a push creates whatever the limit is', async () => {
    const world = inProcess({ env: { CREATION_LIMIT: '1' } });
    for (let person = 0; person < 5; person += 1) world.developers.seed({ email: emailOf(person) });
    const dry = await world.run({ dryRun: true });
    expect(dry.gate).toMatchObject({ uncreated: 4, open: false });
    expect(dry).toMatchObject({ state: 'held', totals: { counts: { created: { portal: 5 } } } });
    await world.run();
    world.database.putPortalDocument('ann', annDocument);
    expect(await world.push('ann')).toMatchObject([{ outcome: 'created-apigee' }]);
  });

  test('whom Apigee refuses takes nobody the place for longer than one run', async () => {
    const world = inProcess({
      env: { CREATION_LIMIT: '2' },
      wrap: (developers) => ({
        ...developers,
        create: async (body) =>
          body.email === emailOf(1)
            ? {
                ok: false,
                error: {
                  kind: 'refused',
                  operation: 'create',
                  status: 400,
                  code: undefined,
                  message: 'create: no',
                  ambiguous: false,
                },
              }
            : developers.create(body),
      }),
    });
    for (let person = 1; person < 4; person += 1) world.database.putPortalDocument(idOf(person), documentOf(person));
    await world.run();
    expect(await world.run()).toMatchObject({ state: 'done', totals: { counts: { failed: 1 } } });
    expect(world.developers.all()).toHaveLength(2);
  });

  test('batches that create at once never create more, and give back what they did not use', async () => {
    const { services } = inProcess();
    const runs = services.runs(newMeter());
    const batches = Array.from({ length: 7 }, () => newBatchCreations(runs, 'run', 1000));
    const taken = await Promise.all(
      batches.map(async (batch, index) => {
        let count = 0;
        while (count < 30 * index && (await batch.take())) count += 1;
        await batch.end();
        return count;
      }),
    );
    expect(taken).toEqual([0, 30, 60, 90, 120, 150, 180]);
    const last = newBatchCreations(runs, 'run', 1000);
    let left = 0;
    while (await last.take()) left += 1;
    expect(left).toBe(1000 - 630);
    expect(last.isUsedUp()).toBe(true);
    last.giveBack();
    expect(last.isUsedUp()).toBe(false);
  });
});
