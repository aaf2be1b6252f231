import {
  FieldPath,
  FieldValue,
  type DocumentSnapshot,
  type Timestamp,
  type Transaction,
} from '@google-cloud/firestore';
import type { PersonKey } from '../../core/model/email.ts';
import type { PortalReading } from '../../core/model/profile.ts';
import { documentFor, fieldUpdates, statusUpdate, type FieldUpdate } from '../../portal/write-user.ts';
import { isDocumentId } from '../id-order.ts';
import { encodeLink } from '../link-document.ts';
import { queryReads } from '../meter.ts';
import type { Committed, PortalWrite, TransactionScope, TransactionStep, TransactionView } from '../people.ts';
import { linksByKey } from './link-queries.ts';
import { chunks, linkRef, portalReading, readMapped, type PeopleContext } from './people-context.ts';
import { emailQuery } from './portal-queries.ts';

/** The client backs off between attempts, up to a minute; after so many the caller should try again later. */
const maxAttempts = 10;

/** gRPC's INVALID_ARGUMENT: what was to be written will never be taken. */
const invalidArgument = 3;

/** Pessimistic: the server locks what is read, and aborts one of two transactions that wait for each other. */
export async function transact<T>(
  context: PeopleContext,
  scope: TransactionScope,
  step: (view: TransactionView) => TransactionStep<T>,
): Promise<Committed<T>> {
  let writes = 0;
  try {
    const result = await context.firestore.runTransaction(
      async (transaction) => {
        const outcome = step(await read(context, transaction, scope));
        writes = write(context, transaction, outcome);
        return outcome.result;
      },
      { maxAttempts },
    );
    context.meter.writes += writes;
    return { kind: 'committed', result };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === invalidArgument) return { kind: 'refused' };
    throw error;
  }
}

async function read(
  context: PeopleContext,
  transaction: Transaction,
  scope: TransactionScope,
): Promise<TransactionView> {
  const { meter, portal } = context;
  const linkRefs = [...new Set<PersonKey>(scope.links)].map((key) => linkRef(context, key));
  const readings = new Map<string, PortalReading>(scope.userIds.map((id) => [id, { kind: 'absent' }]));
  const portalRefs = [...readings.keys()].filter(isDocumentId).map((id) => portal.doc(id));
  const times: Timestamp[] = [];
  const links: DocumentSnapshot[] = [];
  const users: DocumentSnapshot[] = [];
  for (const part of chunks(linkRefs)) links.push(...(await transaction.getAll(...part)));
  for (const part of chunks(portalRefs)) users.push(...(await readMapped(context, part, transaction)));
  meter.reads += linkRefs.length + portalRefs.length;
  times.push(...[...links, ...users].map(({ readTime }) => readTime));
  const userIdsWithEmail: string[] = [];
  if (scope.portalEmail !== undefined) {
    const found = await transaction.get(emailQuery(context, scope.portalEmail));
    meter.reads += queryReads(found.size);
    times.push(found.readTime);
    userIdsWithEmail.push(...found.docs.map(({ id }) => id));
  }
  for (const snapshot of users) readings.set(snapshot.id, portalReading(context, snapshot));
  return {
    links: linksByKey(links),
    portal: readings,
    userIdsWithEmail,
    now: times.length === 0 ? Date.now() : Math.max(...times.map((time) => time.toMillis())),
  };
}

/** How many documents it writes. */
function write<T>(context: PeopleContext, transaction: Transaction, outcome: TransactionStep<T>): number {
  const links = outcome.links ?? [];
  const removed = outcome.removeLinks ?? [];
  for (const link of links) transaction.set(linkRef(context, link.key), encodeLink(link));
  for (const key of removed) transaction.delete(linkRef(context, key));
  const written = (outcome.portal ?? []).filter((portalWrite) => writePortal(context, transaction, portalWrite));
  return links.length + removed.length + written.length;
}

/** False where there is nothing to write. */
function writePortal({ portal, mapping }: PeopleContext, transaction: Transaction, portalWrite: PortalWrite): boolean {
  const { id } = portalWrite;
  if (!isDocumentId(id)) throw new Error('A portal user cannot be written under this document id.');
  const ref = portal.doc(id);
  if (portalWrite.kind === 'create') {
    transaction.create(ref, documentFor(portalWrite.user, mapping));
    return true;
  }
  if (portalWrite.kind === 'delete') {
    transaction.delete(ref);
    return true;
  }
  const updates =
    portalWrite.kind === 'update'
      ? fieldUpdates(portalWrite.changes, mapping)
      : [statusUpdate(portalWrite.status, mapping)];
  const [first, ...rest] = updates;
  if (first === undefined) return false;
  transaction.update(
    ref,
    fieldOf(first),
    valueOf(first),
    ...rest.flatMap((update) => [fieldOf(update), valueOf(update)]),
  );
  return true;
}

function fieldOf({ path }: FieldUpdate): FieldPath {
  return new FieldPath(...path);
}

function valueOf({ value }: FieldUpdate): string | FieldValue {
  return value ?? FieldValue.delete();
}
