import { FieldPath } from '@google-cloud/firestore';
import { decodeRun, encodeRun } from '../run-document.ts';
import type { Run, Runs } from '../runs.ts';
import { createOnce, expiring, getDocument, getQuery, updateDocument, type RunsContext } from './runs-context.ts';

type RunStore = Pick<Runs, 'create' | 'get' | 'update' | 'recent' | 'queued' | 'held'>;

export function runStore(context: RunsContext): RunStore {
  const runs = context.firestore.collection(context.names.runs);
  const documentOf = (run: Run) => expiring(encodeRun(run), run.requestedAt);

  return {
    create: async (run) => createOnce(context, runs.doc(run.runId), documentOf(run)),
    async get(runId) {
      const snapshot = await getDocument(context, runs.doc(runId));
      return snapshot.exists ? decodeRun(runId, snapshot.data()) : undefined;
    },
    update: async (runId, step) =>
      updateDocument(context, runs.doc(runId), (snapshot) => {
        if (!snapshot.exists) throw new Error(`There is no run ${runId}.`);
        const { run, result } = step(decodeRun(runId, snapshot.data()));
        return run === undefined ? { result } : { result, whole: documentOf(run) };
      }),
    async recent(limit, before) {
      // By id as well, as the index on one field is: no composite index is needed.
      const newest = runs.orderBy('requestedAt', 'desc').orderBy(FieldPath.documentId(), 'desc').limit(limit);
      const { requestedAt, runId } = before ?? {};
      const place = [requestedAt, runId].filter((part) => part !== undefined);
      const { docs } = await getQuery(context, place.length === 0 ? newest : newest.startAfter(...place));
      return docs.map((snapshot) => decodeRun(snapshot.id, snapshot.data()));
    },
    async queued(limit) {
      const { docs } = await getQuery(context, runs.orderBy('queuedAt').limit(limit));
      return docs.map((snapshot) => decodeRun(snapshot.id, snapshot.data()));
    },
    async held(limit) {
      const { docs } = await getQuery(context, runs.orderBy('heldAt', 'desc').limit(limit));
      return docs.map((snapshot) => decodeRun(snapshot.id, snapshot.data()));
    },
  };
}
