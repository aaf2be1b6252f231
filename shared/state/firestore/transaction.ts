import { setTimeout as sleep } from 'node:timers/promises';
import { FieldPath, FieldValue, Timestamp, type DocumentSnapshot, type WriteBatch } from '@google-cloud/firestore';
import type { PersonKey } from '../../core/model/email.ts';
import type { PortalReading } from '../../core/model/profile.ts';
import { fieldsRead } from '../../portal/read-user.ts';
import { documentFor, fieldUpdates, statusUpdate, type FieldUpdate } from '../../portal/write-user.ts';
import { isDocumentId } from '../id-order.ts';
import { encodeLink, linkFields, writtenAtField } from '../link-document.ts';
import { billBookkeepingWrites, queryReads } from '../meter.ts';
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
import { changeDocument } from './changes.ts';
import { linksByKey } from './link-queries.ts';
import { chunks, linkRef, portalReading, updateTimeOf, type PeopleContext } from './people-context.ts';
import { emailQuery } from './portal-queries.ts';

/** A conflict is over within milliseconds: after these tries the caller had better come again later. */
const mostTries = 12;
const firstPause = 5;
const longestPause = 400;

/** What gRPC calls a commit that will never be taken. */
const invalidArgument = 3;
/** What gRPC calls a commit that found something else than expected, or another commit in its way. */
const conflicts = [/* NOT_FOUND */ 5, /* ALREADY_EXISTS */ 6, /* FAILED_PRECONDITION */ 9, /* ABORTED */ 10];

/**
 * Reads what `scope` names: links and portal users in one request, so that no document is older than its link, and
 * without a lock. Of portal users, no more than the mapping names.
 */
export async function readScope(context: PeopleContext, scope: ReadScope): Promise<View> {
  const { firestore, meter, portal, mapping } = context;
  const linkRefs = [...new Set<PersonKey>(scope.links)].map((key) => linkRef(context, key));
  const readings = new Map<string, PortalReading>(scope.userIds.map((id) => [id, { kind: 'absent' }]));
  const portalRefs = [...readings.keys()].filter(isDocumentId).map((id) => portal.doc(id));
  const refs = [...linkRefs, ...portalRefs];
  const found = scope.portalEmail === undefined ? undefined : emailQuery(context, scope.portalEmail)?.get();
  // One request has one mask: of a portal user, a field that is called like one of a link comes along.
  const fieldMask = [...new Set([...fieldsRead(mapping), ...linkFields])].map((name) => new FieldPath(name));
  const parts = await Promise.all(chunks(refs).map(async (part) => firestore.getAll(...part, { fieldMask })));
  const snapshots: readonly DocumentSnapshot[] = parts.flat();
  meter.reads += refs.length;
  const withEmail = await found;
  if (withEmail !== undefined) meter.reads += queryReads(withEmail.size);
  for (const snapshot of snapshots.slice(linkRefs.length)) readings.set(snapshot.id, portalReading(context, snapshot));
  const times = [...snapshots, ...(withEmail === undefined ? [] : [withEmail])].map(({ readTime }) =>
    readTime.toMillis(),
  );
  return {
    links: linksByKey(snapshots.slice(0, linkRefs.length), scope.links),
    portal: readings,
    userIdsWithEmail: withEmail?.docs.map(({ id }) => id) ?? [],
    now: times.length === 0 ? Date.now() : Math.max(...times),
  };
}

/**
 * Optimistic: what `step` returns is committed in one batch, each document on the condition that it is still as `step` saw
 * it. Nobody's lock is waited for, and the portal's own saves never wait for ours.
 */
export async function transact<T>(
  context: PeopleContext,
  scope: TransactionScope,
  step: (view: View) => TransactionStep<T>,
): Promise<Committed<T>> {
  const read = (one: ReadScope): Promise<View> => readScope(context, one);
  for (let tries = 1; ; tries += 1) {
    const view = await (tries === 1 ? completed(scope, read) : read(scope));
    const outcome = step(view);
    const batch = context.firestore.batch();
    const keys = writeLinks(context, batch, scope, view, outcome);
    const users = (outcome.portal ?? []).filter((write) => writePortal(context, batch, view, write));
    const changes = writeChanges(context, batch, outcome);
    const others = outcome.alongside ?? [];
    for (const { collection, data } of others) batch.create(context.firestore.collection(collection).doc(), data);
    const writes = keys.length + (outcome.removeLinks ?? []).length + users.length + others.length;
    const { result } = outcome;
    if (writes + changes === 0) return { kind: 'committed', result, versions: new Map() };
    try {
      const written = await batch.commit();
      context.meter.writes += writes;
      billBookkeepingWrites(context.meter, changes);
      const versions = new Map<PersonKey, string>();
      for (const [place, { writeTime }] of written.entries()) {
        const key = keys[place];
        if (key !== undefined) versions.set(key, updateTimeOf(writeTime));
      }
      return { kind: 'committed', result, versions };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === invalidArgument) return { kind: 'refused' };
      if (tries === mostTries || !conflicts.some((conflict) => conflict === code)) throw error;
      context.meter.conflicts += 1;
      await sleep(Math.random() * Math.min(longestPause, firstPause * 2 ** tries));
    }
  }
}

/** Answers the links that are written, in the order in which the batch writes them: first of all. */
function writeLinks<T>(
  context: PeopleContext,
  batch: WriteBatch,
  scope: ReadScope,
  view: View,
  { links = [], removeLinks = [], quiet }: TransactionStep<T>,
): readonly PersonKey[] {
  for (const link of links) {
    const ref = linkRef(context, link.key);
    const before = view.links.get(link.key);
    const encoded = encodeLink(link, context.keeping);
    const isQuiet = quiet?.has(link.key) === true;
    const data = isQuiet ? encoded : { ...encoded, [writtenAtField]: FieldValue.serverTimestamp() };
    if (before !== undefined) batch.update(ref, whole(data), { lastUpdateTime: timestampOf(before.version) });
    else if (scope.links.includes(link.key)) batch.create(ref, data);
    else batch.set(ref, data);
  }
  for (const key of removeLinks) {
    const before = view.links.get(key);
    if (before === undefined) batch.delete(linkRef(context, key));
    else batch.delete(linkRef(context, key), { lastUpdateTime: timestampOf(before.version) });
  }
  return links.map(({ key }) => key);
}

/** Answers how many there are to be kept (rule 34). */
function writeChanges<T>(
  { changes, changesKeptMs }: PeopleContext,
  batch: WriteBatch,
  outcome: TransactionStep<T>,
): number {
  const kept = changesKeptMs === 0 ? [] : (outcome.changes ?? []);
  for (const change of kept) {
    const { ref, data } = changeDocument(changes, change, changesKeptMs);
    batch.set(ref, data);
  }
  return kept.length;
}

/** An update that leaves nothing of the document as it was: a condition cannot be put on replacing one. */
function whole(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const missing = linkFields.filter((field) => !(field in data));
  return { ...data, ...Object.fromEntries(missing.map((field) => [field, FieldValue.delete()])) };
}

/** Answers false where there is nothing to write. */
function writePortal({ portal, mapping }: PeopleContext, batch: WriteBatch, view: View, write: PortalWrite): boolean {
  const { id } = write;
  if (!isDocumentId(id)) throw new Error('A portal user cannot be written under this document id.');
  const ref = portal.doc(id);
  const version = versionOf(view.portal.get(id));
  const precondition = version === undefined ? undefined : { lastUpdateTime: timestampOf(version) };
  switch (write.kind) {
    case 'create':
      batch.create(ref, documentFor(write.user, mapping));
      return true;
    case 'delete':
      batch.delete(ref, precondition ?? {});
      return true;
    case 'update':
    case 'set-status': {
      const reading = view.portal.get(id);
      const user = reading?.kind === 'user' ? reading.user : undefined;
      const updates =
        write.kind === 'update' ? fieldUpdates(write.changes, mapping, user) : [statusUpdate(write.status, mapping)];
      const [first, ...rest] = updates;
      if (first === undefined) return false;
      const more = rest.flatMap((update) => [fieldOf(update), valueOf(update)]);
      batch.update(ref, fieldOf(first), valueOf(first), ...more, ...(precondition === undefined ? [] : [precondition]));
      return true;
    }
  }
}

/** The time that a version stands for. */
function timestampOf(version: string): Timestamp {
  const [seconds = '', nanoseconds = ''] = version.split('.');
  return new Timestamp(Number(seconds), Number(nanoseconds));
}

function fieldOf({ path }: FieldUpdate): FieldPath {
  return new FieldPath(...path);
}

function valueOf({ value }: FieldUpdate): unknown {
  return value ?? FieldValue.delete();
}
