import { describe, expect, test } from 'vitest';
import type { Body } from '../../../console/api/routes.ts';
import { documentOf, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';
import { all, planned, reason } from './planned.ts';
import { linesOf, talk } from './talk.ts';

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
    const keys = async (body: Body<'changedPeople'>) =>
      (await call('changedPeople', { params, body })).value.people.map(({ key }) => key);
    expect(await keys({ kind: 'deactivate' })).toEqual([emailOf(2)]);
    expect(await keys({ situation: 'portal-only' })).toEqual([emailOf(7)]);
    expect(await keys({ outcome: 'created-apigee' })).toEqual([emailOf(7)]);
    expect(await keys({ person: 'PERSON-1@' })).toEqual([emailOf(1)]);
    expect(await keys({})).toHaveLength(4);
  });

  test('comes in pages, each person once and none left out', async () => {
    const world = inProcess();
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
    expect(JSON.parse((await call('exportChanges', { params, body: { format: 'json' } })).text)).toHaveProperty(
      'people',
    );
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
    expect((await call('plan', { params: { ...value } })).problem).toMatchObject({ kind: 'refused' });
    await world.drain();
    expect((await call('plan', { params: { ...value } })).value).toMatchObject({ people: 2, kinds: { update: 2 } });
    expect((await call('run', { params: { ...value } })).value).toMatchObject({
      run: { mode: 'people', dryRun: true, by: 'operator@example.org', reason },
      hasPlan: true,
      about: { people: 2, plan: null },
    });
    expect(await call('planPeople', { body: { people: ['nobody'], reason } })).toMatchObject({ status: 404 });
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
