import { listingPage, nextPage, type NextPage } from '../../../apigee/listing.ts';
import { marksOf } from '../../../core/listing/cut.ts';
import type { ApigeeBatch } from '../../../state/batch.ts';
import type { Run } from '../../../state/runs.ts';
import { checkpoint, type Session } from '../../session.ts';
import { withoutAnswer, type Walked } from '../phase.ts';
import { placeBehind, showsMark, type ListingPlace } from './listing-place.ts';
import { encodeCursor } from './listing-cursor.ts';
import { isSelected, withWalk } from './listed-people.ts';

type ListedPage = Extract<NextPage, { kind: 'page' }>;

/**
 * Walks the listing on from a place, one page: makes a batch of it, or finds its end. A page is published before the cursor
 * moves past it: after a crash in between it is published again, and its batch document, created once, says which developers
 * are in it.
 */
export async function walkPages(session: Session, run: Run, place: ListingPlace): Promise<Walked> {
  if (session.now() > session.deadline) return { kind: 'to-be-continued' };
  const page = await nextPage(session.developers, place.tail);
  switch (page.kind) {
    case 'failed':
      return unwalkable(page.error);
    case 'end':
      return { kind: 'walked', run: await endWalk(session, run) };
    case 'page':
      if (await goesInCircles(session, run, place, page)) return unwalkable('circle');
      return { kind: 'walked', run: await publishPage(session, run, place, page) };
  }
}

function endWalk(session: Session, { runId }: Run): Promise<Run> {
  return checkpoint(session, runId, (state) => withWalk(state, { ...state.walks.apigee, complete: true }));
}

function unwalkable(error: Extract<NextPage, { kind: 'failed' }>['error']): Walked {
  switch (error) {
    case 'inconsistent':
      return { kind: 'again', reason: 'apigee', message: 'list: the developer listing contradicts itself' };
    case 'circle':
      // The same pages would be shown for ever, and nothing proves that they are everybody (rule 25).
      return { kind: 'denied', message: 'list: the developer listing goes in circles: it shows the same pages again' };
    default:
      return error.kind === 'refused' ? { kind: 'denied', message: error.message } : withoutAnswer(error);
  }
}

/** Whether the listing shows a page again. The walk's own batches say so; they are read only where a mark comes back. */
async function goesInCircles(
  session: Session,
  { runId, walks }: Run,
  place: ListingPlace,
  { from, emails }: ListedPage,
): Promise<boolean> {
  if (from === 'beginning' || !showsMark(place, emails)) return false;
  const selected = emails.filter((email) => isSelected(session, email));
  const unknown = new Set(selected.length > 0 ? selected : [emails[0], emails.at(-1)]);
  for await (const { people, part } of listedPages(session, runId, walks.apigee.batches)) {
    if (unknown.size === 0) break;
    for (const email of [...people, part.first, part.last]) unknown.delete(email);
  }
  return unknown.size === 0;
}

async function* listedPages({ runs }: Session, runId: string, batches: number) {
  for await (const batch of runs.batches(runId)) {
    if (batch.phase !== 'apigee' || batch.seq >= batches || batch.part.kind !== 'page') continue;
    yield { people: batch.people, part: batch.part };
  }
}

async function publishPage(
  session: Session,
  run: Run,
  before: ListingPlace,
  { from, emails, isPaged }: ListedPage,
): Promise<Run> {
  const { runId } = run;
  const seq = run.walks.apigee.batches;
  const page = emails.slice(0, listingPage);
  const people = page.filter((email) => isSelected(session, email));
  const part = { kind: 'page', first: page[0], last: page.at(-1) } as const;
  const listed = isPaged ? { size: page.length, marks: marksOf(page), end: undefined } : undefined;
  const batch: ApigeeBatch = { runId, phase: 'apigee', seq, people, part, listed, result: undefined };
  const created = await session.runs.createBatch(batch);
  const published = created ? batch : ((await session.runs.getBatch(batch)) ?? batch);
  await session.publisher.publishBatch({ runId, phase: 'apigee', seq });
  const walked = created ? page : lastOf(published);
  const place = placeBehind(before, walked, from === 'beginning');
  const cursor = encodeCursor({ kind: 'pages', place });
  return checkpoint(session, runId, (state) =>
    state.walks.apigee.batches === seq && !state.walks.apigee.complete
      ? {
          ...withWalk(state, { batches: seq + 1, complete: false, cursor }),
          walked: state.walked + published.people.length,
        }
      : state,
  );
}

function lastOf({ part }: ApigeeBatch): readonly string[] {
  return part.kind === 'page' && part.last !== undefined ? [part.last] : [];
}
