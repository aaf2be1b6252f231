import { linkId } from '../../core/model/email.ts';
import { isFieldMap } from '../../portal/field-path.ts';
import type { PortalMapping } from '../../portal/mapping.ts';
import { documentFor, fieldUpdates, statusUpdate, type FieldUpdate } from '../../portal/write-user.ts';
import { isDocumentId } from '../id-order.ts';
import { encodeLink } from '../link-document.ts';
import type { Committed, PortalWrite, TransactionScope, TransactionStep, TransactionView } from '../people.ts';
import { isStorable } from './document-size.ts';
import { linksOf, portalUsersOf, type PeopleView } from './lookups.ts';
import { userIdsWithEmail } from './portal-queries.ts';

/** An attempt fails only where another transaction has committed, so that only a bug needs as many as this. */
const mostAttempts = 1000;

/** Optimistic: `step` works on what was read, and starts again if any of it has changed when it wants to commit. */
export async function transact<T>(
  view: PeopleView,
  scope: TransactionScope,
  step: (view: TransactionView) => TransactionStep<T>,
): Promise<Committed<T>> {
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    await Promise.resolve();
    const before = versions(view, scope);
    const read: TransactionView = {
      links: linksOf(view, scope.links),
      portal: portalUsersOf(view, scope.userIds),
      userIdsWithEmail:
        scope.portalEmail === undefined ? [] : userIdsWithEmail(view, scope.portalEmail).map(({ id }) => id),
      now: view.database.now(),
    };
    await Promise.resolve();
    const outcome = step(read);
    if (versions(view, scope) === before) {
      return commit(view, outcome) ? { kind: 'committed', result: outcome.result } : { kind: 'refused' };
    }
  }
  throw new Error('A transaction found other writers in its way too often.');
}

/** Names everything the scope reads in its present state. */
function versions({ database, mapping }: PeopleView, scope: TransactionScope): string {
  const uncounted = { database, mapping, meter: { reads: 0, writes: 0, bookkeeping: 0 } };
  const found = scope.portalEmail === undefined ? [] : userIdsWithEmail(uncounted, scope.portalEmail);
  return JSON.stringify([
    scope.links.map((key) => database.links.get(linkId(key))?.version),
    scope.userIds.map((id) => database.portal.get(id)?.version),
    found.map(({ id, version }) => [id, version]),
  ]);
}

/** Makes all writes; where one of them is refused, makes none and returns false. No other task runs meanwhile. */
function commit<T>({ database, mapping, meter }: PeopleView, outcome: TransactionStep<T>): boolean {
  const links = (outcome.links ?? []).map((link) => ({ id: linkId(link.key), data: encodeLink(link) }));
  const removed = (outcome.removeLinks ?? []).map((key) => linkId(key));
  const portal = new Map<string, DocumentMap | undefined>();
  let portalWrites = 0;
  for (const write of outcome.portal ?? []) {
    const present = portal.has(write.id) ? portal.get(write.id) : database.portal.get(write.id)?.data;
    const changed = afterWrite(present, write, mapping);
    if (changed === present && write.kind !== 'delete') continue;
    if (changed !== undefined && !isStorable(changed)) return false;
    portal.set(write.id, changed);
    portalWrites += 1;
  }
  for (const { id, data } of links) database.links.put(id, data, database.now());
  for (const id of removed) database.links.delete(id);
  meter.writes += links.length + removed.length + portalWrites;
  for (const [id, data] of portal) database.writePortal(id, data);
  return true;
}

/** What the document holds after the write: undefined if it is deleted, `present` itself if there is nothing to write. */
function afterWrite(
  present: DocumentMap | undefined,
  write: PortalWrite,
  mapping: PortalMapping,
): DocumentMap | undefined {
  if (write.kind === 'create') {
    if (!isDocumentId(write.id)) throw new Error('A portal user cannot be created under this document id.');
    if (present !== undefined) throw new Error('A portal user to be created exists already.');
    return { ...documentFor(write.user, mapping) };
  }
  if (write.kind === 'delete') return undefined;
  if (present === undefined) throw new Error('A portal user to be updated does not exist.');
  const updates =
    write.kind === 'update' ? fieldUpdates(write.changes, mapping) : [statusUpdate(write.status, mapping)];
  return updates.reduce((data, { path, value }) => withField(data, path, value), present);
}

type DocumentMap = Readonly<Record<string, unknown>>;

/** As Firestore updates one field: maps on the way are made, other values on the way replaced. */
function withField(data: unknown, [name, ...rest]: FieldUpdate['path'], value: string | undefined): DocumentMap {
  const map = new Map<string, unknown>(isFieldMap(data) ? Object.entries(data) : []);
  const [next, ...deeper] = rest;
  if (next !== undefined) {
    const inner = map.get(name);
    if (value !== undefined || isFieldMap(inner)) map.set(name, withField(inner, [next, ...deeper], value));
  } else if (value === undefined) {
    map.delete(name);
  } else {
    map.set(name, value);
  }
  return Object.fromEntries(map);
}
