import { describe, expect, test } from 'vitest';
import { newMeter } from '../../../shared/state/meter.ts';
import { crowd, emailOf, inactive } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';
import { all, planned, reason, rename } from './planned.ts';
import { talk } from './talk.ts';

describe('applying a plan', () => {
  test('does exactly what it says, once, and each run leads to the other', async () => {
    const { call, params, world, plan } = await planned();
    const before = world.developers.all().length;
    const { value } = await call('applyPlan', { params, body: all(plan) });
    await world.drain();
    expect(world.developers.all()).toHaveLength(before + 1);
    expect(inactive(world)).toEqual([emailOf(2)]);
    expect((await call('run', { params: { ...value } })).value).toMatchObject({
      run: { mode: 'apply', state: 'done', by: 'admin@example.org' },
      about: { plan: params.runId, people: null },
      stale: 0,
      mayUndo: true,
    });
    expect((await call('run', { params })).value).toMatchObject({ doneBy: value.runId, mayUndo: false });
    expect((await call('plan', { params })).value.refusal).toContain(value.runId);
    expect(await call('applyPlan', { params, body: all(plan) })).toMatchObject({
      status: 422,
      problem: { kind: 'refused', message: expect.stringContaining('applied before') },
    });
    const records = await world.services.audit.recent({ before: undefined, limit: 9 });
    expect(records).toMatchObject([
      { action: 'apply-plan', runId: value.runId, people: 4, reason, end: { state: 'done' } },
    ]);
  });

  test('asked for twice at the same moment it is applied once', async () => {
    const { call, params, world, plan } = await planned();
    const both = await Promise.all([1, 2].map(() => call('applyPlan', { params, body: all(plan) })));
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 422]);
    await world.drain();
    const runs = await world.services.runs(newMeter()).recent(20);
    expect(runs.filter(({ mode }) => mode === 'apply')).toHaveLength(1);
    expect(world.calls.create).toBe(1);
  });

  test('whose message was lost goes on once it is asked for again, and is still applied once (rule 24)', async () => {
    const { call, params, world, plan } = await planned();
    const { publisher } = world.services;
    const continueRun = publisher.continueRun.bind(publisher);
    publisher.continueRun = async () => Promise.reject(new Error('lost'));
    expect(await call('applyPlan', { params, body: all(plan) })).toMatchObject({ status: 500 });
    publisher.continueRun = continueRun;
    expect(await call('applyPlan', { params, body: all(plan) })).toMatchObject({ status: 422 });
    await world.drain();
    expect(inactive(world)).toEqual([emailOf(2)]);
    expect(world.calls.create).toBe(1);
  });

  test('whoever changed since is stale, and both decisions are told', async () => {
    const { call, params, world } = await planned();
    rename(world, 1, 'Meanwhile');
    const { value } = await call('applyPlan', { params, body: all((await call('plan', { params })).value) });
    await world.drain();
    const { runId } = value;
    const { stale, run } = (await call('run', { params: { runId } })).value;
    expect({ stale, held: run.counts?.held }).toEqual({ stale: 1, held: 1 });
    const body = { outcomes: ['held'] };
    const [left] = (await call('runPeople', { params: { runId }, body })).value.people;
    expect(left).toMatchObject({ key: emailOf(1), reason: expect.stringMatching(/Planned: .* Now: /u) });
    expect(world.developers.all().find(({ email }) => email === emailOf(1))?.lastName).toBe('Last');
  });

  test('by kind: only those are written', async () => {
    const { call, params, world, plan } = await planned();
    const body = { hash: plan.hash, kinds: ['update' as const], planned: 2, reason };
    const { value } = await call('applyPlan', { params, body });
    await world.drain();
    expect(inactive(world)).toEqual([]);
    expect((await call('run', { params: { ...value } })).value).toMatchObject({
      about: { kinds: ['update'] },
      run: { counts: { updated: { apigee: 2 }, created: { apigee: 0 } } },
    });
  });

  test('by another number or another hash than that of the plan nothing is done', async () => {
    const { call, params, world, plan } = await planned();
    expect(await call('applyPlan', { params, body: { ...all(plan), planned: 3 } })).toMatchObject({
      status: 409,
      problem: { kind: 'mistyped', expected: 4 },
    });
    expect(await call('applyPlan', { params, body: { ...all(plan), hash: '000000000000' } })).toMatchObject({
      status: 422,
      problem: { kind: 'refused', message: expect.stringContaining('another one') },
    });
    expect(await call('applyPlan', { params, body: { ...all(plan), kinds: ['delete'], planned: 0 } })).toMatchObject({
      status: 422,
    });
    expect(world.queue).toEqual([]);
    expect(await world.services.audit.recent({ before: undefined, limit: 5 })).toEqual([]);
  });

  test('an operator applies what neither destroys nor creates too many; the rest needs an admin', async () => {
    const { call, params, world, plan } = await planned();
    const as = 'operator';
    const denied = await call('applyPlan', { as, params, body: all(plan) });
    expect(denied).toMatchObject({ status: 403, problem: { kind: 'not-allowed', needs: 'admin', role: as } });
    expect(world.queue).toEqual([]);
    const body = { hash: plan.hash, kinds: ['update' as const, 'create' as const], planned: 3, reason };
    expect(await call('applyPlan', { as, params, body })).toMatchObject({ status: 200 });

    const few = await planned({ CREATION_LIMIT: '0' });
    const create = { hash: few.plan.hash, kinds: ['create' as const], planned: 1, reason };
    expect(await few.call('applyPlan', { as, params: few.params, body: create })).toMatchObject({ status: 403 });
  });

  test('one that expired, or was made with other settings, is refused in words, on its page and when it is tried', async () => {
    let later = 0;
    const clock = { now: () => Date.now() + later, wait: async () => undefined };
    const world = inProcess({ clock });
    await crowd(world, 2);
    rename(world, 0, 'Planned');
    const { runId } = await world.run({ dryRun: true });
    const { call } = talk(world);
    const params = { runId };
    const body = all((await call('plan', { params })).value);

    const other = talk(inProcess({ env: { CONFLICT_POLICY: 'newest-record' }, sharing: world, clock }));
    expect((await other.call('plan', { params })).value.refusal).toContain('other settings');
    expect(await other.call('applyPlan', { params, body })).toMatchObject({ status: 422 });

    later = 8 * 86_400_000;
    expect((await call('plan', { params })).value.refusal).toContain('7 days ago');
    expect(await call('applyPlan', { params, body })).toMatchObject({ status: 422 });
    expect(world.queue).toEqual([]);
  });

  test('while every write is stopped it is refused (rule 33)', async () => {
    const { call, params, plan } = await planned();
    await call('stopWrites', { body: { reason } });
    expect(await call('applyPlan', { params, body: all(plan) })).toMatchObject({
      status: 422,
      problem: { message: expect.stringContaining('stopped') },
    });
  });

  test.each([
    { hash: 'abc', kinds: [], planned: 4, reason },
    { hash: '000000000000', kinds: ['everything'], planned: 4, reason },
    { hash: '000000000000', kinds: [], planned: -1, reason },
    { hash: '000000000000', kinds: [], planned: 4, reason: ' ' },
    { hash: '000000000000', kinds: [], planned: 4, reason, people: ['x'] },
    {},
  ])('a body that is not as it must be does nothing: %j', async (body) => {
    const { call, params } = await planned();
    expect(await call('applyPlan', { params, body: body as never })).toMatchObject({ status: 400 });
  });
});
