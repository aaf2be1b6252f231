import { describe, expect, test } from 'vitest';
import { newMeter } from '../../../shared/state/meter.ts';
import type { People } from '../../../shared/state/people.ts';
import type { OpenPeopleStore } from './people-contract.ts';
import { email, linkOf, newPortalUser, putLinks } from './samples.ts';

const ann = email('ann@example.com');
const bob = email('bob@example.com');
const page = { after: undefined, limit: 10 };

/** One line per call: what it costs on a store of two links (ann both, bob portal only) and three portal documents. */
const reading: readonly (readonly [name: string, reads: number, call: (people: People) => Promise<unknown>])[] = [
  ['links, one missing, one twice', 3, async (people) => people.links([ann, bob, email('c@example.com'), ann])],
  ['no links', 0, async (people) => people.links([])],
  ['links of a portal user', 1, async (people) => people.linksOfPortalUser('u1')],
  ['links of nobody', 1, async (people) => people.linksOfPortalUser('nobody')],
  ['links by userId', 2, async (people) => people.linksByUserId({ after: undefined, through: undefined }, 100)],
  ['links in an empty range', 0, async (people) => people.linksByUserId({ after: 'b', through: 'a' }, 100)],
  ['links only on the portal', 1, async (people) => people.linksOnlyOnPortal(page)],
  ['links due', 1, async (people) => people.linksDue({ ...page, at: 100 })],
  ['links with a developer', 1, async (people) => people.linksWithDeveloper(page)],
  ['count of links with a developer', 1, async (people) => people.countLinksWithDeveloper()],
  ['links of people held or failed', 1, async (people) => people.troubledLinks(page)],
  ['portal users, one missing, one impossible', 2, async (people) => people.portalUsers(['u1', 'nobody', 'a/b'])],
  ['portal page', 2, async (people) => people.portalPage({ after: undefined, limit: 2 })],
  ['portal page beyond the end', 1, async (people) => people.portalPage({ after: 'z', limit: 2 })],
  ['portal range', 2, async (people) => people.portalRange({ after: 'u1', through: undefined })],
  ['userIds with an email', 1, async (people) => people.userIdsWithEmail(ann)],
  ['portal changed since, one query per type', 3, async (people) => people.portalChangedSince(500, 10)],
];

export function meterContract(open: OpenPeopleStore): void {
  describe('traffic', () => {
    test('every reading costs what Firestore bills, at least one read for a query', async (context) => {
      const store = open(context);
      await putLinks(store.people(), [
        linkOf(ann, { presence: 'both', userId: 'u1', due: 1 }),
        linkOf(bob, { presence: 'portal', userId: 'u2' }),
      ]);
      await store.putPortal('u1', { email: ann, updatedAt: 1000 });
      await store.putPortal('u2', { email: bob, updatedAt: new Date(2000) });
      await store.putPortal('u3', { email: 'u3@example.com' });
      const paid = await Promise.all(
        reading.map(async ([name, , call]) => {
          const meter = newMeter();
          await call(store.people({ meter }));
          return { name, ...meter };
        }),
      );
      expect(paid).toEqual(
        reading.map(([name, reads]) => ({
          name,
          reads,
          writes: 0,
          bookkeeping: 0,
          bookkeepingWrites: 0,
          conflicts: 0,
        })),
      );
    });

    test('a transaction costs what its scope names and what it writes', async (context) => {
      const store = open(context);
      const meter = newMeter();
      const people = store.people({ meter });
      await people.transact({ links: [ann, bob], userIds: ['u1'], portalEmail: ann }, () => ({
        result: undefined,
        links: [linkOf(ann)],
        portal: [{ kind: 'create', id: 'u1', user: newPortalUser() }],
      }));
      expect(meter).toEqual({ reads: 4, writes: 2, bookkeeping: 0, bookkeepingWrites: 0, conflicts: 0 });
      await people.transact({ links: [ann], userIds: ['u1'] }, () => ({
        result: undefined,
        removeLinks: [ann],
        portal: [{ kind: 'update', id: 'u1', changes: [] }],
      }));
      expect(meter).toEqual({ reads: 6, writes: 3, bookkeeping: 0, bookkeepingWrites: 0, conflicts: 0 });
      await people.transact({ links: [ann], userIds: [] }, () => ({ result: undefined }));
      expect(meter).toEqual({ reads: 7, writes: 3, bookkeeping: 0, bookkeepingWrites: 0, conflicts: 0 });
    });
  });
}
