import { FieldPath, QueryDocumentSnapshot, Timestamp, type Query } from '@google-cloud/firestore';
import type { CanonicalEmail } from '../../core/model/email.ts';
import type { PortalReading } from '../../core/model/profile.ts';
import { isIdEmail } from '../../portal/mapping.ts';
import { readTime, widestZone } from '../../portal/read-time.ts';
import { compareIds, isDocumentId, isEmptyRange } from '../id-order.ts';
import { queryReads } from '../meter.ts';
import type { People, PortalDocument, PortalPage } from '../people.ts';
import { bytesOf, largestPage, newPortalPage } from '../portal-page.ts';
import { chunks, portalDocument, portalReading, type PeopleContext } from './people-context.ts';

type PortalQueries = Pick<
  People,
  'portalUsers' | 'portalPage' | 'portalRange' | 'userIdsWithEmail' | 'portalChangedSince'
>;

/** A document may have 1 MiB, and this many are in memory at the same time. */
const largestGet = 50;

export function portalQueries(context: PeopleContext): PortalQueries {
  const { firestore, portal, meter, fields } = context;
  const byId = portal.orderBy(FieldPath.documentId()).select(...fields);

  return {
    async portalUsers(ids) {
      const readings = new Map<string, PortalReading>(ids.map((id) => [id, { kind: 'absent' }]));
      const refs = [...readings.keys()].filter(isDocumentId).map((id) => portal.doc(id));
      for (const part of chunks(refs, largestGet)) {
        for (const snapshot of await firestore.getAll(...part, { fieldMask: [...fields] }))
          readings.set(snapshot.id, portalReading(context, snapshot));
      }
      meter.reads += refs.length;
      return readings;
    },
    async portalPage({ after, limit }) {
      const page = newPortalPage(limit);
      const query = (after === undefined ? byId : byId.startAfter(after)).limit(limit);
      await forEach(context, query, (snapshot) => page.add(portalDocument(context, snapshot)));
      return page.page();
    },
    async portalRange(range) {
      if (isEmptyRange(range)) return [];
      const from = range.after === undefined ? byId : byId.startAfter(range.after);
      const query = range.through === undefined ? from : from.endAt(range.through);
      const documents: PortalDocument[] = [];
      await forEach(context, query, (snapshot) => documents.push(portalDocument(context, snapshot)));
      return documents;
    },
    async userIdsWithEmail(email) {
      const docs = (await emailQuery(context, email)?.get())?.docs ?? [];
      meter.reads += queryReads(docs.length);
      return docs.map(({ id }) => id);
    },
    portalChangedSince: async (since, limit) => changedSince(context, since, limit),
  };
}

/** Finds ids only: what the documents hold is read under the lock of a transaction. Undefined: no document can have it. */
export function emailQuery({ portal, mapping }: PeopleContext, email: CanonicalEmail): Query | undefined {
  const isId = isIdEmail(mapping);
  if (isId && !isDocumentId(email)) return undefined;
  return portal
    .where(isId ? FieldPath.documentId() : new FieldPath(...mapping.email), '==', isId ? portal.doc(email) : email)
    .orderBy(FieldPath.documentId())
    .select();
}

/**
 * Calls `take` with each document as it arrives, so that a page of large documents is never in memory as a whole.
 * Answers how many there were. A stream is always read to its end: the client keeps one that is left open.
 */
async function forEach(
  { meter }: PeopleContext,
  query: Query,
  take: (snapshot: QueryDocumentSnapshot) => void,
): Promise<number> {
  let count = 0;
  const stream: AsyncIterable<unknown> = query.stream();
  for await (const snapshot of stream) {
    if (!isDocument(snapshot)) continue;
    count += 1;
    take(snapshot);
  }
  meter.reads += queryReads(count);
  return count;
}

function isDocument(value: unknown): value is QueryDocumentSnapshot {
  return value instanceof QueryDocumentSnapshot;
}

interface Changed {
  readonly document: PortalDocument;
  readonly time: number;
}

/** A range of Firestore values never crosses types, so there is one query for each type a time may have. */
async function changedSince(context: PeopleContext, since: number, limit: number): Promise<PortalPage> {
  const { portal, mapping, fields } = context;
  if (mapping.updatedAt === undefined) return { documents: [], more: false };
  const path = mapping.updatedAt;
  const field = new FieldPath(...path);
  /** Text is ordered by its local time, whatever its zone. The colon is the character after the last digit. */
  const earliestText = new Date(Math.max(0, since - widestZone)).toISOString();
  const queries = [
    portal.where(field, '>=', Timestamp.fromMillis(since)),
    portal.where(field, '>=', since),
    portal.where(field, '>=', earliestText).where(field, '<', ':'),
  ];
  const changed = new Map<string, Changed>();
  let bytes = 0;
  for (const query of queries) {
    const found = await firstSince(context, query.orderBy(field).select(...fields), field, since, limit);
    for (const one of found) {
      bytes += bytesOf(one.document.reading);
      changed.set(one.document.id, one);
    }
    if (bytes > largestPage) return { documents: [], more: true };
  }
  const documents = [...changed.values()]
    .sort((a, b) => a.time - b.time || compareIds(a.document.id, b.document.id))
    .map(({ document }) => document);
  return { documents: documents.slice(0, limit), more: documents.length >= limit };
}

/**
 * Reads on until `limit` documents are really of `since` or later: a text in another zone may be earlier than it looks.
 */
async function firstSince(
  context: PeopleContext,
  query: Query,
  field: FieldPath,
  since: number,
  limit: number,
): Promise<readonly Changed[]> {
  const found: Changed[] = [];
  let bytes = 0;
  let last: QueryDocumentSnapshot | undefined;
  for (;;) {
    const page = (last === undefined ? query : query.startAfter(last)).limit(limit);
    const count = await forEach(context, page, (snapshot) => {
      last = snapshot;
      const time = readTime(snapshot.get(field)) ?? -Infinity;
      // What is too large for a page is not answered in the end: one document more than fits says so.
      if (time < since || bytes > largestPage) return;
      const document = portalDocument(context, snapshot);
      bytes += bytesOf(document.reading);
      found.push({ document, time });
    });
    if (count < limit || found.length >= limit || bytes > largestPage || last === undefined) return found;
  }
}
