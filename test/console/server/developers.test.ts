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
    const lines = linesOf((await call('scanDevelopers', { body: { filter: {} } })).text);
    expect(lines.at(-1)).toEqual({ kind: 'over', looked: 2, found: 2, complete: true, next: null, problem: null });
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

describe('editing by the API', () => {
  const open = async (call: ReturnType<typeof talk>['call']) =>
    (await call('person', { body: { person: { key: ann.email } } })).value;

  test('an edit reaches both sides, and the answer shows the person as they are now', async () => {
    const { call, world } = talk(await withAnn());
    const { id, seen } = await open(call);
    const changes = [{ field: 'lastName', value: 'Baker' }];
    const edited = await call('editDeveloper', { as: 'operator', body: { person: { id }, seen, changes, reason } });
    expect(edited.value).toMatchObject({
      result: 'done',
      person: { sync: 'in-step', developer: { lastName: 'Baker' } },
    });
    expect(edited.value.person?.history[0]).toMatchObject({ kind: 'operator', by: 'operator@example.org', reason });
    expect(world.user('u1')).toMatchObject({ lastName: 'Baker' });
  });

  test('of two operators who edit one person the second one gets a conflict with the difference', async () => {
    const { call, world } = talk(await withAnn());
    const { id, seen } = await open(call);
    const edit = (value: string) =>
      call('editDeveloper', { body: { person: { id }, seen, changes: [{ field: 'lastName', value }], reason } });
    expect(await edit('First')).toMatchObject({ status: 200 });
    const second = await edit('Second');
    expect(second).toMatchObject({ status: 409, problem: { kind: 'conflict' } });
    expect(second.problem?.kind === 'conflict' ? second.problem.diff : []).toEqual(
      expect.arrayContaining([
        { side: 'portal', field: 'lastName', now: 'First', edit: 'Second' },
        { side: 'apigee', field: 'lastName', now: 'First', edit: 'Second' },
      ]),
    );
    expect(second.problem?.kind === 'conflict' ? second.problem.now.seen : seen).not.toBe(seen);
    expect(world.user('u1')).toMatchObject({ lastName: 'First' });
  });

  test('what Apigee would refuse is told by field', async () => {
    const { call } = talk(await withAnn());
    const { id, seen } = await open(call);
    const changes = [{ field: 'firstName', value: '' }];
    expect(await call('editDeveloper', { body: { person: { id }, seen, changes, reason } })).toMatchObject({
      status: 400,
      problem: { kind: 'invalid', fields: [{ field: 'firstName', message: expect.stringMatching(/^[A-Z].*\.$/) }] },
    });
  });

  test('create, deactivate, activate and delete', async () => {
    const { call, world } = talk();
    await world.run();
    const created = await call('createDeveloper', {
      as: 'operator',
      body: { ...ann, attributes: [{ name: 'plan', value: 'gold' }], reason },
    });
    expect(created).toMatchObject({ status: 200, value: { result: 'done', person: { sync: 'in-step' } } });
    const person = { id: created.value.person?.id ?? '' };
    const off = await call('deactivateDeveloper', { as: 'operator', body: { person, reason } });
    expect(off.value.person).toMatchObject({
      developer: { status: 'inactive' },
      portalUser: { status: 'inactive' },
      may: { activate: true, deactivate: false },
    });
    expect((await call('activateDeveloper', { body: { person, reason } })).value.person?.developer?.status).toBe(
      'active',
    );
    expect(await call('deleteDeveloper', { body: { person, email: 'other@example.com', reason } })).toMatchObject({
      status: 400,
    });
    expect(await call('deleteDeveloper', { body: { person, email: ann.email, reason } })).toMatchObject({
      status: 200,
    });
    expect(world.developers.all()).toEqual([]);
    expect(world.database.portalDocuments()).toEqual([]);
  });

  test('many are acted on with the number typed, within the limit, and told line by line', async () => {
    const world = inProcess({ env: { DESTRUCTIVE_LIMIT: '2' } });
    await crowd(world, 4);
    const { call } = talk(world);
    const people = (await call('listDevelopers', { body: {} })).value.developers.map(({ id }) => id);
    expect(await call('bulkDevelopers', { body: { action: 'deactivate', people, count: 3, reason } })).toMatchObject({
      status: 409,
      problem: { kind: 'mistyped', expected: 4 },
    });
    const { text } = await call('bulkDevelopers', { body: { action: 'deactivate', people, count: 4, reason } });
    expect(linesOf(text).at(-1)).toMatchObject({ kind: 'over', changed: 2, held: 2 });
    expect(world.developers.all().filter(({ status }) => status === 'inactive')).toHaveLength(2);
  });

  test('where the account may only read, nothing is edited', async () => {
    const world = await withAnn();
    const { call } = talk(world, { editDevelopers: false });
    const { id, seen } = await open(call);
    const changes = [{ field: 'lastName', value: 'Baker' }];
    expect(await call('editDeveloper', { body: { person: { id }, seen, changes, reason } })).toMatchObject({
      status: 422,
    });
    expect((await call('session')).value.offers.editDevelopers).toBe(false);
    expect(world.user('u1')).toMatchObject({ lastName: 'Archer' });
  });
});

describe('exporting by the API', () => {
  test('CSV is for spreadsheets: attributes as columns, no cell is a formula; JSON loses nothing', async () => {
    const world = await withAnn();
    world.developers.seed({
      email: 'bob@example.com',
      firstName: '=1+1',
      lastName: 'Ba"ker',
      attributes: new Map([['note', '\u00a0=x']]),
    });
    const { call } = talk(world);
    const csv = await call('exportDevelopers', { as: 'operator', body: { format: 'csv' } });
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toMatch(/developers-\d{4}-\d\d-\d\d-for-spreadsheets\.csv/);
    const lines = csv.text.split('\r\n');
    expect(lines[0]).toBe(
      'email,developerId,userName,firstName,lastName,status,sync,createdAt,lastModifiedAt,apps,attributes.note,attributes.plan,otherAttributes',
    );
    expect(lines[2]).toContain(`'=1+1,"Ba""ker"`);
    expect(lines[2]).toContain("'\u00a0=x");
    const json = await call('exportDevelopers', { body: { format: 'json', filter: { query: 'bob' } } });
    expect(JSON.parse(json.text)).toMatchObject([
      { email: 'bob@example.com', firstName: '=1+1', attributes: [{ name: 'note', value: '\u00a0=x' }] },
    ]);
    expect((await call('activity')).value.entries[0]).toMatchObject({
      words: expect.stringContaining('exported developers'),
      state: 'done',
    });
  });
});

test('no email and no name of a developer stands in the log or in an address (rule 27)', async () => {
  const { call, world } = talk(await withAnn());
  await call('searchDevelopers', { body: { query: ann.email } });
  const { value } = await call('person', { body: { person: { key: ann.email } } });
  const changes = [{ field: 'lastName', value: 'Unspoken' }];
  await call('editDeveloper', { body: { person: { id: value.id }, seen: value.seen, changes, reason } });
  await call('deleteDeveloper', { body: { person: { id: value.id }, email: ann.email, reason } });
  const said = JSON.stringify(world.logs.map(({ person: _, ...entry }) => entry));
  for (const secret of [ann.email, 'Archer', 'Unspoken']) expect(said).not.toContain(secret);
  expect(value.id).not.toContain('@');
});
