import { inRange } from '../../state/id-order.ts';
import type { IdRange, People, PortalDocument, StoredLink } from '../../state/people.ts';
import type { Batch, Run } from '../../state/runs.ts';
import { checkpoint, type Session } from '../session.ts';

const pageSize = 500;
/** More links than this among the ids of a page, and the page ends with them: many documents were deleted there. */
const mostLinks = 1000;
/** More edits than this since the last run, and the whole collection is walked instead. */
const mostChanges = 5000;
/** The first batch of an incremental run looks only at what was edited; any other start is a place in the collection. */
const fromTheStart = '';

export interface PortalDocuments {
  readonly documents: readonly PortalDocument[];
  /** Everyone who is bound to an id among which these documents are all; undefined where they were picked by their time. */
  readonly links: readonly StoredLink[] | undefined;
}

/**
 * The portal documents of a batch. A page's batch first makes the batch of the next page, so that the walk goes on while
 * this one works; a redelivered one ends where the next begins, whatever was added meanwhile.
 */
export async function nextPortalDocuments(
  session: Session,
  people: People,
  run: Run,
  batch: Batch,
): Promise<PortalDocuments> {
  if (run.since !== undefined && batch.after === undefined) {
    const documents = await session.people.portalChangedSince(run.since, mostChanges);
    if (documents.length < mostChanges) {
      await completeWalk(session, run.runId, batch.seq + 1);
      return { documents, links: undefined };
    }
    await publishNext(session, batch, fromTheStart);
    return { documents: [], links: undefined };
  }

  const after = batch.after === fromTheStart ? undefined : batch.after;
  const next = await session.runs.getBatch({ ...batch, seq: batch.seq + 1 });
  if (next !== undefined) {
    await publishNext(session, batch, next.after ?? fromTheStart);
    const range = { after, through: next.after };
    return { documents: await people.portalRange(range), links: await allLinks(people, range) };
  }
  const documents = await people.portalPage({ after, limit: pageSize });
  const end = documents.length < pageSize ? undefined : documents.at(-1)?.id;
  const { links, through } = await firstLinks(people, { after, through: end });
  if (through === undefined) await completeWalk(session, run.runId, batch.seq + 1);
  else await publishNext(session, batch, through);
  return { documents: documents.filter(({ id }) => inRange(id, { after, through })), links };
}

/** The links in the range, or the first of them and the id up to which these are all. */
async function firstLinks(
  people: People,
  range: IdRange,
): Promise<{ readonly links: readonly StoredLink[]; readonly through: string | undefined }> {
  const links = await people.linksByUserId(range, mostLinks);
  if (links.length < mostLinks) return { links, through: range.through };
  const last = links.at(-1)?.link.userId;
  // Two links may name one document, and the other one may be on the next page.
  const whole = links.filter(({ link }) => link.userId !== last);
  return whole.length === 0 ? { links, through: last } : { links: whole, through: whole.at(-1)?.link.userId };
}

async function allLinks(people: People, range: IdRange): Promise<readonly StoredLink[]> {
  const all: StoredLink[] = [];
  for (let { after } = range; ;) {
    const { links, through } = await firstLinks(people, { ...range, after });
    all.push(...links);
    if (through === range.through) return all;
    after = through;
  }
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
