import { linkId, type PersonKey } from '../core/model/email.ts';
import type { Link } from '../core/model/link.ts';
import { compareIds } from './id-order.ts';
import type { LinkPage, People, StoredLink, View } from './people.ts';

/**
 * `People` for a dry run: everything is read from `real`, and nothing is written to it. Links that the run would write go
 * to `scratch`, a `People` of the run's own, whose links hide the real ones; writes to the portal are dropped. So a dry run
 * takes every decision that a real one would, phase after phase, by the same code. What it would change is kept in
 * `scratch`, too: that is the plan (rule 36).
 */
export function dryPeople(real: People, scratch: People): People {
  const overlaid = async (stored: readonly StoredLink[]): Promise<StoredLink[]> => {
    const noted = await scratch.links(stored.map(({ link }) => link.key));
    return stored.filter(({ link }) => !noted.has(link.key));
  };
  const paged = async (
    page: LinkPage,
    read: (people: People, page: LinkPage) => Promise<readonly StoredLink[]>,
    order = byId,
  ) => {
    const [noted, known] = await Promise.all([read(scratch, page), read(real, page)]);
    return [...noted, ...(await fill(known, page, read))].sort(order).slice(0, page.limit);
  };
  // Where scratch hides links of a page, more are read: a page that is not full would be taken for the last one.
  const fill = async (
    known: readonly StoredLink[],
    page: LinkPage,
    read: (people: People, page: LinkPage) => Promise<readonly StoredLink[]>,
  ): Promise<StoredLink[]> => {
    const visible = await overlaid(known);
    let last = known.at(-1);
    let full = known.length === page.limit;
    while (full && visible.length < page.limit && last !== undefined) {
      const more = await read(real, { ...page, after: last });
      visible.push(...(await overlaid(more)));
      full = more.length === page.limit;
      last = more.at(-1);
    }
    return visible;
  };
  const links = async (keys: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, StoredLink>> => {
    const [noted, known] = await Promise.all([scratch.links(keys), real.links(keys)]);
    return new Map([...known, ...noted]);
  };

  return {
    links,
    async linksOfPortalUser(userId) {
      const [noted, known] = await Promise.all([scratch.linksOfPortalUser(userId), real.linksOfPortalUser(userId)]);
      return [...noted, ...(await overlaid(known))];
    },
    async linksByUserId(range, limit) {
      const visible: StoredLink[] = [];
      let { after } = range;
      for (let full = true; full && visible.length < limit;) {
        const known = await real.linksByUserId({ ...range, after }, limit);
        visible.push(...(await overlaid(known)));
        after = known.at(-1)?.link.userId ?? after;
        full = known.length === limit;
      }
      const both = [...(await scratch.linksByUserId(range, limit)), ...visible];
      return both.sort((a, b) => compareIds(a.link.userId ?? '', b.link.userId ?? '')).slice(0, limit);
    },
    linksOnlyOnPortal: (page) => paged(page, (people, at) => people.linksOnlyOnPortal(at)),
    linksWithDeveloper: (page) => paged(page, (people, at) => people.linksWithDeveloper(at)),
    linksDue: (page) => paged(page, (people, at) => people.linksDue({ ...at, at: page.at }), byDue),
    // A count of the real links cannot leave out the hidden ones. No count equals -1, so the caller searches.
    countLinksWithDeveloper: async () => -1,
    async keysWrittenSince(since, limit) {
      const both = await Promise.all([scratch, real].map((people) => people.keysWrittenSince(since, limit)));
      const keys = both.flatMap((found) => found ?? []);
      return both.includes(undefined) || keys.length > limit ? undefined : keys;
    },
    troubledLinks: (page) => paged(page, (people, at) => people.troubledLinks(at)),
    portalUsers: (ids) => real.portalUsers(ids),
    portalPage: (page) => real.portalPage(page),
    portalRange: (range) => real.portalRange(range),
    userIdsWithEmail: (email) => real.userIdsWithEmail(email),
    portalChangedSince: (since, limit) => real.portalChangedSince(since, limit),
    async read(scope) {
      const [known, noted] = await Promise.all([real.read(scope), scratch.read({ links: scope.links, userIds: [] })]);
      return { ...known, links: new Map([...known.links, ...noted.links]) };
    },
    async transact({ seen: _, ...scope }, step) {
      const known = await real.read(scope);
      return scratch.transact({ links: scope.links, userIds: [] }, (noted) => {
        const view: View = { ...known, links: new Map([...known.links, ...noted.links]), now: noted.now };
        const { result, links: written = [], removeLinks = [], changes = [] } = step(view);
        return { result, links: [...written, ...removeLinks.map((key) => forgotten(key, view))], changes };
      });
    },
  };
}

/** Hides a link that a real run would remove: no query finds a link like this one. */
function forgotten(key: PersonKey, view: View): Link {
  const link = view.links.get(key)?.link;
  if (link === undefined) throw new Error('a link that does not exist is removed');
  return { ...link, presence: 'none', userId: undefined, rivals: [], due: undefined, failure: undefined };
}

function byId(a: StoredLink, b: StoredLink): number {
  return compareIds(linkId(a.link.key), linkId(b.link.key));
}

function byDue(a: StoredLink, b: StoredLink): number {
  return (a.link.due ?? 0) - (b.link.due ?? 0) || byId(a, b);
}
