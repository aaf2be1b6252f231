import { linkId, type PersonKey } from '../../core/model/email.ts';
import type { PortalReading } from '../../core/model/profile.ts';
import type { PortalMapping } from '../../portal/mapping.ts';
import { readPortalUser } from '../../portal/read-user.ts';
import { isDocumentId } from '../id-order.ts';
import { decodeLink } from '../link-document.ts';
import type { LinkKeeping } from '../link-keeping.ts';
import type { Meter } from '../meter.ts';
import type { StoredLink } from '../people.ts';
import type { StoredDocument } from './collection.ts';
import type { InMemoryDatabase } from './database.ts';

/** What an adapter works with: shared data, its own mapping and meter. */
export interface PeopleView {
  readonly database: InMemoryDatabase;
  readonly mapping: PortalMapping;
  readonly meter: Meter;
  /** Whether changes are kept (rule 34). */
  readonly keepsChanges: boolean;
  readonly keeping?: LinkKeeping | undefined;
}

export function storedLink({ id, data, version }: StoredDocument, asked?: PersonKey): StoredLink {
  return { link: decodeLink(id, data, asked), version };
}

/** Only those that exist. */
export function linksOf({ database, meter }: PeopleView, keys: readonly PersonKey[]): Map<PersonKey, StoredLink> {
  const found = new Map<PersonKey, StoredLink>();
  for (const key of new Set(keys)) {
    meter.reads += 1;
    const document = database.links.get(linkId(key));
    if (document === undefined) continue;
    if (isExpired(document, database.now())) database.links.delete(document.id);
    else found.set(key, storedLink(document, key));
  }
  return found;
}

/** Firestore deletes such documents by itself, within a day. */
function isExpired({ data }: StoredDocument, now: number): boolean {
  const expiry = data['expireAt'];
  return expiry instanceof Date && expiry.getTime() <= now;
}

/** One reading per id; an id that no document can have is absent without a read. */
export function portalUsersOf(view: PeopleView, ids: readonly string[]): Map<string, PortalReading> {
  const { database, mapping, meter } = view;
  const readings = new Map<string, PortalReading>();
  for (const id of new Set(ids)) {
    if (isDocumentId(id)) meter.reads += 1;
    const document = database.portal.get(id);
    readings.set(id, document === undefined ? { kind: 'absent' } : readPortalUser(document, mapping));
  }
  return readings;
}
