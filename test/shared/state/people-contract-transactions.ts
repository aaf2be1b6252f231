import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { attributeField } from '../../../shared/core/model/profile.ts';
import { defaultMapping } from '../../../shared/portal/mapping-config.ts';
import { committed, type PortalWrite } from '../../../shared/state/people.ts';
import type { OpenPeopleStore, PeopleStore } from './people-contract.ts';
import { email, fullLink, linkOf, newPortalUser, putLinks } from './samples.ts';

const ann = email('ann@example.com');
const bob = email('bob@example.com');

export function transactionContract(open: OpenPeopleStore): void {
  describe('transactions', () => {
    test('a step sees what its scope names, and the clock of the store', async (context) => {
      const store = open(context);
      const people = store.people();
      await putLinks(people, [linkOf(ann, { userId: 'u1' })]);
      await store.putPortal('u1', { email: 'ann@example.com' });
      const scope = { links: [ann, bob], userIds: ['u1', 'u2', 'a/b'], portalEmail: ann };
      const view = committed(await people.transact(scope, (seen) => ({ result: seen })));
      expect([...view.links.keys()]).toEqual([ann]);
      expect(view.links.get(ann)?.link.userId).toBe('u1');
      expect(view.links.get(ann)?.version).toBe((await people.links([ann])).get(ann)?.version);
      expect([...view.portal].map(([id, { kind }]) => [id, kind])).toEqual([
        ['u1', 'user'],
        ['u2', 'absent'],
        ['a/b', 'absent'],
      ]);
      expect(view.userIdsWithEmail).toEqual(['u1']);
      expect(view.now).toBeGreaterThan(1_600_000_000_000);
    });

    test('a document that can never be stored is refused as such, and nothing is written', async (context) => {
      const store = open(context);
      const people = store.people();
      const full = { email: 'ann@example.com', unmapped: 'v'.repeat(1_040_000) };
      await store.putPortal('u1', full);
      for (const [name, value] of [
        ['note', 'v'.repeat(1_048_600)],
        ['n'.repeat(1501), 'v'],
      ] as const) {
        const changes = [{ field: attributeField(name), value }];
        const refused = people.transact({ links: [ann], userIds: ['u1'] }, () => ({
          result: undefined,
          links: [linkOf(ann)],
          portal: [{ kind: 'update', id: 'u1', changes }],
        }));
        expect(await refused).toEqual({ kind: 'refused' });
      }
      expect(await store.portalData('u1')).toEqual(full);
      expect((await people.links([ann])).size).toBe(0);
    });

    test('what is made alongside is made once, and only where everything else is written', async (context) => {
      const store = open(context);
      const people = store.people();
      const collection = `mail-${randomUUID()}`;
      const write = (id: string, attributes: ReadonlyMap<string, string>) =>
        people.transact({ links: [ann], userIds: [id] }, () => ({
          result: undefined,
          links: [linkOf(ann, { userId: id })],
          portal: [{ kind: 'create', id, user: { ...newPortalUser(), attributes } }],
          alongside: [{ collection, data: { to: ['ann@example.com'] } }],
        }));
      expect(await write('big', new Map([['note', 'v'.repeat(1_048_600)]]))).toEqual({ kind: 'refused' });
      expect(await store.others(collection)).toEqual([]);
      await write('u1', new Map());
      expect(await store.others(collection)).toEqual([{ to: ['ann@example.com'] }]);
    });

    test('rule 22: portal user and link are written together', async (context) => {
      const store = open(context);
      const people = store.people();
      const user = newPortalUser();
      await people.transact({ links: [ann], userIds: ['u1'], portalEmail: ann }, () => ({
        result: undefined,
        links: [linkOf(ann, { userId: 'u1' })],
        portal: [{ kind: 'create', id: 'u1', user }],
      }));
      expect((await people.links([ann])).get(ann)?.link.userId).toBe('u1');
      expect((await people.portalUsers(['u1'])).get('u1')).toMatchObject({
        kind: 'user',
        user: {
          email: user.email,
          userName: 'ann',
          updatedAt: user.createdAt,
          profile: { firstName: 'Ann', status: 'active', attributes: user.attributes },
        },
      });
      expect(await store.portalData('u1')).toMatchObject({
        passwordHash: user.passwordHash,
        passwordResetRequired: true,
      });
    });

    test('rule 22: where one write is refused, none is made', async (context) => {
      const store = open(context);
      const people = store.people();
      await store.putPortal('u1', { email: 'somebody@example.com' });
      const create = people.transact({ links: [], userIds: [] }, () => ({
        result: undefined,
        links: [linkOf(ann)],
        portal: [{ kind: 'create', id: 'u1', user: newPortalUser() }],
      }));
      await expect(create).rejects.toThrow(/exists/iu);
      const update = people.transact({ links: [], userIds: [] }, () => ({
        result: undefined,
        links: [linkOf(ann)],
        portal: [{ kind: 'set-status', id: 'nobody', status: 'inactive' }],
      }));
      await expect(update).rejects.toThrow(/does not exist|no entity to update/iu);
      expect((await people.links([ann])).size).toBe(0);
      expect(await store.portalData('u1')).toEqual({ email: 'somebody@example.com' });
      expect(await store.portalData('nobody')).toBeUndefined();
    });

    test('a step that throws writes nothing and its error comes out', async (context) => {
      const people = open(context).people();
      const failing = people.transact({ links: [ann], userIds: [] }, () => {
        throw new Error('a bug in the step');
      });
      await expect(failing).rejects.toThrow('a bug in the step');
    });

    test('an update touches the changed fields and nothing else (rule 5)', async (context) => {
      const store = open(context);
      const updatedAt = '2026-01-01T00:00:00Z';
      const rest = {
        email: 'Ann@Example.com',
        userName: 'ann',
        status: 'active',
        updatedAt,
        other: { deep: [1, 'x'] },
      };
      await store.putPortal('u1', {
        ...rest,
        firstName: 'Ann',
        attributes: { colour: 'blue', size: 'L', 'a.b': 'kept' },
      });
      await write(store, [
        {
          kind: 'update',
          id: 'u1',
          changes: [
            { field: 'firstName', value: 'Anna' },
            { field: 'lastName', value: 'Miller' },
            { field: attributeField('colour'), value: undefined },
            { field: attributeField('never.was'), value: undefined },
            { field: attributeField('x.y`🙂'), value: 'new' },
          ],
        },
      ]);
      const expected = { ...rest, firstName: 'Anna', lastName: 'Miller' };
      const attributes = { size: 'L', 'a.b': 'kept', 'x.y`🙂': 'new' };
      expect(await store.portalData('u1')).toEqual({ ...expected, attributes });
      await write(store, [
        { kind: 'set-status', id: 'u1', status: 'inactive' },
        { kind: 'update', id: 'u1', changes: [] },
      ]);
      expect(await store.portalData('u1')).toEqual({ ...expected, attributes, status: 'inactive' });
      await write(store, [{ kind: 'delete', id: 'u1' }]);
      expect(await store.portalData('u1')).toBeUndefined();
    });

    test('an update makes the maps on its way, and removing makes none', async (context) => {
      const store = open(context);
      const mapping = {
        ...defaultMapping,
        firstName: ['person', 'name', 'first'],
        attributes: { kind: 'map', path: ['sync', 'attributes'] },
      } as const;
      await store.putPortal('u1', { email: 'ann@example.com', person: { age: 7 } });
      const changed = { field: 'firstName', value: 'Ann' } as const;
      const removed = { field: attributeField('colour'), value: undefined };
      await write(store, [{ kind: 'update', id: 'u1', changes: [changed, removed] }], mapping);
      const person = { age: 7, name: { first: 'Ann' } };
      expect(await store.portalData('u1')).toEqual({ email: 'ann@example.com', person });
      await write(store, [{ kind: 'update', id: 'u1', changes: [{ ...removed, value: 'blue' }] }], mapping);
      const sync = { attributes: { colour: 'blue' } };
      expect(await store.portalData('u1')).toEqual({ email: 'ann@example.com', person, sync });
      await write(store, [{ kind: 'update', id: 'u1', changes: [removed] }], mapping);
      expect(await store.portalData('u1')).toEqual({ email: 'ann@example.com', person, sync: { attributes: {} } });
    });

    test('links can be removed', async (context) => {
      const people = open(context).people();
      await putLinks(people, [linkOf('#doc', { userId: 'doc' })]);
      await people.transact({ links: ['#doc'], userIds: [] }, () => ({ result: undefined, removeLinks: ['#doc'] }));
      expect((await people.links(['#doc'])).size).toBe(0);
      expect(await people.linksOfPortalUser('doc')).toEqual([]);
    });

    test('of concurrent transactions on one link, every effect is kept', async (context) => {
      const people = open(context).people();
      await putLinks(people, [linkOf(ann)]);
      const add = async (rival: string): Promise<number> =>
        committed(
          await people.transact({ links: [ann], userIds: [] }, ({ links }) => {
            const link = links.get(ann)?.link ?? linkOf(ann);
            return { result: link.rivals.length, links: [{ ...link, rivals: [...link.rivals, rival] }] };
          }),
        );
      const rivals = ['a', 'b', 'c', 'd', 'e', 'f'];
      const places = await Promise.all(rivals.map(add));
      expect(new Set(places)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
      expect((await people.links([ann])).get(ann)?.link.rivals.toSorted()).toEqual(rivals);
    });

    test('of concurrent transactions that create one document, one does, and the others see it', async (context) => {
      const people = open(context).people();
      const createOnce = async (firstName: string): Promise<boolean> =>
        committed(
          await people.transact({ links: [ann], userIds: ['u1'] }, ({ portal }) =>
            portal.get('u1')?.kind === 'absent'
              ? { result: true, portal: [{ kind: 'create', id: 'u1', user: newPortalUser({ firstName }) }] }
              : { result: false },
          ),
        );
      const created = await Promise.all(['Ann', 'Bea', 'Cid'].map(createOnce));
      expect(created.filter(Boolean)).toHaveLength(1);
      expect(await people.userIdsWithEmail(ann)).toEqual(['u1']);
    });

    test('a link is written as a whole, and its new version is told', async (context) => {
      const people = open(context).people();
      await putLinks(people, [fullLink(ann)]);
      const outcome = await people.transact({ links: [ann, bob], userIds: [] }, () => ({
        result: undefined,
        links: [linkOf(ann, { due: 5 }), linkOf(bob)],
      }));
      const stored = await people.links([ann, bob]);
      expect(stored.get(ann)?.link).toEqual(linkOf(ann, { due: 5 }));
      const versions = outcome.kind === 'committed' ? [...outcome.versions] : [];
      expect(versions).toEqual([...stored].map(([key, { version }]) => [key, version]));
    });
  });
}

async function write(
  store: PeopleStore,
  portal: readonly PortalWrite[],
  mapping: NonNullable<Parameters<PeopleStore['people']>[0]>['mapping'] = defaultMapping,
): Promise<void> {
  const scope = { links: [], userIds: portal.map(({ id }) => id) };
  await store.people({ mapping }).transact(scope, () => ({ result: undefined, portal }));
}
