import { describe, expect, test } from 'vitest';
import type { PlanAnswer } from '../../../console/api/answers/plans.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { crowd, deleteUsers, documentOf, emailOf, idOf, inactive } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { linesOf, talk, type Talk } from './talk.ts';

const reason = 'a test';
const limits = { DESTRUCTIVE_LIMIT: '100', DESTRUCTIVE_LIMIT_PERCENT: '100' };
const kinds: [] = [];

/** Two renamed on the portal, one gone from it, one new there: what a full dry run has found of six. */
async function planned(env: Readonly<Record<string, string>> = {}) {
  const world = inProcess({ env: { ...limits, ...env } });
  await crowd(world, 6);
  for (const person of [0, 1]) rename(world, person, 'Planned');
  deleteUsers(world, 2, 3);
  world.database.putPortalDocument(idOf(7), documentOf(7));
  const { runId } = await world.run({ dryRun: true });
  const desk = talk(world);
  return { ...desk, params: { runId }, plan: (await desk.call('plan', { params: { runId } })).value };
}

const rename = (world: InProcess, person: number, lastName: string): void =>
  world.database.putPortalDocument(idOf(person), { ...documentOf(person), lastName });

const all = ({ hash, people }: PlanAnswer) => ({ hash, kinds, planned: people, reason });

async function applied({ call, world, params }: Pick<Talk, 'call' | 'world'> & { params: { runId: string } }) {
  const plan = (await call('plan', { params })).value;
  const { value } = await call('applyPlan', { params, body: all(plan) });
  await world.drain();
  return { runId: value.runId };
}

describe('the plan of a dry run', () => {
  test('is told by kind and group, with its hash and how long it is kept', async () => {
    const { plan, params, world } = await planned();
    expect(plan).toMatchObject({
      runId: params.runId,
      hash: expect.stringMatching(/^[0-9a-f]{12}$/u),
      people: 4,
      kinds: { create: 1, update: 2, deactivate: 1, delete: 0 },
      refusal: null,
    });
    expect(plan.expiresAt).toBeGreaterThan(world.services.clock.now() + 6 * 86_400_000);
    expect(plan.groups[0]).toMatchObject({
      situationWords: 'changed on the portal',
      outcomeWords: 'would be updated in Apigee',
      people: 2,
      domains: [{ domain: 'example.com', people: 2 }],
    });
  });

  test('shows everybody with the values before and after, to viewers the names of the fields alone', async () => {
    const { call, params } = await planned();
    const body = { kind: 'update' } as const;
    const { value, text } = await call('changedPeople', { as: 'operator', params, body });
    expect(value.people.map(({ key }) => key).toSorted()).toEqual([emailOf(0), emailOf(1)]);
    expect(value.people[0]?.writes).toEqual([
      { side: 'apigee', field: 'lastName', values: { before: 'Last', after: 'Planned' } },
    ]);
    expect(text).toContain('Planned');
    const seen = await call('changedPeople', { as: 'viewer', params, body });
    expect(seen.value.people[0]?.writes).toEqual([{ side: 'apigee', field: 'lastName', values: null }]);
    expect(seen.text).not.toContain('Planned');
    expect((await call('plan', { as: 'viewer', params })).text).not.toContain('Planned');
  });

  test('is filtered by kind, situation, what would be done, and part of the email', async () => {
    const { call, params } = await planned();
    const keys = async (body: Parameters<typeof call<'changedPeople'>>[1]) =>
      (await call('changedPeople', { params, ...body })).value.people.map(({ key }) => key);
    expect(await keys({ body: { kind: 'deactivate' } })).toEqual([emailOf(2)]);
    expect(await keys({ body: { situation: 'portal-only' } })).toEqual([emailOf(7)]);
    expect(await keys({ body: { outcome: 'created-apigee' } })).toEqual([emailOf(7)]);
    expect(await keys({ body: { person: 'PERSON-1@' } })).toEqual([emailOf(1)]);
    expect(await keys({ body: {} })).toHaveLength(4);
  });

  test('comes in pages, each person once and none left out', async () => {
    const world = inProcess({ env: limits });
    for (let person = 0; person < 230; person += 1) world.database.putPortalDocument(idOf(person), documentOf(person));
    const { runId } = await world.run({ dryRun: true });
    const { call } = talk(world);
    const seen: string[] = [];
    const lengths: number[] = [];
    for (let after: string | undefined; ;) {
      const body = after === undefined ? {} : { after };
      const { people, next } = (await call('changedPeople', { params: { runId }, body })).value;
      seen.push(...people.map(({ key }) => key));
      lengths.push(people.length);
      if (next === null) break;
      after = next;
    }
    expect(lengths).toEqual([100, 100, 30]);
    expect(new Set(seen).size).toBe(230);
  });

  test.each(['nowhere', 'W10', Buffer.from('["a@b.c","../x"]').toString('base64url')])(
    'a place that is none, %s, is refused',
    async (after) => {
      const { call, params } = await planned();
      expect(await call('changedPeople', { params, body: { after } })).toMatchObject({ status: 422 });
    },
  );

  test('is taken away whole, with values, by an operator, and that is recorded', async () => {
    const { call, params, world } = await planned();
    const { text } = await call('exportChanges', { as: 'operator', params, body: { format: 'ndjson' } });
    const update = { side: 'apigee', field: 'lastName', before: 'Last', after: 'Planned' };
    expect(linesOf(text)).toContainEqual(expect.objectContaining({ email: emailOf(0), changes: [update] }));
    expect((await call('exportChanges', { params, body: { format: 'csv' } })).text).toContain('Planned');
    expect(JSON.parse((await call('exportChanges', { params, body: { format: 'json' } })).text)).toHaveProperty('people');
    const [record] = (await world.services.audit.recent({ before: undefined, limit: 3 })).toReversed();
    expect(record).toMatchObject({ action: 'export-run', runId: params.runId, end: { state: 'done' } });
  });

  test('a run that is none, or has none, is not found', async () => {
    const { call, world } = await planned();
    const { runId } = await world.run();
    for (const params of [{ runId: 'none' }, { runId }])
      expect(await call('plan', { params })).toMatchObject({ status: 404 });
    expect(await call('changedPeople', { params: { runId: 'none' }, body: {} })).toMatchObject({ status: 404 });
  });

  test('is made for chosen people, and begun at once', async () => {
    const { call, world } = await planned();
    const { developers } = (await call('listDevelopers', { body: {} })).value;
    const people = developers.slice(0, 2).map(({ id }) => id);
    const { value } = await call('planPeople', { as: 'operator', body: { people, reason } });
    expect(value.runId).toMatch(/^console-/u);
    expect((await call('plan', { params: value })).problem).toMatchObject({ kind: 'refused' });
    await world.drain();
    expect((await call('plan', { params: value })).value).toMatchObject({ people: 2, kinds: { update: 2 } });
    expect((await call('run', { params: value })).value).toMatchObject({
      run: { mode: 'people', dryRun: true, by: 'operator@example.org', reason },
      hasPlan: true,
      about: { people: 2, plan: null },
    });
    expect(await call('planPeople', { body: { people: ['nobody'], reason } })).toMatchObject({ status: 404 });
  });
});

describe('applying a plan', () => {
  test('does exactly what it says, once, and each run leads to the other', async () => {
    const { call, params, world, plan } = await planned();
    const before = world.developers.all().length;
    const { value } = await call('applyPlan', { params, body: all(plan) });
    await world.drain();
    expect(world.developers.all()).toHaveLength(before + 1);
    expect(inactive(world)).toEqual([emailOf(2)]);
    expect((await call('run', { params: value })).value).toMatchObject({
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

  test('whoever changed since is stale, and both decisions are told', async () => {
    const { call, params, world } = await planned();
    rename(world, 1, 'Meanwhile');
    const { runId } = await applied({ call, world, params });
    const { stale, run } = (await call('run', { params: { runId } })).value;
    expect({ stale, held: run.counts?.held }).toEqual({ stale: 1, held: 1 });
    const body = { outcomes: ['held'] };
    const [left] = (await call('runPeople', { params: { runId }, body })).value.people;
    expect(left).toMatchObject({ key: emailOf(1), reason: expect.stringMatching(/Planned: .* Now: /u) });
    expect(world.developers.all().find(({ email }) => email === emailOf(1))?.lastName).toBe('Last');
  });

  test('by kind: only those are written', async () => {
    const { call, params, world, plan } = await planned();
    const body = { hash: plan.hash, kinds: ['update'], planned: 2, reason } as const;
    const { value } = await call('applyPlan', { params, body: { ...body, kinds: ['update'] } });
    await world.drain();
    expect(inactive(world)).toEqual([]);
    expect((await call('run', { params: value })).value).toMatchObject({
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
    const clock = { now: () => Date.now() + later, sleep: async () => undefined };
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

describe('a run that waits for somebody to look at every value (APPROVAL)', () => {
  test('shows its plan in the same way, is approved by its number, and no plan to apply', async () => {
    const world = inProcess({ env: { APPROVAL: 'always' } });
    for (const person of [0, 1, 2]) world.database.putPortalDocument(idOf(person), documentOf(person));
    const { runId } = await world.scheduledRun();
    const { call } = talk(world);
    const params = { runId };
    expect((await call('run', { params })).value).toMatchObject({
      run: { state: 'held' },
      hasPlan: true,
      judge: 'approve',
      gate: { review: true, planned: 3, uncreated: 0 },
    });
    const plan = (await call('plan', { as: 'viewer', params })).value;
    expect(plan).toMatchObject({ people: 3, kinds: { create: 3 }, refusal: null });
    expect((await call('changedPeople', { params, body: {} })).value.people).toHaveLength(3);
    expect(await call('applyPlan', { params, body: all(plan) })).toMatchObject({ status: 422 });
    expect((await call('plannedPeople', { params })).value).toMatchObject({ count: 3 });
    await call('approveRun', { params, body: { planned: 3, reason } });
    await world.drain();
    expect(world.developers.all()).toHaveLength(3);
    expect((await call('changedPeople', { params, body: {} })).value.people).toHaveLength(3);
    expect((await call('run', { params })).value).toMatchObject({ run: { state: 'done' }, mayUndo: true });
  });
});

describe('what stops working', () => {
  test('is told for up to ten people: their apps, and the keys that work now', async () => {
    const { call, world } = await planned();
    const key = { keyEnd: 'abcd', status: 'approved', issuedAt: 1, expiresAt: undefined, products: [] };
    const app = { name: 'weather', status: 'approved', createdAt: 1, lastModifiedAt: 1 };
    world.apps.seed(emailOf(0), [{ ...app, keys: [key, { ...key, status: 'revoked' }, { ...key, expiresAt: 5 }] }]);
    world.apps.seed(emailOf(1), [{ ...app, status: 'revoked', keys: [key] }]);
    const { developers } = (await call('listDevelopers', { body: {} })).value;
    const people = developers.slice(0, 3).map(({ id }) => id);
    const { value } = await call('whatStops', { as: 'viewer', body: { people } });
    expect(value).toEqual({ people: 3, apps: 2, keys: 4, working: 1, unread: 0 });
    const many = Array.from({ length: 11 }, (_, index) => String(index));
    expect(await call('whatStops', { body: { people: many } })).toMatchObject({ status: 400 });
  });
});
