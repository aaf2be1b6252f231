import { describe, expect, test } from 'vitest';
import type { CanonicalEmail } from '../../../shared/core/model/email.ts';
import { attributeField, type FieldChange } from '../../../shared/core/model/profile.ts';
import { parseMapping } from '../../../shared/portal/mapping-config.ts';
import { committed, type People } from '../../../shared/state/people.ts';
import type { OpenPeopleStore } from './people-contract.ts';
import { newPortalUser } from './samples.ts';

/** What a mapping with types, a list of attributes or the email as id asks of a store. */
export function mappingContract(open: OpenPeopleStore): void {
  describe('a mapping with forms', () => {
    test('a list, numbers, times and maps come back from an update as what they were', async (context) => {
      const store = open(context);
      const plain = store.people();
      const at = new Date(1_704_164_645_000);
      const attributes = { seats: 5, beta: true, since: at, limits: { day: 1 }, note: 'x', MINT_x: 7 };
      await store.putPortal('map', { email: 'ann@example.com', attributes, other: [1] });
      const list = [
        { name: 'seats', value: 5, label: 'kept' },
        { name: 'MINT_x', value: 7 },
      ];
      await store.putPortal('list', { email: 'bob@example.com', attributes: list });
      await update(plain, 'map', { seats: '6', beta: 'false', since: '2025-06-07T08:09:10.000Z', limits: '{"day":2}' });
      await update(plain, 'list', { seats: '6', tier: 'gold' });
      expect(dated(await store.portalData('map'))).toEqual({
        email: 'ann@example.com',
        attributes: {
          seats: 6,
          beta: false,
          since: '2025-06-07T08:09:10.000Z',
          limits: { day: 2 },
          note: 'x',
          MINT_x: 7,
        },
        other: [1],
      });
      expect(await store.portalData('list')).toEqual({
        email: 'bob@example.com',
        attributes: [
          { name: 'seats', value: 6, label: 'kept' },
          { name: 'MINT_x', value: 7 },
          { name: 'tier', value: 'gold' },
        ],
      });
    });

    test('an email that is the id is found by it, and where it can be no id, nobody is', async (context) => {
      const store = open(context);
      const people = store.people({ mapping: parseMapping('{"email":"__name__"}') });
      await store.putPortal('ann@example.com', { firstName: 'Ann' });
      const [ann, slash] = ['ann@example.com', 'a/b@example.com'] as CanonicalEmail[];
      if (ann === undefined || slash === undefined) throw new Error('two emails');
      expect(await people.userIdsWithEmail(ann)).toEqual(['ann@example.com']);
      expect(await people.userIdsWithEmail(slash)).toEqual([]);
      const seen = await people.read({ links: [], userIds: [ann], portalEmail: ann });
      expect(seen.userIdsWithEmail).toEqual([ann]);
      expect(seen.portal.get(ann)).toMatchObject({ kind: 'user', user: { email: ann, profile: { firstName: 'Ann' } } });
      expect((await people.read({ links: [], userIds: [], portalEmail: slash })).userIdsWithEmail).toEqual([]);
    });

    test('a new portal user is stored as the mapping says, and read as what was meant', async (context) => {
      const store = open(context);
      const mapping = parseMapping(
        '{"firstName":{"path":"name","split":"first"},"lastName":{"path":"name","split":"last"},"status":{"path":"disabled","values":{"active":false,"inactive":true}},"attributesAs":"list","onCreate":{"role":"developer","meta":{"a":[1]}}}',
      );
      const user = newPortalUser({ lastName: 'Lee', status: 'inactive' });
      const people = store.people({ mapping });
      await people.transact({ links: [], userIds: ['u1'] }, () => ({
        result: undefined,
        portal: [{ kind: 'create', id: 'u1', user }],
      }));
      expect(await store.portalData('u1')).toMatchObject({
        name: 'Ann Lee',
        disabled: true,
        role: 'developer',
        meta: { a: [1] },
        attributes: [{ name: 'colour', value: 'blue' }],
      });
      expect((await people.portalUsers(['u1'])).get('u1')).toMatchObject({
        kind: 'user',
        user: { profile: { firstName: 'Ann', lastName: 'Lee', status: 'inactive', attributes: user.attributes } },
      });
    });
  });
}

async function update(people: People, id: string, attributes: Readonly<Record<string, string>>): Promise<void> {
  const changes: readonly FieldChange[] = Object.entries(attributes).map(([name, value]) => ({
    field: attributeField(name),
    value,
  }));
  committed(
    await people.transact({ links: [], userIds: [id] }, () => ({
      result: undefined,
      portal: [{ kind: 'update', id, changes }],
    })),
  );
}

/** Times as text: each store has a class of its own for them. */
function dated(data: unknown): unknown {
  return JSON.parse(
    JSON.stringify(data, (_, value: unknown) => {
      if (typeof value !== 'object' || value === null || !('_seconds' in value)) return value;
      return new Date(Number(value._seconds) * 1000).toISOString();
    }),
  );
}
