import { describe, expect, test } from 'vitest';
import { createDeveloper } from '../../../../shared/operator/actions/create-developer.ts';
import { deleteDeveloper } from '../../../../shared/operator/actions/delete-developer.ts';
import { setStatus } from '../../../../shared/operator/actions/set-status.ts';
import { opal } from '../../../support/acting.ts';
import { crowd, emailOf, idOf } from '../../../support/crowd.ts';
import { inProcess, type InProcess } from '../../../support/in-process.ts';
import { email } from '../../state/samples.ts';

const ann = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Archer' };
const key = email(ann.email);
const draft = { ...ann, userName: undefined, attributes: new Map([['plan', 'gold']]) };

async function linked(): Promise<InProcess> {
  const world = inProcess();
  world.database.putPortalDocument('u1', { ...ann, status: 'active' });
  world.developers.seed(ann);
  await world.run();
  return world;
}

describe('activating and deactivating', () => {
  test('sets both sides, and neither a run nor the push of the portal edit undoes it (rule 14)', async () => {
    const world = await linked();
    const order = { key, status: 'inactive', isOneOfMany: false } as const;
    expect(await setStatus(world.services, opal, order)).toMatchObject({
      kind: 'ended',
      state: 'done',
      words: ['inactive in Apigee', 'inactive on the portal', 'both sides are in step'],
    });
    await world.push('u1');
    await world.run();
    expect(world.developers.all()).toMatchObject([{ status: 'inactive' }]);
    expect(world.user('u1')).toMatchObject({ status: 'inactive' });
    await setStatus(world.services, opal, { ...order, status: 'active' });
    await world.run();
    expect(world.developers.all()).toMatchObject([{ status: 'active' }]);
    expect(world.user('u1')).toMatchObject({ status: 'active' });
  });

  test('many deactivations count against the limit of 60 minutes, and single ones do not (rule 16)', async () => {
    const world = inProcess({ env: { DESTRUCTIVE_LIMIT: '1' } });
    await crowd(world, 3);
    const deactivate = (place: number, isOneOfMany: boolean) =>
      setStatus(world.services, opal, { key: email(emailOf(place)), status: 'inactive', isOneOfMany });
    expect(await deactivate(0, true)).toMatchObject({ state: 'done' });
    expect(await deactivate(1, true)).toMatchObject({
      kind: 'refused',
      words: expect.stringContaining('DESTRUCTIVE_LIMIT'),
    });
    expect(await deactivate(2, false)).toMatchObject({ state: 'done' });
    expect(world.developers.all().map(({ status }) => status)).toEqual(['inactive', 'active', 'inactive']);
  });
});

test('a deactivation counts on whichever side it is made, and not where nothing is left to do (rule 16)', async () => {
  const world = inProcess({ env: { DESTRUCTIVE_LIMIT: '1' } });
  await crowd(world, 3);
  const deactivate = (place: number) =>
    setStatus(world.services, opal, { key: email(emailOf(place)), status: 'inactive', isOneOfMany: true });
  for (const place of [0, 1]) await world.developers.setStatus(emailOf(place), 'inactive');
  expect(await deactivate(0)).toMatchObject({ state: 'done' });
  expect(await deactivate(0)).toMatchObject({ state: 'nothing' });
  expect(await deactivate(1)).toMatchObject({ kind: 'refused', words: expect.stringContaining('DESTRUCTIVE_LIMIT') });
  expect(world.user(idOf(1))).toMatchObject({ status: 'active' });
});

describe('deleting', () => {
  test('deletes both sides, and no run brings the person back (rule 15)', async () => {
    const world = await linked();
    expect(await deleteDeveloper(world.services, opal, { key, typed: 'Ann@Example.com' })).toMatchObject({
      kind: 'ended',
      state: 'done',
      words: ['deleted on the portal', 'deleted in Apigee, with all apps and keys', expect.any(String)],
    });
    await world.push('u1');
    await world.run();
    expect(world.developers.all()).toEqual([]);
    expect(world.database.portalDocuments()).toEqual([]);
    expect(world.database.linkOf(key)).toMatchObject({ presence: 'none', tombstone: { side: 'both' } });
  });

  test('is refused with another email than the developer has, and records nothing', async () => {
    const world = await linked();
    expect(await deleteDeveloper(world.services, opal, { key, typed: 'bob@example.com' })).toMatchObject({
      kind: 'invalid',
    });
    expect(world.developers.all()).toHaveLength(1);
    expect(await world.services.audit.ofPerson(key)).toEqual([]);
  });

  test('counts against the limit of 60 minutes, and over it touches neither side (rule 16)', async () => {
    const world = inProcess({ env: { DESTRUCTIVE_LIMIT: '1' } });
    await crowd(world, 2);
    const remove = (place: number) =>
      deleteDeveloper(world.services, opal, { key: email(emailOf(place)), typed: undefined });
    expect(await remove(0)).toMatchObject({ state: 'done' });
    expect(await remove(1)).toMatchObject({ kind: 'refused' });
    expect(world.developers.all()).toHaveLength(1);
    expect(world.database.portalDocuments()).toHaveLength(1);
  });

  test('where the process ends after the portal user went, the policy for a deleted portal user applies (rule 24)', async () => {
    const world = await linked();
    const crashing = {
      ...world.services,
      developers: (onCall: Parameters<typeof world.services.developers>[0]) => ({
        ...world.services.developers(onCall),
        delete: () => Promise.reject(new Error('the process ends')),
      }),
    };
    await expect(deleteDeveloper(crashing, opal, { key, typed: undefined })).rejects.toThrow('the process ends');
    expect(world.user('u1')).toBeUndefined();
    expect(await world.services.audit.ofPerson(key)).toMatchObject([{ end: { state: 'failed' } }]);
    expect(world.database.linkOf(key)?.lease).toBeDefined();
  });
});

describe('creating', () => {
  test('makes the developer, and the portal user with a password that nobody knows (rule 6)', async () => {
    const world = inProcess();
    await world.run();
    expect(await createDeveloper(world.services, opal, draft)).toMatchObject({
      kind: 'ended',
      state: 'done',
      words: ['created in Apigee', 'created on the portal'],
    });
    expect(world.developers.all()).toMatchObject([{ ...ann, attributes: draft.attributes, status: 'active' }]);
    expect(world.database.portalDocuments()).toMatchObject([
      { data: { email: ann.email, passwordResetRequired: true } },
    ]);
  });

  test('refuses what Apigee would refuse, by field', async () => {
    const world = inProcess();
    const wrong = { ...draft, email: 'Ann@Example.com', firstName: '', attributes: new Map([['_apiportal_x', '1']]) };
    expect(await createDeveloper(world.services, opal, wrong)).toMatchObject({
      kind: 'invalid',
      problems: [{ field: 'email' }, { field: 'firstName' }, { field: 'attributes._apiportal_x' }],
    });
    expect(world.calls.create).toBe(0);
  });

  test('takes eighteen attributes as long as Apigee documents them, and refuses more and longer ones by name', async () => {
    const world = inProcess();
    await world.run();
    const many = (count: number) => Array.from({ length: count }, (_, at) => [`a${String(at)}`, 'v'] as const);
    const create = (attributes: readonly (readonly [string, string])[]) =>
      createDeveloper(world.services, opal, { ...draft, attributes: new Map(attributes) });
    const refused: readonly (readonly [readonly (readonly [string, string])[], string, string])[] = [
      [many(19), 'attributes', 'at most 18'],
      [[['plan', 'ä'.repeat(1025)]], 'attributes.plan', 'value of more than 2048 bytes'],
      [[['p'.repeat(1025), 'v']], `attributes.${'p'.repeat(1025)}`, 'name of more than 1024 bytes'],
      [[['_apiportal_x', '1']], 'attributes._apiportal_x', 'is reserved for Apigee itself'],
    ];
    for (const [attributes, field, message] of refused)
      expect(await create(attributes)).toMatchObject({
        kind: 'invalid',
        problems: [{ field, message: expect.stringContaining(message) }],
      });
    expect(await create([...many(17), ['plan', 'v'.repeat(2048)]])).toMatchObject({ state: 'done' });
    expect(world.developers.all()[0]?.attributes.size).toBe(18);
  });

  test('refuses an email that either side has already', async () => {
    const world = await linked();
    expect(await createDeveloper(world.services, opal, draft)).toMatchObject({ kind: 'refused' });
    const other = inProcess();
    other.database.putPortalDocument('u1', ann);
    expect(await createDeveloper(other.services, opal, draft)).toMatchObject({
      kind: 'refused',
      words: expect.stringContaining('portal user'),
    });
    expect(other.calls.create).toBe(0);
  });
});
