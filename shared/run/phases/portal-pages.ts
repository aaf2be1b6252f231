import { inRange } from '../../state/id-order.ts';
import type { IdRange, People, PortalDocument, StoredLink } from '../../state/people.ts';
import type { PortalBatch, PortalPart } from '../../state/batch.ts';
import type { Run } from '../../state/runs.ts';
import { checkpoint, type Session } from '../session.ts';
import { moveWalk, type Walked } from './phase.ts';

const pageSize = 500;
/** Where a page's ids have more links than this, the page ends with that many: many documents were deleted there. */
const mostLinks = 1000;
/** If more documents than this were edited since the last run, the whole collection is walked instead. */
const mostChanges = 5000;

/** The documents of one batch, and which links they are to be compared with. */
export interface PortalDocuments {
  readonly documents: readonly PortalDocument[];
  /**
   * Where the documents are all those of a range of ids: every link whose portal user is in that range. Undefined where
   * the documents were picked by their time: then no document can be found missing.
   */
  readonly links: readonly StoredLink[] | undefined;
}

/**
 * Makes the first batch. Every batch of a page makes the next one itself, because only reading a page shows its end.
 */
export async function walkPortal(session: Session, run: Run): Promise<Walked> {
  if (run.walks.portal.batches > 0) return { kind: 'walked', run };
  await publishPart(session, { runId: run.runId, seq: 0 }, { kind: 'first' });
  const begun = await moveWalk(session, run, 'portal', { batches: 1, complete: false, cursor: undefined });
  return { kind: 'walked', run: begun };
}

/**
 * Reads the portal documents of a batch. A page's batch first makes the batch of the next page, so that the walk goes on
 * while this batch is worked on. When it is delivered again, it ends where the next batch begins, even if documents were
 * added meanwhile.
 */
export async function readPart(
  session: Session,
  people: People,
  run: Run,
  batch: PortalBatch,
): Promise<PortalDocuments> {
  const { part } = batch;
  if (part.kind === 'first' && run.since !== undefined) return readChanged(session, batch, run.since);
  return readPage(session, people, batch, part.kind === 'first' ? undefined : part.after);
}

async function readChanged(session: Session, batch: PortalBatch, since: number): Promise<PortalDocuments> {
  const { documents, more } = await session.people.portalChangedSince(since, mostChanges);
  if (!more) {
    await completeWalk(session, batch);
    return { documents, links: undefined };
  }
  await publishNext(session, batch, undefined);
  return { documents: [], links: undefined };
}

async function readPage(
  session: Session,
  people: People,
  batch: PortalBatch,
  after: string | undefined,
): Promise<PortalDocuments> {
  const next = await session.runs.getBatch({ ...batch, seq: batch.seq + 1 });
  if (next?.part.kind === 'page') {
    const range = { after, through: next.part.after };
    await publishNext(session, batch, range.through);
    return { documents: await people.portalRange(range), links: await allLinks(people, range) };
  }
  const { documents, more } = await people.portalPage({ after, limit: pageSize });
  const end = more ? documents.at(-1)?.id : undefined;
  const { links, through } = await firstLinks(people, { after, through: end });
  if (through === undefined) await completeWalk(session, batch);
  else await publishNext(session, batch, through);
  return { documents: documents.filter(({ id }) => inRange(id, { after, through })), links };
}

/** All links in the range, or so many as a page may have and the id up to which there are no others. */
async function firstLinks(
  people: People,
  range: IdRange,
): Promise<{ readonly links: readonly StoredLink[]; readonly through: string | undefined }> {
  const links = await people.linksByUserId(range, mostLinks);
  if (links.length < mostLinks) return { links, through: range.through };
  const last = links.at(-1)?.link.userId;
  // Two links may name one portal user, and the second of them may be on the next page.
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

async function publishNext(session: Session, { runId, seq }: PortalBatch, after: string | undefined): Promise<void> {
  await publishPart(session, { runId, seq: seq + 1 }, { kind: 'page', after });
}

async function publishPart(
  session: Session,
  { runId, seq }: Pick<PortalBatch, 'runId' | 'seq'>,
  part: PortalPart,
): Promise<void> {
  const batch: PortalBatch = { runId, phase: 'portal', seq, part, result: undefined };
  await session.runs.createBatch(batch);
  await session.publisher.publishBatch(batch);
}

async function completeWalk(session: Session, { runId, seq }: PortalBatch): Promise<void> {
  await checkpoint(session, runId, (state) => ({
    ...state,
    walks: { ...state.walks, portal: { batches: seq + 1, complete: true, cursor: undefined } },
  }));
}
