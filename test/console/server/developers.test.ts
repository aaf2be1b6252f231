import { describe, expect, test } from 'vitest';
import { crowd, emailOf } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { linesOf, talk } from './talk.ts';

const ann = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Archer' };
const reason = 'asked for';

async function withAnn(): Promise<InProcess> {
  const world = inProcess();
  world.database.putPortalDocument('u1', { ...ann, status: 'active', attributes: { plan: 'gold' } });
  world.developers.seed({ ...ann, attributes: new Map([['plan', 'gold']]) });
  await world.run();
  return world;
}

describe('the list of developers', () => {
  test('comes by pages of 100, everybody once, with how each one stands', async () => {
    const world = inProcess();
    await crowd(world, 205);
    const { call } = talk(world);
    const seen: string[] = [];
    let after: string | undefined;
    const sizes: number[] = [];
    do {
      const { value } = await call('listDevelopers', { as: 'viewer', body: { after } });
      seen.push(...value.developers.map(({ email }) => email));
      sizes.push(value.developers.length);
      expect(new Set(value.developers.map(({ sync }) => sync))).toEqual(new Set(['in-step']));
      after = value.next ?? undefined;
    } while (after !== undefined);
    expect(sizes).toEqual([100, 100, 5]);
    expect(new Set(seen).size).toBe(205);
  });

  test('goes on where it was although the last developer of the page before was deleted', async () => {
    const world = inProcess();
    await crowd(world, 150);
    const { call } = talk(world);
    const first = (await call('listDevelopers', { body: {} })).value;
    world.developers.remove(first.developers.at(-1)?.email ?? '');
    const second = (await call('listDevelopers', { body: { after: first.next ?? undefined } })).value;
    expect(second.developers).toHaveLength(50);
    expect(second.developers.map(({ email }) => email)).not.toContain(first.developers[0]?.email);
  });

  test('a developer whom nobody has synchronised yet waits, and is found by id all the same', async () => {
    const { call, world } = talk();
    world.developers.seed(ann);
    const [row] = (await call('listDevelopers', { body: {} })).value.developers;
    expect(row).toMatchObject({ email: ann.email, sync: 'waits', id: row?.developerId });
    const { value } = await call('person', { body: { person: { id: row?.id ?? '' } } });
    expect(value).toMatchObject({ id: row?.id, key: ann.email });
  });
});

describe('searching', () => {
  test('an email is asked for in one call, in any case', async () => {
    const { call, world } = talk(await withAnn());
    const before = { ...world.calls };
    const { value } = await call('searchDevelopers', { as: 'viewer', body: { query: ' Ann@Example.com ' } });
    expect(value).toMatchObject({ kind: 'exact', developers: [{ email: ann.email, sync: 'in-step' }] });
    expect(world.calls.get - before.get).toBe(1);
    expect(world.calls.list).toBe(before.list);
  });

  test('the beginning of an email finds all who have it, a page at a time, without a walk of the listing', async () => {
    const world = inProcess();
    await crowd(world, 180);
    const { call } = talk(world);
    const lists = world.calls.list;
    const first = (await call('searchDevelopers', { body: { query: 'PERSON-1' } })).value;
    expect(first).toMatchObject({ kind: 'prefix', others: [] });
    const second = (await call('searchDevelopers', { body: { query: 'person-1', after: first.next ?? undefined } }))
      .value;
    const found = [...first.developers, ...second.developers].map(({ email }) => email);
    const expected = Array.from({ length: 180 }, (_, place) => emailOf(place)).filter((email) =>
      email.startsWith('person-1'),
    );
    expect(found.toSorted()).toEqual(expected.toSorted());
    expect(world.calls.list).toBe(lists);
  });

  test('people who are only on the portal are named besides', async () => {
    const { call, world } = talk();
    world.database.putPortalDocument('u1', { ...ann, lastName: undefined });
    await world.run();
    expect((await call('searchDevelopers', { body: { query: 'ann' } })).value).toMatchObject({
      developers: [],
      others: [{ key: ann.email, words: 'only on the portal' }],
    });
  });

  test('a scan finds by name, attribute, app, status and state, as it walks', async () => {
    const world = await withAnn();
    world.developers.seed({ email: 'bob@example.com', firstName: 'Bob', lastName: 'Baker', status: 'inactive' });
    world.apps.seed(ann.email, [{ name: 'Weather', status: 'approved', createdAt: 1, lastModifiedAt: 1, keys: [] }]);
    const { call } = talk(world);
    const find = async (filter: object) =>
      linesOf((await call('scanDevelopers', { as: 'viewer', body: { filter } })).text).flatMap((line) => {
        const { kind, developer } = line as { kind: string; developer?: { email: string } };
        return kind === 'developer' ? [developer?.email] : [];
      });
    expect(await find({ query: 'ann arch' })).toEqual([ann.email]);
    expect(await find({ query: 'plan=gold' })).toEqual([ann.email]);
    expect(await find({ query: 'plan=silver' })).toEqual([]);
    expect(await find({ app: 'weath' })).toEqual([ann.email]);
    expect(await find({ status: 'inactive' })).toEqual(['bob@example.com']);
    expect(await find({ sync: 'waits' })).toEqual(['bob@example.com']);
    const lines = linesOf((await call('scanDevelopers', { body: { filter: { query: '@example.com' } } })).text);
    expect(lines.at(-1)).toEqual({ kind: 'over', looked: 2, found: 2, complete: true, next: null, problem: null });
  });

  test('a scan of everybody is an export, which a viewer may not have', async () => {
    const { call } = talk();
    expect((await call('scanDevelopers', { as: 'viewer', body: { filter: {} } })).status).toBe(400);
    expect((await call('scanDevelopers', { as: 'viewer', body: { filter: { query: '' } } })).status).toBe(400);
  });
});

describe('a person', () => {
  test('is shown with both sides, the base, where an edit goes, and what was done', async () => {
    const { call } = talk(await withAnn());
    const { value } = await call('person', { as: 'viewer', body: { person: { key: 'ANN@example.com' } } });
    expect(value).toMatchObject({
      key: ann.email,
      sync: 'in-step',
      situation: 'in-step',
      portalUser: { userId: 'u1' },
    });
    expect(value.fields).toMatchObject([
      { field: 'firstName', portal: 'Ann', apigee: 'Ann', edit: 'portal', changed: 'neither' },
      { field: 'lastName' },
      { field: 'status', portal: 'active', apigee: 'active' },
      { field: 'attributes.plan', portal: 'gold', apigee: 'gold', basePortal: 'gold', baseApigee: 'gold' },
    ]);
    expect((await call('person', { body: { person: { id: value.id } } })).value).toMatchObject({ key: ann.email });
    expect(await call('person', { body: { person: { key: 'nobody@example.com' } } })).toMatchObject({ status: 404 });
  });

  test('apps are shown with their keys, of which only the end is told', async () => {
    const world = await withAnn();
    const keys = [
      {
        keyEnd: 'wxyz',
        status: 'approved',
        issuedAt: 0,
        expiresAt: undefined,
        products: [{ name: 'p', status: 'approved' }],
      },
    ];
    world.apps.seed(ann.email, [{ name: 'Weather', status: 'approved', createdAt: 1, lastModifiedAt: 2, keys }]);
    const { value } = await talk(world).call('apps', { as: 'viewer', body: { person: { key: ann.email } } });
    expect(value.apps).toMatchObject([
      { name: 'Weather', keys: [{ keyEnd: 'wxyz', issuedAt: null, expiresAt: null }] },
    ]);
  });

  test('explain goes step by step, and writes nothing', async () => {
    const { call, world } = talk(await withAnn());
    world.database.putPortalDocument('u1', {
      ...ann,
      lastName: 'Baker',
      status: 'active',
      attributes: { plan: 'gold' },
    });
    const { value } = await call('explain', { as: 'viewer', body: { person: { key: ann.email } } });
    expect(value.steps.map(({ step, state }) => [step, state])).toEqual([
      ['found', 'passed'],
      ['in-scope', 'passed'],
      ['matched', 'passed'],
      ['situation', 'passed'],
      ['decision', 'passed'],
      ['writes', 'passed'],
    ]);
    expect(value.writes).toEqual(['Apigee: set lastName to "Baker"']);
    expect(world.calls.update).toBe(0);
    const synced = await call('syncPerson', { as: 'operator', body: { person: { key: ann.email }, reason } });
    expect(synced.value).toMatchObject({ result: 'done', person: { sync: 'in-step' } });
    expect(world.developers.all()).toMatchObject([{ lastName: 'Baker' }]);
  });
});
