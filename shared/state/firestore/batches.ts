import { FieldPath, type CollectionReference, type DocumentReference, type Timestamp } from '@google-cloud/firestore';
import { decodeBatch, encodeBatch, encodeCompletion, progressOf } from '../batch-document.ts';
import { decodeApart, encodeApart } from '../listing-memory.ts';
import { batchDocumentId, batchSeq, isOfPhase } from '../batch-id.ts';
import { billBookkeepingWrites, countReads } from '../meter.ts';
import { batchPhases, type Batch, type BatchId, type BatchPhase } from '../batch.ts';
import type { Runs } from '../runs.ts';
import {
  createOnce,
  expiring,
  getDocument,
  getQuery,
  updateDocument,
  updateIfAsRead,
  type RunsContext,
} from './runs-context.ts';

type BatchStore = Pick<
  Runs,
  | 'createBatch'
  | 'getBatch'
  | 'completeBatch'
  | 'rewriteBatch'
  | 'countDone'
  | 'unfinished'
  | 'batches'
  | 'lastProgress'
  | 'apart'
  | 'setApart'
>;

/** No batch is called so: its document is in none of the orders that batches are read in. */
const apartId = 'apart';

/** Batches can be large: a page of this many stays well below what one answer may hold. */
const pageSize = 50;

export function batchStore(context: RunsContext): BatchStore {
  const { firestore, names, meter, now } = context;
  const batchesOf = (runId: string): CollectionReference =>
    firestore.collection(names.runs).doc(runId).collection(names.batches);
  const refOf = (id: BatchId): DocumentReference => batchesOf(id.runId).doc(batchDocumentId(id));

  /** When a batch that was read here was last written: it may be completed on condition that it still is as it was read. */
  const readAt = new WeakMap<object, Timestamp>();

  return {
    createBatch: async (batch) => createOnce(context, refOf(batch), expiring(encodeBatch(batch), now())),
    async getBatch<P extends BatchPhase>(id: BatchId<P>) {
      const snapshot = await getDocument(context, refOf(id));
      const batch = snapshot.exists ? decodeBatch(snapshot.id, snapshot.data()) : undefined;
      if (batch === undefined || !isOfPhase(batch, id.phase)) return undefined;
      if (snapshot.updateTime !== undefined) readAt.set(batch, snapshot.updateTime);
      return batch;
    },
    async completeBatch(id, result) {
      const lastUpdateTime = readAt.get(id);
      if (lastUpdateTime !== undefined && isOpen(id)) {
        const fields = encodeCompletion(id, result);
        if (await updateIfAsRead(context, refOf(id), fields, lastUpdateTime)) return true;
      }
      return updateDocument(context, refOf(id), (snapshot) => {
        if (!snapshot.exists) throw new Error(`The run ${id.runId} has no batch ${batchDocumentId(id)}.`);
        const batch = decodeBatch(snapshot.id, snapshot.data());
        if (batch.result !== undefined) return { result: false };
        return { result: true, fields: encodeCompletion(batch, result) };
      });
    },
    rewriteBatch: async (id, step) =>
      updateDocument(context, refOf(id), (snapshot) => {
        const batch = snapshot.exists ? step(decodeBatch(snapshot.id, snapshot.data())) : undefined;
        return batch === undefined ? { result: false } : { result: true, fields: encodeBatch(batch) };
      }),
    async countDone(runId, phase) {
      const done = batchesOf(runId).where('progress', '==', progressOf(phase, true));
      const { count } = (await done.count().get()).data();
      meter.bookkeeping += countReads(count);
      return count;
    },
    async unfinished(runId, phase, limit) {
      const open = batchesOf(runId).where('progress', '==', progressOf(phase, false));
      const byId = open.orderBy(FieldPath.documentId()).select();
      const { docs } = await getQuery(context, limit === undefined ? byId : byId.limit(limit));
      return docs.map(({ id }) => ({ runId, phase, seq: batchSeq(id) }));
    },
    async *batches(runId, from) {
      for (const phase of from === undefined ? batchPhases : batchPhases.slice(batchPhases.indexOf(from.phase))) {
        const byId = batchesOf(runId).orderBy(FieldPath.documentId()).endBefore(`${phase}.`).limit(pageSize);
        let page = byId.startAt(phase === from?.phase ? batchDocumentId(from) : `${phase}-`);
        for (;;) {
          const { docs } = await getQuery(context, page);
          for (const snapshot of docs) yield decodeBatch(snapshot.id, snapshot.data());
          const last = docs.at(-1);
          if (last === undefined || docs.length < pageSize) break;
          page = byId.startAfter(last.id);
        }
      }
    },
    async apart(runId) {
      const snapshot = await getDocument(context, batchesOf(runId).doc(apartId));
      return snapshot.exists ? decodeApart(snapshot.data()) : [];
    },
    async setApart(runId, digests) {
      billBookkeepingWrites(meter, 1);
      await batchesOf(runId)
        .doc(apartId)
        .set(expiring(encodeApart(digests), now()));
    },
    async lastProgress(runId) {
      const newest = batchesOf(runId).orderBy('finishedAt', 'desc').limit(1);
      const snapshot = (await getQuery(context, newest)).docs.at(0);
      return snapshot && decodeBatch(snapshot.id, snapshot.data()).result?.finishedAt;
    },
  };
}

/** A batch as it was read, and not only its id. */
function isOpen(batch: BatchId): batch is Batch {
  return 'result' in batch && batch.result === undefined;
}
