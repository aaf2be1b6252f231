import { FieldPath, Timestamp, type Query, type QueryDocumentSnapshot } from '@google-cloud/firestore';
import type { CanonicalEmail } from '../../core/model/email.ts';
import type { PortalReading } from '../../core/model/profile.ts';
import { readTime, widestZone } from '../../portal/read-time.ts';
import { compareIds, isDocumentId, isEmptyRange } from '../id-order.ts';
import { queryReads } from '../meter.ts';
import type { People, PortalDocument } from '../people.ts';
import { chunks, portalDocument, portalReading, type PeopleContext } from './people-context.ts';

type PortalQueries = Pick<
  People,
  'portalUsers' | 'portalPage' | 'portalRange' | 'userIdsWithEmail' | 'portalChangedSince'
>;

export function portalQueries(context: PeopleContext): PortalQueries {
  const { firestore, portal, meter } = context;
  const byId = portal.orderBy(FieldPath.documentId());

  const answer = async (query: Query): Promise<readonly PortalDocument[]> => {
    const { docs } = await query.get();
    meter.reads += queryReads(docs.length);
    return docs.map((snapshot) => portalDocument(context, snapshot));
  };

  return {
    async portalUsers(ids) {
      const readings = new Map<string, PortalReading>(ids.map((id) => [id, { kind: 'absent' }]));
      const refs = [...readings.keys()].filter(isDocumentId).map((id) => portal.doc(id));
      const read = await Promise.all(chunks(refs).map(async (part) => firestore.getAll(...part)));
      meter.reads += refs.length;
      for (const snapshot of read.flat()) readings.set(snapshot.id, portalReading(context, snapshot));
      return readings;
    },
    portalPage: async ({ after, limit }) => answer((after === undefined ? byId : byId.startAfter(after)).limit(limit)),
    async portalRange(range) {
      if (isEmptyRange(range)) return [];
      const from = range.after === undefined ? byId : byId.startAfter(range.after);
      return answer(range.through === undefined ? from : from.endAt(range.through));
    },
    async userIdsWithEmail(email) {
      const { docs } = await emailQuery(context, email).get();
      meter.reads += queryReads(docs.length);
      return docs.map(({ id }) => id);
    },
    portalChangedSince: async (since, limit) => changedSince(context, since, limit),
  };
}

/** Finds ids only: what the documents hold is read under the lock of a transaction. */
export function emailQuery({ portal, mapping }: PeopleContext, email: CanonicalEmail): Query {
  return portal
    .where(new FieldPath(...mapping.email), '==', email)
    .orderBy(FieldPath.documentId())
    .select();
}

interface Changed {
  readonly snapshot: QueryDocumentSnapshot;
  readonly time: number;
}

/** A range of Firestore values never crosses types, so there is one query for each type a time may have. */
async function changedSince(context: PeopleContext, since: number, limit: number): Promise<readonly PortalDocument[]> {
  const { portal, mapping } = context;
  if (mapping.updatedAt === undefined) return [];
  const path = mapping.updatedAt;
  const field = new FieldPath(...path);
  /** Text is ordered by its local time, whatever its zone. The colon is the character after the last digit. */
  const earliestText = new Date(Math.max(0, since - widestZone)).toISOString();
  const queries = [
    portal.where(field, '>=', Timestamp.fromMillis(since)),
    portal.where(field, '>=', since),
    portal.where(field, '>=', earliestText).where(field, '<', ':'),
  ];
  const timeOf = (snapshot: QueryDocumentSnapshot): number => readTime(snapshot.get(field)) ?? -Infinity;
  const changed = new Map<string, Changed>();
  for (const query of queries) {
    for (const snapshot of await firstSince(context, query.orderBy(field), timeOf, since, limit)) {
      changed.set(snapshot.id, { snapshot, time: timeOf(snapshot) });
    }
  }
  return [...changed.values()]
    .sort((a, b) => a.time - b.time || compareIds(a.snapshot.id, b.snapshot.id))
    .slice(0, limit)
    .map(({ snapshot }) => portalDocument(context, snapshot));
}

/**
 * Reads on until `limit` documents are really of `since` or later: a text in another zone may be earlier than it looks.
 */
async function firstSince(
  { meter }: PeopleContext,
  query: Query,
  timeOf: (snapshot: QueryDocumentSnapshot) => number,
  since: number,
  limit: number,
): Promise<readonly QueryDocumentSnapshot[]> {
  const found: QueryDocumentSnapshot[] = [];
  let last: QueryDocumentSnapshot | undefined;
  for (;;) {
    const { docs } = await (last === undefined ? query : query.startAfter(last)).limit(limit).get();
    meter.reads += queryReads(docs.length);
    found.push(...docs.filter((snapshot) => timeOf(snapshot) >= since));
    last = docs.at(-1);
    if (docs.length < limit || found.length >= limit || last === undefined) return found;
  }
}
