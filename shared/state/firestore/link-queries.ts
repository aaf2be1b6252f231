import { FieldPath, Filter, Timestamp, type DocumentSnapshot, type Query } from '@google-cloud/firestore';
import { linkId, type PersonKey } from '../../core/model/email.ts';
import { compareIds, isEmptyRange } from '../id-order.ts';
import { storedKey, writtenAtField } from '../link-document.ts';
import { countReads, queryReads } from '../meter.ts';
import type { LinkPage, People, StoredLink } from '../people.ts';
import { chunks, exists, linkRef, storedLink, type PeopleContext } from './people-context.ts';

type LinkQueries = Pick<
  People,
  | 'links'
  | 'linksOfPortalUser'
  | 'linksByUserId'
  | 'linksOnlyOnPortal'
  | 'linksDue'
  | 'linksWithDeveloper'
  | 'countLinksWithDeveloper'
  | 'keysWrittenSince'
  | 'troubledLinks'
>;

export function linkQueries(context: PeopleContext): LinkQueries {
  const { firestore, links, meter } = context;

  const answer = async (query: Query): Promise<readonly StoredLink[]> => {
    const { docs } = await query.get();
    meter.reads += queryReads(docs.length);
    return docs.map((snapshot) => storedLink(snapshot));
  };
  const pageById = async (query: Query, { after, limit }: LinkPage): Promise<readonly StoredLink[]> => {
    const ordered = query.orderBy(FieldPath.documentId());
    return answer((after === undefined ? ordered : ordered.startAfter(linkId(after.link.key))).limit(limit));
  };
  const withDeveloper = links.where('hasDeveloper', '==', true);

  return {
    async links(keys) {
      const refs = [...new Set(keys)].map((key) => linkRef(context, key));
      const read = await Promise.all(chunks(refs).map(async (part) => firestore.getAll(...part)));
      meter.reads += refs.length;
      return linksByKey(read.flat(), keys);
    },
    async linksOfPortalUser(userId) {
      const found = await answer(
        links.where(
          Filter.or(Filter.where('portalId', '==', userId), Filter.where('rivals', 'array-contains', userId)),
        ),
      );
      return found.toSorted((a, b) => compareIds(linkId(a.link.key), linkId(b.link.key)));
    },
    async linksByUserId(range, limit) {
      if (isEmptyRange(range)) return [];
      let query = links.orderBy('portalId');
      if (range.after !== undefined) query = query.where('portalId', '>', range.after);
      if (range.through !== undefined) query = query.where('portalId', '<=', range.through);
      return answer(query.limit(limit));
    },
    linksOnlyOnPortal: async (page) => pageById(links.where('presence', '==', 'portal'), page),
    async linksDue({ after, limit, at }) {
      const ordered = links.where('due', '<=', at).orderBy('due').orderBy(FieldPath.documentId());
      const from = after === undefined ? ordered : ordered.startAfter(after.link.due ?? 0, linkId(after.link.key));
      return answer(from.limit(limit));
    },
    linksWithDeveloper: async (page) => pageById(withDeveloper, page),
    async countLinksWithDeveloper() {
      const { count } = (await withDeveloper.count().get()).data();
      meter.reads += countReads(count);
      return count;
    },
    async keysWrittenSince(since, limit) {
      const written = links.where(writtenAtField, '>=', Timestamp.fromMillis(since)).select('key');
      const { docs } = await written.limit(limit + 1).get();
      meter.reads += queryReads(docs.length);
      return docs.length > limit ? undefined : docs.flatMap((snapshot) => keyIn(snapshot));
    },
    troubledLinks: async (page) => pageById(links.where('troubled', '==', true), page),
  };
}

/** Nothing for a link of nobody: it does not say whose it is. */
function keyIn(snapshot: DocumentSnapshot): readonly PersonKey[] {
  const key = storedKey.safeParse(snapshot.get('key'));
  return key.success ? [key.data] : [];
}

/** Only those that exist. */
export function linksByKey(
  snapshots: readonly DocumentSnapshot[],
  keys: readonly PersonKey[],
): Map<PersonKey, StoredLink> {
  const asked = new Map(keys.map((key) => [linkId(key), key]));
  return new Map(
    snapshots
      .filter(exists)
      .map((snapshot) => storedLink(snapshot, asked.get(snapshot.id)))
      .map((stored) => [stored.link.key, stored]),
  );
}
