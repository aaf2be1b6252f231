import { describe, expect, test } from 'vitest';
import type { Role } from '../../../console/api/roles.ts';
import { crowd } from '../../support/crowd.ts';
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
    const history = edited.value.person?.history ?? [];
    expect(history.filter(({ kind }) => kind === 'operator')).toMatchObject([{ by: 'operator@example.org', reason }]);
    expect(world.user('u1')).toMatchObject({ lastName: 'Baker' });
  });

  test('the history shows what was changed: to operators with the values, to who only looks without (rule 34)', async () => {
    const { call } = talk(await withAnn());
    const { id, seen } = await open(call);
    const changes = [{ field: 'lastName', value: 'Baker' }];
    await call('editDeveloper', { as: 'operator', body: { person: { id }, seen, changes, reason } });
    const asRole = async (as: Role) => {
      const { value } = await call('person', { as, body: { person: { id } } });
      const changed = value.history.filter(({ kind }) => kind === 'changed');
      return changed.flatMap(({ writes, by }) => writes.map((write) => ({ by, ...write })));
    };
    const values = { before: 'Archer', after: 'Baker' };
    for (const role of ['operator', 'admin'] as const)
      expect(await asRole(role)).toEqual(
        expect.arrayContaining([
          { by: 'operator@example.org', side: 'portal', field: 'lastName', values },
          { by: 'operator@example.org', side: 'apigee', field: 'lastName', values },
        ]),
      );
    const writes = await asRole('viewer');
    expect(writes.map(({ field }) => field)).toContain('lastName');
    expect(writes.every((write) => write.values === null)).toBe(true);
    const { value } = await call('explain', { as: 'viewer', body: { person: { id } } });
    expect(value.person.history.flatMap((entry) => entry.writes).every((write) => write.values === null)).toBe(true);
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

  test('where the account may only read, nothing is edited, and nobody synchronised or released one by one', async () => {
    const world = await withAnn();
    const { call } = talk(world, { editDevelopers: false });
    const { id, seen } = await open(call);
    const changes = [{ field: 'lastName', value: 'Baker' }];
    expect(await call('editDeveloper', { body: { person: { id }, seen, changes, reason } })).toMatchObject({
      status: 422,
    });
    const person = { id };
    for (const answered of [
      await call('syncPerson', { body: { person, reason } }),
      await call('releasePerson', { body: { person, reason } }),
      await call('bulkDevelopers', { body: { action: 'sync', people: [id], count: 1, reason } }),
      await call('retryGroup', { params: { group: 'any' }, body: { count: 1, reason } }),
      await call('releaseGroup', { params: { group: 'any' }, body: { count: 1, reason } }),
    ]) {
      expect(answered).toMatchObject({ status: 422, problem: { kind: 'refused' } });
      expect(answered.problem?.message).toContain('console.edit_developers');
    }
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
