import {
  FieldPath,
  type CollectionReference,
  type DocumentReference,
  type DocumentSnapshot,
  type Firestore,
  type QueryDocumentSnapshot,
  type Timestamp,
} from '@google-cloud/firestore';
import { linkId, type PersonKey } from '../../core/model/email.ts';
import type { PortalReading } from '../../core/model/profile.ts';
import type { PortalMapping } from '../../portal/mapping.ts';
import { fieldsRead, readPortalUser } from '../../portal/read-user.ts';
import { decodeLink } from '../link-document.ts';
import type { LinkKeeping } from '../link-keeping.ts';
import type { Meter } from '../meter.ts';
import type { PortalDocument, StoredLink } from '../people.ts';

export interface PeopleContext {
  readonly firestore: Firestore;
  readonly mapping: PortalMapping;
  readonly meter: Meter;
  readonly keeping: LinkKeeping | undefined;
  readonly links: CollectionReference;
  readonly portal: CollectionReference;
  readonly changes: CollectionReference;
  /** For how long changes are kept, ms; 0: none is. */
  readonly changesKeptMs: number;
  /** The fields of portal documents that are read. */
  readonly fields: readonly FieldPath[];
}

/** How many documents one request asks for at most. */
const largestGet = 300;

export function linkRef({ links }: PeopleContext, key: PersonKey): DocumentReference {
  return links.doc(linkId(key));
}

export function storedLink(snapshot: QueryDocumentSnapshot, asked?: PersonKey): StoredLink {
  return { link: decodeLink(snapshot.id, snapshot.data(), asked), version: updateTimeOf(snapshot.updateTime) };
}

export function portalReading({ mapping }: PeopleContext, snapshot: DocumentSnapshot): PortalReading {
  if (!exists(snapshot)) return { kind: 'absent' };
  const { id, updateTime } = snapshot;
  const document = { id, data: snapshot.data(), updatedAt: updateTime.toMillis(), version: updateTimeOf(updateTime) };
  return readPortalUser(document, mapping);
}

export function portalDocument(context: PeopleContext, snapshot: QueryDocumentSnapshot): PortalDocument {
  return { id: snapshot.id, reading: portalReading(context, snapshot) };
}

export function exists(snapshot: DocumentSnapshot): snapshot is QueryDocumentSnapshot {
  return snapshot.exists;
}

/** What of a portal document reaches us: nothing that the mapping does not name. */
export function fieldsOf(mapping: PortalMapping): readonly FieldPath[] {
  return fieldsRead(mapping).map((name) => new FieldPath(name));
}

/** Splits a long list for several requests. */
export function chunks<T>(list: readonly T[], size = largestGet): readonly (readonly T[])[] {
  const split: T[][] = [];
  for (let start = 0; start < list.length; start += size) split.push(list.slice(start, start + size));
  return split;
}

/** The version of a document with this update time. */
export function updateTimeOf(updateTime: Timestamp): string {
  return `${updateTime.seconds}.${String(updateTime.nanoseconds).padStart(9, '0')}`;
}
