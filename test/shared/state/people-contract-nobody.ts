import { describe, expect, test } from 'vitest';
import { linkId } from '../../../shared/core/model/email.ts';
import type { Link } from '../../../shared/core/model/link.ts';
import { keepingLinks } from '../../../shared/state/link-keeping.ts';
import type { OpenPeopleStore } from './people-contract.ts';
import { email, linkOf, putLinks } from './samples.ts';

const ann = email('ann@example.com');
const day = 24 * 3_600_000;
const keeping = keepingLinks(400, (text) => `hash of ${String(text.length)}`);

/** Ann was deleted on both sides, a moment ago. */
function buried(more: Partial<Link> = {}): Link {
  const tombstone = { side: 'both', at: Date.now(), developerId: 'dev-1', modifiedAt: 1, deactivated: false } as const;
  return linkOf(ann, { presence: 'none', tombstone, ...more });
}

export function nobodyContract(open: OpenPeopleStore): void {
  describe('the link of nobody (rule 37)', () => {
    test('keeps a hash instead of the email, says when it expires, and comes back to whoever knows the email', async (context) => {
      const store = open(context);
      const people = store.people({ keeping });
      const link = buried();
      await putLinks(people, [link]);
      const raw = await store.rawLink(linkId(ann));
      expect(JSON.stringify(raw)).not.toContain('ann@');
      expect(raw).toMatchObject({ keyHash: 'hash of 15' });
      expect(raw?.['expireAt']).toEqual(new Date((link.tombstone?.at ?? 0) + 400 * day));
      expect((await people.links([ann])).get(ann)?.link).toEqual(link);
      expect((await people.read({ links: [ann], userIds: [] })).links.get(ann)?.link).toEqual(link);
      // A process of other settings reads it as well.
      expect((await store.people().links([ann])).get(ann)?.link).toEqual(link);
    });

    test('is in no query, so that nobody meets it who does not know the email', async (context) => {
      const people = open(context).people({ keeping });
      await putLinks(people, [buried()]);
      const page = { after: undefined, limit: 10 };
      expect(await people.linksDue({ ...page, at: 1e15 })).toEqual([]);
      expect(await people.troubledLinks(page)).toEqual([]);
      expect(await people.linksWithDeveloper(page)).toEqual([]);
      expect(await people.linksOnlyOnPortal(page)).toEqual([]);
      expect(await people.linksByUserId({ after: undefined, through: undefined }, 10)).toEqual([]);
      expect(await people.linksOfPortalUser('u1')).toEqual([]);
    });

    test.for<Partial<Link>>([
      { rivals: ['u2'] },
      { due: 5 },
      { userId: 'u1' },
      { hold: { reason: 'portal-collision', detail: 'Two.', since: 1 } },
    ])('one that something waits for keeps its email, and is found: %j', async (more, context) => {
      const store = open(context);
      const people = store.people({ keeping });
      await putLinks(people, [buried(more)]);
      const raw = await store.rawLink(linkId(ann));
      expect([raw?.['key'], raw?.['keyHash'], raw?.['expireAt']]).toEqual([ann, undefined, undefined]);
      const page = { after: undefined, limit: 10 };
      const found = [
        ...(await people.linksDue({ ...page, at: 10 })),
        ...(await people.troubledLinks(page)),
        ...(await people.linksOfPortalUser('u1')),
        ...(await people.linksOfPortalUser('u2')),
      ];
      expect(found[0]?.link).toEqual(buried({ ...more, tombstone: found[0]?.link.tombstone }));
    });

    test('somebody who comes back has a link with the email again, which does not expire', async (context) => {
      const store = open(context);
      const people = store.people({ keeping });
      await putLinks(people, [buried()]);
      await people.transact({ links: [ann], userIds: [] }, (view) => {
        const link = view.links.get(ann)?.link;
        return { result: 0, links: link === undefined ? [] : [{ ...link, presence: 'portal', userId: 'u1' }] };
      });
      const raw = await store.rawLink(linkId(ann));
      expect([raw?.['key'], raw?.['keyHash'], raw?.['expireAt']]).toEqual([ann, undefined, undefined]);
    });
  });
}
