import { describe, expect, test } from 'vitest';
import { linkId } from '../../../shared/core/model/email.ts';
import type { Link } from '../../../shared/core/model/link.ts';
import { compareIds } from '../../../shared/state/id-order.ts';
import type { LinkPage, StoredLink } from '../../../shared/state/people.ts';
import type { OpenPeopleStore } from './people-contract.ts';
import { email, fullLink, linkOf, putLinks } from './samples.ts';

const ann = email('ann@example.com');
const bob = email('bob@example.com');
const cleo = email('cleo@example.com');

export function linkContract(open: OpenPeopleStore): void {
  describe('links', () => {
    test('a link comes back as it was written, hostile attribute names included', async (context) => {
      const people = open(context).people();
      await putLinks(people, [fullLink(ann), linkOf('#doc 1')]);
      const found = await people.links([ann, '#doc 1', bob, ann]);
      expect([...found.keys()].toSorted()).toEqual(['#doc 1', ann]);
      expect(found.get(ann)?.link).toEqual(fullLink(ann));
      expect(found.get('#doc 1')?.link).toEqual(linkOf('#doc 1'));
    });

    test('a link changes its version with every write and keeps it otherwise', async (context) => {
      const people = open(context).people();
      const versionOf = async (): Promise<string | undefined> => (await people.links([ann])).get(ann)?.version;
      await putLinks(people, [linkOf(ann)]);
      const first = await versionOf();
      expect(await versionOf()).toBe(first);
      await putLinks(people, [linkOf(ann, { due: 1 })]);
      expect(await versionOf()).not.toBe(first);
    });

    test('nothing is asked for, nothing is found', async (context) => {
      const people = open(context).people();
      const page = { after: undefined, limit: 10 };
      expect((await people.links([])).size).toBe(0);
      expect(await people.linksOfPortalUser('nobody')).toEqual([]);
      expect(await people.linksByUserId({ after: undefined, through: undefined }, 100)).toEqual([]);
      expect(await people.linksByUserId({ after: 'b', through: 'a' }, 100)).toEqual([]);
      expect(await people.linksOnlyOnPortal(page)).toEqual([]);
      expect(await people.linksDue({ ...page, at: 1e15 })).toEqual([]);
      expect(await people.linksWithDeveloper(page)).toEqual([]);
      expect(await people.troubledLinks(page)).toEqual([]);
      expect(await people.keysWrittenSince(0, 1)).toEqual([]);
      expect(await people.countLinksWithDeveloper()).toBe(0);
    });

    test('rule 1: a portal user is found in the links that name it, also as a rival', async (context) => {
      const people = open(context).people();
      await putLinks(people, [
        linkOf(ann, { userId: 'u1', rivals: ['u2', 'u3'] }),
        linkOf(bob, { userId: 'u3' }),
        linkOf(cleo, { userId: 'u4' }),
      ]);
      expect(keysOf(await people.linksOfPortalUser('u1'))).toEqual([ann]);
      expect(keysOf(await people.linksOfPortalUser('u2'))).toEqual([ann]);
      expect(keysOf(await people.linksOfPortalUser('u3')).toSorted()).toEqual([ann, bob]);
      await putLinks(people, [linkOf(ann, { userId: 'u5' })]);
      expect(await people.linksOfPortalUser('u1')).toEqual([]);
      expect(keysOf(await people.linksOfPortalUser('u3'))).toEqual([bob]);
      expect(keysOf(await people.linksOfPortalUser('u5'))).toEqual([ann]);
    });

    test('links are listed by userId in the order of its UTF-8 bytes, bounds after and through', async (context) => {
      const people = open(context).people();
      const ids = ['\u{1f642}', '10', '9', 'Z', 'a', '\uffee', 'ä'];
      await putLinks(people, [
        ...ids.map((userId, place) => linkOf(email(`p${place}@example.com`), { userId })),
        linkOf(ann),
      ]);
      const list = async (after: string | undefined, through: string | undefined): Promise<unknown> =>
        (await people.linksByUserId({ after, through }, 100)).map(({ link }) => link.userId);
      expect(await list(undefined, undefined)).toEqual(['10', '9', 'Z', 'a', 'ä', '\uffee', '\u{1f642}']);
      expect(await list('9', 'ä')).toEqual(['Z', 'a', 'ä']);
      expect(await list('\uffee', undefined)).toEqual(['\u{1f642}']);
      expect(await list(undefined, '10')).toEqual(['10']);
    });

    test('links that are due come by time, then by link id, and a page goes on where the last one ended', async (context) => {
      const people = open(context).people();
      const dues = [5, 3, 3, 3, 9, 20];
      const links = dues.map((due, place) => linkOf(email(`p${place}@example.com`), { due }));
      await putLinks(people, [...links, linkOf(ann)]);
      const expected = links
        .filter(({ due }) => (due ?? 0) <= 9)
        .toSorted((a, b) => (a.due ?? 0) - (b.due ?? 0) || compareIds(linkId(a.key), linkId(b.key)));
      const pages = await allPages(2, async (page) => people.linksDue({ ...page, at: 9 }));
      expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
      expect(keysOf(pages.flat())).toEqual(expected.map(({ key }) => key));
    });

    test('links are known by when they were written, but for those that were written quietly', async (context) => {
      const people = open(context).people();
      const before = (await people.read({ links: [], userIds: [] })).now;
      await putLinks(people, [linkOf(ann), linkOf(bob), linkOf(cleo)]);
      expect((await people.keysWrittenSince(before - 1000, 10))?.toSorted()).toEqual([ann, bob, cleo].toSorted());
      expect(await people.keysWrittenSince(before - 1000, 3)).toHaveLength(3);
      expect(await people.keysWrittenSince(before - 1000, 2)).toBeUndefined();
      expect(await people.keysWrittenSince(before + 3_600_000, 10)).toEqual([]);
      const again = [ann, cleo].map((key) => linkOf(key, { due: 1 }));
      await people.transact({ links: [ann, cleo], userIds: [] }, () => ({
        result: undefined,
        links: again,
        quiet: new Set([ann]),
      }));
      expect((await people.keysWrittenSince(before - 1000, 10))?.toSorted()).toEqual([bob, cleo].toSorted());
      expect((await people.links([ann])).get(ann)?.link).toEqual(again[0]);
      await putLinks(people, [linkOf(ann)]);
      expect(await people.keysWrittenSince(before - 1000, 10)).toHaveLength(3);
    });

    test('people with a hold or a failure are paged by link id, until neither is left', async (context) => {
      const people = open(context).people();
      const { hold, failure } = fullLink(ann);
      const links = Array.from({ length: 7 }, (_, place) => linkOf(email(`p${place}@example.com`), { hold }));
      await putLinks(people, [...links, linkOf(ann, { failure }), linkOf(bob, { due: 1 }), fullLink(cleo)]);
      const expected = [...links.map(({ key }) => key), ann, cleo].toSorted((a, b) => compareIds(linkId(a), linkId(b)));
      const pages = await allPages(4, async (page) => people.troubledLinks(page));
      expect(keysOf(pages.flat())).toEqual(expected);
      await putLinks(people, [linkOf(ann)]);
      const left = await people.troubledLinks({ after: undefined, limit: 100 });
      expect(keysOf(left)).toEqual(expected.filter((key) => key !== ann));
    });

    test('2,500 links are paged by link id, each once, by where the person is', async (context) => {
      const people = open(context).people();
      const presences = ['both', 'portal', 'apigee', 'none', 'both'] as const;
      const links: Link[] = Array.from({ length: 2500 }, (_, place) =>
        linkOf(email(`p${place}@example.com`), { presence: presences[place % presences.length] ?? 'none' }),
      );
      await putLinks(people, links);
      const expected = (wanted: readonly Link['presence'][]): readonly string[] =>
        links
          .filter(({ presence }) => wanted.includes(presence))
          .map(({ key }) => key)
          .toSorted((a, b) => compareIds(linkId(a), linkId(b)));
      const withDeveloper = await allPages(600, async (page) => people.linksWithDeveloper(page));
      expect(keysOf(withDeveloper.flat())).toEqual(expected(['both', 'apigee']));
      expect(withDeveloper.map(({ length }) => length)).toEqual([600, 600, 300]);
      const onlyPortal = await allPages(200, async (page) => people.linksOnlyOnPortal(page));
      expect(keysOf(onlyPortal.flat())).toEqual(expected(['portal']));
      expect(await people.countLinksWithDeveloper()).toBe(1500);
      expect((await people.links(links.map(({ key }) => key))).size).toBe(2500);
    });

    test('a stored link that cannot be read is an error that names the document and the field, not the value', async (context) => {
      const store = open(context);
      await store.putRawLink(linkId(ann), { key: ann, presence: 'everywhere-secret', userId: 'u1' });
      const reading = store.people().links([ann]);
      await expect(reading).rejects.toThrow(linkId(ann));
      await expect(reading).rejects.toThrow('presence');
      await expect(reading).rejects.not.toThrow('secret');
    });
  });
}

function keysOf(links: readonly StoredLink[]): readonly string[] {
  return links.map(({ link }) => link.key);
}

/** Every page up to and including the first that is not full. */
async function allPages(
  limit: number,
  read: (page: LinkPage) => Promise<readonly StoredLink[]>,
): Promise<readonly (readonly StoredLink[])[]> {
  const pages: (readonly StoredLink[])[] = [];
  for (;;) {
    const page = await read({ after: pages.at(-1)?.at(-1), limit });
    pages.push(page);
    if (page.length < limit) return pages;
  }
}
