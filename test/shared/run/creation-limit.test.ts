import { describe, expect, test } from 'vitest';
import { approveHeldRun } from '../../../shared/operator/actions/holds.ts';
import { undoAct } from '../../../shared/operator/actions/undo.ts';
import { newBatchCreations } from '../../../shared/run/creation-limit.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { documentOf, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';
import { annDocument } from '../sync/ann.ts';

const acting = {
  operator: { id: 'olga', name: 'olga@acme.example', role: 'admin' },
  reason: 'approved by mistake',
} as const;

describe('a run creates at most CREATION_LIMIT people, both sides together (rule 32)', () => {
  test('the first run over 5,000 developers and an empty portal ends held with exactly 500, and what was wrongly approved is undone (rule 35)', async () => {
    const people = 5000;
    const world = inProcess({ env: { CREATION_LIMIT: '500' } });
    for (let person = 0; person < people; person += 1)
      world.developers.seed({ email: emailOf(person), firstName: 'A', lastName: 'B' });
    const before = world.developers.all();
    const run = await world.run();
    expect(run.state).toBe('held');
    expect(run.problem).toBe('4500 people more than CREATION_LIMIT=500 would be created; they were not');
    expect(run.gate).toMatchObject({ planned: 4500, uncreated: 4500, open: false });
    const counts = { seen: people, held: 4500, created: { apigee: 0, portal: 500 } };
    expect(run.totals).toMatchObject({ counts });
    expect(world.database.portalDocuments()).toHaveLength(500);

    expect(await approveHeldRun(world.services, run.runId)).toMatchObject({ kind: 'approved' });
    await world.drain();
    expect(world.database.runs.runs.get(run.runId)).toMatchObject({
      state: 'done',
      totals: { counts: { seen: people, held: 0, created: { apigee: 0, portal: people } } },
    });
    expect((await world.run()).totals).toMatchObject({ counts: { unchanged: people }, traffic: { writes: 0 } });

    const undo = await undoAct(world.services, acting, { act: run.runId, people: [], dryRun: false });
    await world.drain();
    expect(world.database.runs.runs.get(undo.kind === 'asked' ? undo.runId : '')).toMatchObject({
      state: 'done',
      totals: { counts: { seen: people, updated: { apigee: 0, portal: people } }, kept: 0 },
    });
    expect(world.database.portalDocuments()).toEqual([]);
    expect(world.developers.all()).toEqual(before);
    expect((await world.run()).totals).toMatchObject({ counts: { held: people }, traffic: { writes: 0 } });
  });

  test('people who are created on either side count together', async () => {
    const world = inProcess({ env: { CREATION_LIMIT: '12' } });
    for (let person = 0; person < 30; person += 1) world.developers.seed({ email: emailOf(person) });
    for (let person = 30; person < 40; person += 1) world.database.putPortalDocument(idOf(person), documentOf(person));
    const run = await world.run();
    expect(run.problem).toBe('28 people more than CREATION_LIMIT=12 would be created; they were not');
    expect(world.developers.all().length + world.database.portalDocuments().length).toBe(40 + 12);
    await approveHeldRun(world.services, run.runId);
    await world.drain();
    expect(world.database.runs.runs.get(run.runId)).toMatchObject({
      state: 'done',
      totals: { counts: { seen: 40, held: 0, created: { apigee: 10, portal: 30 } } },
    });
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
