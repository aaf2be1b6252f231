import type { IdRange, PortalDocument } from '../state/people.ts';
import type { Batch, Run } from '../state/runs.ts';
import type { Session } from './session.ts';
import { checkpoint } from './usage.ts';

const pageSize = 500;
/** More edits than this since the last run, and the whole collection is walked instead. */
const mostChanges = 5000;
/** The first batch of an incremental run looks only at what was edited; any other start is a place in the collection. */
const fromTheStart = '';

export interface PortalDocuments {
  readonly documents: readonly PortalDocument[];
  /** The ids these are all of; undefined where they were picked by their time. */
  readonly range: IdRange | undefined;
}

/**
 * The portal documents of a batch. A page's batch first makes the batch of the next page, so that the walk goes on while
 * this one works; a redelivered one ends where the next begins, whatever was added meanwhile.
 */
export async function nextPortalDocuments(session: Session, run: Run, batch: Batch): Promise<PortalDocuments> {
  if (run.since !== undefined && batch.after === undefined) {
    const documents = await session.people.portalChangedSince(run.since, mostChanges);
    if (documents.length < mostChanges) {
      await completeWalk(session, run.runId, batch.seq + 1);
      return { documents, range: undefined };
    }
    await publishNext(session, batch, fromTheStart);
    return { documents: [], range: undefined };
  }

  const after = batch.after === fromTheStart ? undefined : batch.after;
  const next = await session.runs.getBatch({ ...batch, seq: batch.seq + 1 });
  if (next !== undefined) {
    await publishNext(session, batch, next.after ?? fromTheStart);
    const range = { after, through: next.after };
    return { documents: await session.people.portalRange(range), range };
  }
  const documents = await session.people.portalPage({ after, limit: pageSize });
  const last = documents.at(-1);
  if (last === undefined || documents.length < pageSize) {
    await completeWalk(session, run.runId, batch.seq + 1);
    return { documents, range: { after, through: undefined } };
  }
  await publishNext(session, batch, last.id);
  return { documents, range: { after, through: last.id } };
}

async function publishNext(session: Session, { runId, phase, seq }: Batch, after: string): Promise<void> {
  const next = { runId, phase, seq: seq + 1, after, through: undefined, people: [], result: undefined };
  await session.runs.createBatch(next);
  await session.publisher.publishBatch(next);
}

async function completeWalk(session: Session, runId: string, batches: number): Promise<void> {
  await checkpoint(session, runId, (state) => ({
    ...state,
    walks: { ...state.walks, portal: { batches, complete: true, cursor: undefined } },
  }));
}
