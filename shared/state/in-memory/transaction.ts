import { linkId } from '../../core/model/email.ts';
import type { PortalUser } from '../../core/model/profile.ts';
import { isFieldMap } from '../../portal/field-path.ts';
import type { PortalMapping } from '../../portal/mapping.ts';
import { documentFor, fieldUpdates, statusUpdate, type FieldUpdate } from '../../portal/write-user.ts';
import { isDocumentId } from '../id-order.ts';
import { changeDocumentId, encodeChange } from '../change-document.ts';
import { encodeLink, writtenAtField } from '../link-document.ts';
import { billBookkeepingWrites } from '../meter.ts';
import {
  completed,
  versionOf,
  type Committed,
  type PortalWrite,
  type ReadScope,
  type TransactionScope,
  type TransactionStep,
  type View,
} from '../people.ts';
import { isStorable } from './document-size.ts';
import { linksOf, portalUsersOf, type PeopleView } from './lookups.ts';
import { userIdsWithEmail } from './portal-queries.ts';

/** A try fails only where another writer has committed, so that only a bug needs as many as this. */
const mostTries = 1000;

/** Reads what `scope` names, as it is this moment. */
export function readScope(view: PeopleView, { links, userIds, portalEmail }: ReadScope): View {
  return {
    links: linksOf(view, links),
    portal: portalUsersOf(view, userIds),
    userIdsWithEmail: portalEmail === undefined ? [] : userIdsWithEmail(view, portalEmail).map(({ id }) => id),
    now: view.database.now(),
  };
}

/** Optimistic, as on Firestore: what is written has to be as `step` saw it, or everything is read anew. */
export async function transact<T>(
  context: PeopleView,
  scope: TransactionScope,
  step: (view: View) => TransactionStep<T>,
): Promise<Committed<T>> {
  const read = (one: ReadScope): View => readScope(context, one);
  for (let tries = 0; tries < mostTries; tries += 1) {
    await Promise.resolve();
    const view = await (tries === 0 ? completed(scope, read) : read(scope));
    const outcome = step(view);
    if (isAsSeen(context, scope, view, outcome)) return commit(context, view, outcome);
  }
  throw new Error('A transaction found other writers in its way too often.');
}

/** Whether everything that is to be written is still as `view` shows it. */
function isAsSeen<T>(
  { database }: PeopleView,
  scope: ReadScope,
  view: View,
  { links = [], removeLinks = [], portal = [] }: TransactionStep<T>,
): boolean {
  const keys = [...links.map(({ key }) => key), ...removeLinks].filter((key) => scope.links.includes(key));
  const users = portal.filter(({ id }) => view.portal.has(id));
  return (
    keys.every((key) => database.links.get(linkId(key))?.version === view.links.get(key)?.version) &&
    users.every(({ id }) => database.portal.get(id)?.version === versionOf(view.portal.get(id)))
  );
}

/** Makes all writes; where one of them is refused, makes none. No other task runs meanwhile. */
function commit<T>(
  { database, mapping, meter, keeping, keepsChanges }: PeopleView,
  view: View,
  outcome: TransactionStep<T>,
): Committed<T> {
  const links = (outcome.links ?? []).map((link) => ({
    key: link.key,
    id: linkId(link.key),
    data: outcome.quiet?.has(link.key)
      ? encodeLink(link, keeping)
      : { ...encodeLink(link, keeping), [writtenAtField]: database.now() },
  }));
  const removed = (outcome.removeLinks ?? []).map((key) => linkId(key));
  const portal = new Map<string, DocumentMap | undefined>();
  let portalWrites = 0;
  for (const write of outcome.portal ?? []) {
    const present = portal.has(write.id) ? portal.get(write.id) : database.portal.get(write.id)?.data;
    const reading = view.portal.get(write.id);
    const changed = afterWrite(present, write, mapping, reading?.kind === 'user' ? reading.user : undefined);
    if (changed === present && write.kind !== 'delete') continue;
    if (changed !== undefined && !isStorable(changed)) return { kind: 'refused' };
    portal.set(write.id, changed);
    portalWrites += 1;
  }
  for (const { id, data } of links) database.links.put(id, data, database.now());
  for (const id of removed) database.links.delete(id);
  const others = outcome.alongside ?? [];
  database.alongside.push(...others);
  meter.writes += links.length + removed.length + portalWrites + others.length;
  for (const [id, data] of portal) database.writePortal(id, data);
  const changes = keepsChanges ? (outcome.changes ?? []) : [];
  for (const change of changes) database.changes.put(changeDocumentId(change), encodeChange(change), database.now());
  billBookkeepingWrites(meter, changes.length);
  const versions = new Map(links.map(({ key, id }) => [key, database.links.get(id)?.version ?? '']));
  return { kind: 'committed', result: outcome.result, versions };
}

/**
 * What the document holds after the write: undefined if it is deleted, `present` itself if there is nothing to write.
 */
function afterWrite(
  present: DocumentMap | undefined,
  write: PortalWrite,
  mapping: PortalMapping,
  user: PortalUser | undefined,
): DocumentMap | undefined {
  if (write.kind === 'create') {
    if (!isDocumentId(write.id)) throw new Error('A portal user cannot be created under this document id.');
    if (present !== undefined) throw new Error('A portal user to be created exists already.');
    return { ...documentFor(write.user, mapping) };
  }
  if (write.kind === 'delete') return undefined;
  if (present === undefined) throw new Error('A portal user to be updated does not exist.');
  const updates =
    write.kind === 'update' ? fieldUpdates(write.changes, mapping, user) : [statusUpdate(write.status, mapping)];
  return updates.reduce((data, { path, value }) => withField(data, path, value), present);
}

type DocumentMap = Readonly<Record<string, unknown>>;

/** As Firestore updates one field: maps on the way are made, other values on the way replaced. */
function withField(data: unknown, [name, ...rest]: FieldUpdate['path'], value: unknown): DocumentMap {
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
