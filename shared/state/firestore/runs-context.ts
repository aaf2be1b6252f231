import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Query,
  QuerySnapshot,
  Timestamp,
} from '@google-cloud/firestore';
import { billBookkeepingWrites, queryReads, type Meter } from '../meter.ts';
import { expiryField, keptFor } from './indexing.ts';
import type { StateCollections } from './names.ts';

export interface RunsContext {
  readonly firestore: Firestore;
  readonly names: StateCollections;
  readonly meter: Meter;
  readonly now: () => number;
}

type Data = Readonly<Record<string, unknown>>;

/** gRPC's ALREADY_EXISTS. */
const alreadyExists = 6;

/** gRPC's FAILED_PRECONDITION: the document is not as it was read. */
const failedPrecondition = 9;

/** Contention is short, the documents are few: the client backs off between attempts. */
const maxAttempts = 20;

/** The document with the moment at which Firestore may delete it. */
export function expiring(data: Data, from: number): Data {
  return { ...data, [expiryField]: new Date(from + keptFor) };
}

/** False where the document exists already. */
export async function createOnce({ meter }: RunsContext, ref: DocumentReference, data: Data): Promise<boolean> {
  billBookkeepingWrites(meter, 1);
  try {
    await ref.create(data);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === alreadyExists) return false;
    throw error;
  }
}

export async function getDocument({ meter }: RunsContext, ref: DocumentReference): Promise<DocumentSnapshot> {
  meter.bookkeeping += 1;
  return ref.get();
}

export async function getQuery({ meter }: RunsContext, query: Query): Promise<QuerySnapshot> {
  const found = await query.get();
  meter.bookkeeping += queryReads(found.size);
  return found;
}

/** False where the document was written since `lastUpdateTime`, and nothing is written. */
export async function updateIfAsRead(
  { meter }: RunsContext,
  ref: DocumentReference,
  fields: Data,
  lastUpdateTime: Timestamp,
): Promise<boolean> {
  billBookkeepingWrites(meter, 1);
  try {
    await ref.update(fields, { lastUpdateTime });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === failedPrecondition) return false;
    throw error;
  }
}

/**
 * Reads one document, and writes what `step` makes of it; undefined writes nothing. `fields` are merged into the
 * document, `whole` replaces it. `others` are read in the same transaction.
 */
export async function updateDocument<T>(
  { firestore, meter }: RunsContext,
  ref: DocumentReference,
  step: (
    snapshot: DocumentSnapshot,
    others: readonly DocumentSnapshot[],
  ) => { readonly result: T; readonly fields?: Data; readonly whole?: Data },
  others: readonly DocumentReference[] = [],
): Promise<T> {
  let writes = 0;
  const result = await firestore.runTransaction(
    async (transaction) => {
      writes = 0;
      meter.bookkeeping += 1 + others.length;
      const [snapshot, ...rest] = await transaction.getAll(ref, ...others);
      if (snapshot === undefined) throw new Error('the store answers nothing for a document');
      const outcome = step(snapshot, rest);
      if (outcome.whole !== undefined) transaction.set(ref, outcome.whole);
      if (outcome.fields !== undefined) transaction.set(ref, outcome.fields, { merge: true });
      if (outcome.whole !== undefined || outcome.fields !== undefined) writes = 1;
      return outcome.result;
    },
    { maxAttempts },
  );
  billBookkeepingWrites(meter, writes);
  return result;
}
