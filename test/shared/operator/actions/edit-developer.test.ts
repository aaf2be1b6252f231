import { describe, expect, test } from 'vitest';
import type { Services } from '../../../../shared/wiring/services.ts';
import { editDeveloper } from '../../../../shared/operator/actions/edit-developer.ts';
import type { FieldChange } from '../../../../shared/core/model/profile.ts';
import { readPerson } from '../../../../shared/operator/views/person.ts';
import { seenOf } from '../../../../shared/operator/views/seen.ts';
import { opal } from '../../../support/acting.ts';
import { inProcess, type InProcess } from '../../../support/in-process.ts';
import { email } from '../../state/samples.ts';

const ann = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Archer' };
const key = email(ann.email);

async function linked(env: Readonly<Record<string, string>> = {}): Promise<InProcess> {
  const world = inProcess({ env });
  world.database.putPortalDocument('u1', { ...ann, status: 'active', attributes: { plan: 'gold' } });
  world.developers.seed({ ...ann, attributes: new Map([['plan', 'gold']]) });
  await world.run();
  return world;
}

const seenBy = async (services: Services): Promise<string> => {
  const view = await readPerson(services, key);
  if (view.kind !== 'decided') throw new Error('Apigee was not read');
  return seenOf(view.subject);
};

const edit = async (world: InProcess, ...changes: FieldChange[]) =>
  editDeveloper(world.services, opal, { key, seen: await seenBy(world.services), changes });

const developerOf = (world: InProcess) => world.developers.all().find(({ email: it }) => it === ann.email);

describe('editing a developer', () => {
  test('a field with a place on the portal is set there, pushed at once, and in step: a later run writes nothing', async () => {
    const world = await linked();
    const done = await edit(
      world,
      { field: 'lastName', value: 'Baker' },
      { field: 'attributes.plan', value: undefined },
    );
    expect(done).toMatchObject({ kind: 'ended', state: 'done', words: ['set on the portal', 'updated in Apigee'] });
    expect(world.user('u1')).toMatchObject({ lastName: 'Baker', attributes: {} });
    expect(developerOf(world)).toMatchObject({ lastName: 'Baker', attributes: new Map() });
    expect(world.database.linkOf(key)).toMatchObject({ intents: [], last: { outcome: 'updated-apigee' } });
    expect(world.database.linkOf(key)?.lease).toBeUndefined();
    const before = { ...world.calls };
    await world.run();
    expect(world.calls).toEqual({ ...before, list: expect.any(Number), get: expect.any(Number) });
  });

  test('an attribute that the mapping does not name is set in Apigee under the lease, and the rest stays (rule 13)', async () => {
    const mapping = JSON.stringify({ attributes: { plan: 'attributes.plan' } });
    const world = await linked({ PORTAL_MAPPING: mapping });
    const done = await edit(world, { field: 'attributes.team', value: 'blue' });
    expect(done).toMatchObject({ kind: 'ended', state: 'done', words: ['set in Apigee', expect.any(String)] });
    expect(developerOf(world)?.attributes).toEqual(
      new Map([
        ['plan', 'gold'],
        ['team', 'blue'],
      ]),
    );
    expect(world.user('u1')).toMatchObject({ attributes: { plan: 'gold' } });
    expect(world.database.linkOf(key)?.lease).toBeUndefined();
  });

  test.each([
    ['an attribute', { attributes: { plan: Buffer.from('photo') } }, 'attributes.plan'],
    ['all attributes', { attributes: 'gold' }, 'attributes.plan'],
    ['a name', { lastName: { family: 'Archer' } }, 'lastName'],
  ] as const)('%s that cannot be read on the portal is set on neither side (rule 18)', async (_, wrong, field) => {
    const world = await linked();
    const document = { ...world.user('u1'), ...wrong };
    world.database.putPortalDocument('u1', document);
    expect(await edit(world, { field, value: 'Baker' })).toMatchObject({
      kind: 'invalid',
      problems: [{ field, message: expect.stringContaining('cannot be read on the portal') as string }],
    });
    expect(world.user('u1')).toEqual(document);
    expect(developerOf(world)).toMatchObject({ lastName: 'Archer', attributes: new Map([['plan', 'gold']]) });
  });

  test('a developer without a portal user is edited in Apigee, and gets the portal user as any developer does', async () => {
    const world = inProcess();
    await world.run();
    world.developers.seed(ann);
    await edit(world, { field: 'firstName', value: 'Anna' });
    expect(developerOf(world)?.firstName).toBe('Anna');
    expect(world.database.portalDocuments()).toMatchObject([{ data: { email: ann.email, firstName: 'Anna' } }]);
  });

  test('a person outside PORTAL_FILTER is edited in Apigee, and leaves no link behind', async () => {
    const world = inProcess({ env: { PORTAL_FILTER: '@other' } });
    world.developers.seed(ann);
    expect(await edit(world, { field: 'firstName', value: 'Anna' })).toMatchObject({ kind: 'ended', state: 'done' });
    expect(developerOf(world)?.firstName).toBe('Anna');
    expect(world.database.allLinks()).toEqual([]);
  });

  test('what changed since the page was opened is a conflict that names the fields, and nothing is overwritten', async () => {
    const world = await linked();
    const seen = await seenBy(world.services);
    world.developers.seed({ ...ann, lastName: 'Other', lastModifiedAt: Date.now() });
    const changes = [{ field: 'lastName', value: 'Mine' }] as const;
    expect(await editDeveloper(world.services, opal, { key, seen, changes })).toMatchObject({
      kind: 'conflict',
      fields: expect.arrayContaining([{ side: 'apigee', field: 'lastName', now: 'Other' }]),
    });
    expect(developerOf(world)?.lastName).toBe('Other');
    expect(world.user('u1')).toMatchObject({ lastName: 'Archer' });
    expect(await world.services.audit.recent({ before: undefined, limit: 5 })).toEqual([]);
  });

  test('a value that the portal has already, and Apigee not any more, is set in Apigee', async () => {
    const world = await linked();
    world.database.putPortalDocument('u1', { ...ann, status: 'active', attributes: { plan: 'silver' } });
    const done = await edit(world, { field: 'attributes.plan', value: 'gold' });
    expect(done).toMatchObject({ kind: 'ended', state: 'done' });
    expect(developerOf(world)?.attributes.get('plan')).toBe('gold');
    expect(world.user('u1')).toMatchObject({ attributes: { plan: 'gold' } });
  });

  test('what Apigee would refuse is refused before any call, field by field', async () => {
    const world = await linked();
    const before = { ...world.calls };
    expect(await edit(world, { field: 'firstName', value: ' ' }, { field: 'attributes.MINT_x', value: '1' })).toEqual({
      kind: 'invalid',
      problems: [
        { field: 'firstName', message: expect.stringContaining('must not be empty') },
        { field: 'attributes.MINT_x', message: expect.stringContaining('reserved') },
      ],
    });
    const many = Array.from(
      { length: 18 },
      (_, place) => ({ field: `attributes.a${String(place)}`, value: 'x' }) as const,
    );
    expect(await edit(world, ...many)).toMatchObject({
      kind: 'invalid',
      problems: [{ message: expect.stringContaining('18') }],
    });
    expect(world.calls.update).toBe(before.update);
  });

  test('who, when and why is recorded before anything is written (rule 39)', async () => {
    const recorded: number[] = [];
    const world = await linked();
    const { services } = world;
    const update = services.developers.bind(services);
    const watched: Services = {
      ...services,
      developers: (onCall) => {
        const developers = update(onCall);
        return {
          ...developers,
          async update(address, body) {
            recorded.push((await services.audit.recent({ before: undefined, limit: 5 })).length);
            return developers.update(address, body);
          },
        };
      },
    };
    const changes = [{ field: 'lastName', value: 'Baker' }] as const;
    const done = await editDeveloper(watched, opal, { key, seen: await seenBy(services), changes });
    expect(recorded).toEqual([1]);
    const actionId = done.kind === 'ended' ? done.actionId : '';
    expect(await services.audit.ofPerson(key)).toMatchObject([
      {
        actionId,
        operator: opal.operator,
        reason: opal.reason,
        action: 'edit-developer',
        fields: ['lastName'],
        end: { state: 'done' },
      },
    ]);
    expect(world.database.linkOf(key)?.last?.by).toEqual({ kind: 'operator', actionId });
    expect(JSON.stringify(world.logs)).not.toContain('Baker');
  });

  test('an edit of somebody who is nowhere is refused', async () => {
    const world = inProcess();
    const changes = [{ field: 'lastName', value: 'Baker' }] as const;
    expect(await editDeveloper(world.services, opal, { key, seen: undefined, changes })).toEqual({ kind: 'not-found' });
  });
});

test('an attribute without a place on the portal is refused where there is no developer yet, and not dropped', async () => {
  const world = inProcess({ env: { PORTAL_MAPPING: JSON.stringify({ attributes: { plan: 'attributes.plan' } }) } });
  world.database.putPortalDocument('u1', { ...ann, firstName: '' });
  await world.run();
  const done = await edit(world, { field: 'attributes.team', value: 'blue' });
  expect(done).toMatchObject({ kind: 'invalid', problems: [{ field: 'attributes.team' }] });
});
