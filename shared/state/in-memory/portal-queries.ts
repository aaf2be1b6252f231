import type { CanonicalEmail } from '../../core/model/email.ts';
import { fieldAt } from '../../portal/field-path.ts';
import { isIdEmail } from '../../portal/mapping.ts';
import { readTime } from '../../portal/read-time.ts';
import { readPortalUser } from '../../portal/read-user.ts';
import { compareIds, inRange, isEmptyRange } from '../id-order.ts';
import { queryReads } from '../meter.ts';
import type { IdRange, PortalDocument, PortalPage } from '../people.ts';
import { bytesOf, largestPage, newPortalPage } from '../portal-page.ts';
import type { StoredDocument } from './collection.ts';
import type { PeopleView } from './lookups.ts';

export function portalPage(
  view: PeopleView,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): PortalPage {
  const page = newPortalPage(limit);
  let count = 0;
  for (const document of view.database.portal.after(after)) {
    if (count >= limit) break;
    count += 1;
    page.add(readDocument(view, document));
  }
  view.meter.reads += queryReads(count);
  return page.page();
}

export function portalRange(view: PeopleView, range: IdRange): readonly PortalDocument[] {
  if (isEmptyRange(range)) return [];
  const found: StoredDocument[] = [];
  for (const document of view.database.portal.after(range.after)) {
    if (!inRange(document.id, range)) break;
    found.push(document);
  }
  view.meter.reads += queryReads(found.length);
  return found.map((document) => readDocument(view, document));
}

export function userIdsWithEmail(
  { database, mapping, meter }: PeopleView,
  email: CanonicalEmail,
): readonly StoredDocument[] {
  if (isIdEmail(mapping)) {
    const there = database.portal.get(email);
    meter.reads += queryReads(there === undefined ? 0 : 1);
    return there === undefined ? [] : [there];
  }
  const keysOf = ({ data }: StoredDocument): readonly string[] => {
    const field = fieldAt(data, mapping.email);
    return field.kind === 'value' && typeof field.value === 'string' ? [field.value] : [];
  };
  const found = database.portal.find(`email ${JSON.stringify(mapping.email)}`, keysOf, email);
  meter.reads += queryReads(found.length);
  return found;
}

/** Billed as one query per readable type, as Firestore needs them. */
export function portalChangedSince(view: PeopleView, since: number, limit: number): PortalPage {
  const { database, mapping, meter } = view;
  if (mapping.updatedAt === undefined) return { documents: [], more: false };
  const found: { readonly document: StoredDocument; readonly type: string; readonly time: number }[] = [];
  for (const document of database.portal.after(undefined)) {
    const field = fieldAt(document.data, mapping.updatedAt);
    const time = field.kind === 'value' ? readTime(field.value) : undefined;
    if (field.kind === 'value' && time !== undefined && time >= since) {
      found.push({ document, type: typeof field.value, time });
    }
  }
  found.sort((a, b) => a.time - b.time || compareIds(a.document.id, b.document.id));
  for (const type of ['object', 'number', 'string']) {
    meter.reads += queryReads(Math.min(limit, found.filter((entry) => entry.type === type).length));
  }
  const documents = found.slice(0, limit).map(({ document }) => readDocument(view, document));
  const bytes = documents.reduce((sum, { reading }) => sum + bytesOf(reading), 0);
  return bytes > largestPage ? { documents: [], more: true } : { documents, more: documents.length >= limit };
}

function readDocument({ mapping }: PeopleView, document: StoredDocument): PortalDocument {
  return { id: document.id, reading: readPortalUser(document, mapping) };
}
