import { linkId } from '../../core/model/email.ts';
import type { PortalMapping } from '../../portal/mapping.ts';
import { compareIds, inRange, isEmptyRange } from '../id-order.ts';
import { countReads, newMeter, queryReads, type Meter } from '../meter.ts';
import { saysKey, writtenAtField } from '../link-document.ts';
import type { LinkKeeping } from '../link-keeping.ts';
import type { LinkPage, People, StoredLink } from '../people.ts';
import type { StoredDocument } from './collection.ts';
import type { InMemoryDatabase } from './database.ts';
import { linksOf, portalUsersOf, storedLink } from './lookups.ts';
import { portalChangedSince, userIdsWithEmail, portalPage, portalRange } from './portal-queries.ts';
import { readScope, transact } from './transaction.ts';

export interface InMemoryPeopleOptions {
  readonly database: InMemoryDatabase;
  readonly mapping: PortalMapping;
  readonly meter?: Meter;
  /** Default: true. */
  readonly keepsChanges?: boolean;
  /** Undefined: links keep everything, for ever. */
  readonly keeping?: LinkKeeping | undefined;
}

/** `People` in memory, with the traffic that Firestore would bill. Every method lets other tasks run at least once. */
export function createInMemoryPeople(options: InMemoryPeopleOptions): People {
  const { database, mapping } = options;
  const { keeping, keepsChanges = true } = options;
  const view = { database, mapping, meter: options.meter ?? newMeter(), keepsChanges, keeping };
  const { links } = database;

  const answer = (found: readonly StoredDocument[]): readonly StoredLink[] => {
    view.meter.reads += queryReads(found.length);
    return found.map((document) => storedLink(document));
  };

  return {
    links: async (keys) => linksOf(view, await turn(keys)),
    async linksOfPortalUser(userId) {
      await turn(undefined);
      return answer(links.find('portal', claimedIds, userId));
    },
    async linksByUserId(range, limit) {
      await turn(undefined);
      if (isEmptyRange(range)) return [];
      const found = [...links.after(undefined)]
        .map((document) => ({ document, userId: document.data['portalId'] }))
        .filter((entry): entry is Claim => typeof entry.userId === 'string' && inRange(entry.userId, range))
        .sort((a, b) => compareIds(a.userId, b.userId) || compareIds(a.document.id, b.document.id))
        .slice(0, limit);
      return answer(found.map(({ document }) => document));
    },
    async linksOnlyOnPortal({ after, limit }) {
      await turn(undefined);
      return answer(first(limit, links.after(idOf(after)), ({ data }) => data['presence'] === 'portal'));
    },
    async linksDue({ after, limit, at }) {
      await turn(undefined);
      const found = [...links.after(undefined)]
        .map((document) => ({ document, due: document.data['due'] }))
        .filter((entry): entry is Due => typeof entry.due === 'number' && entry.due <= at)
        .sort((a, b) => a.due - b.due || compareIds(a.document.id, b.document.id));
      const start = after === undefined ? 0 : found.findIndex((entry) => isLater(entry, after));
      return answer(start === -1 ? [] : found.slice(start, start + limit).map(({ document }) => document));
    },
    async linksWithDeveloper({ after, limit }) {
      await turn(undefined);
      return answer(first(limit, links.after(idOf(after)), hasDeveloper));
    },
    async countLinksWithDeveloper() {
      await turn(undefined);
      const counted = first(Infinity, links.after(undefined), hasDeveloper).length;
      view.meter.reads += countReads(counted);
      return counted;
    },
    async keysWrittenSince(since, limit) {
      await turn(undefined);
      const written = first(
        limit + 1,
        links.after(undefined),
        ({ data }) => Number(data[writtenAtField] ?? -1) >= since,
      );
      view.meter.reads += queryReads(written.length);
      if (written.length > limit) return undefined;
      return written.filter(({ data }) => saysKey(data)).map((document) => storedLink(document).link.key);
    },
    async troubledLinks({ after, limit }) {
      await turn(undefined);
      return answer(first(limit, links.after(idOf(after)), ({ data }) => data['troubled'] === true));
    },

    portalUsers: async (ids) => portalUsersOf(view, await turn(ids)),
    portalPage: async (page) => portalPage(view, await turn(page)),
    portalRange: async (range) => portalRange(view, await turn(range)),
    userIdsWithEmail: async (email) => userIdsWithEmail(view, await turn(email)).map(({ id }) => id),
    portalChangedSince: async (since, limit) => portalChangedSince(view, await turn(since), limit),
    read: async (scope) => readScope(view, await turn(scope)),
    transact: async (scope, step) => transact(view, scope, step),
  };
}

interface Claim {
  readonly document: StoredDocument;
  readonly userId: string;
}

interface Due {
  readonly document: StoredDocument;
  readonly due: number;
}

/** Lets other tasks run once, as a call over the network does. */
async function turn<T>(value: T): Promise<T> {
  await Promise.resolve();
  return value;
}

function first(
  limit: number,
  documents: Iterable<StoredDocument>,
  wanted: (document: StoredDocument) => boolean,
): readonly StoredDocument[] {
  const found: StoredDocument[] = [];
  for (const document of documents) {
    if (found.length >= limit) break;
    if (wanted(document)) found.push(document);
  }
  return found;
}

function idOf(after: LinkPage['after']): string | undefined {
  return after && linkId(after.link.key);
}

function isLater({ due, document }: Due, { link }: NonNullable<LinkPage['after']>): boolean {
  const seen = link.due ?? 0;
  return due > seen || (due === seen && compareIds(document.id, linkId(link.key)) > 0);
}

function hasDeveloper({ data }: StoredDocument): boolean {
  return data['hasDeveloper'] === true;
}

/** The ids of the portal users that a link names, as its own or as rivals. */
function claimedIds({ data }: StoredDocument): readonly string[] {
  const rivals: unknown[] = Array.isArray(data['rivals']) ? data['rivals'] : [];
  return [data['portalId'], ...rivals].filter((id) => typeof id === 'string');
}
