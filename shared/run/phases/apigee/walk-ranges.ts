import pMap from 'p-map';
import { chainOf } from '../../../core/listing/chain.ts';
import { personDigest } from '../../../core/listing/fingerprint.ts';
import type { ApigeeBatch } from '../../../state/batch.ts';
import type { ListingMemory } from '../../../state/listing-memory.ts';
import type { LinkPage, StoredLink } from '../../../state/people.ts';
import type { Run } from '../../../state/runs.ts';
import { checkpoint, runDeps, type Session } from '../../session.ts';
import { moveWalk, type Walked } from '../phase.ts';
import { encodeCursor, fromTheBeginning, type ListingCursor } from './listing-cursor.ts';
import { withWalk } from './listed-people.ts';

type RangesCursor = Extract<ListingCursor, { kind: 'ranges' }>;

/** Ranges that are made before the cursor moves on, and at the same time. */
const perStep = 50;
const atOnce = 10;
/** If more people than this are in trouble or due, every link is looked at. */
const mostApart = 2000;

/** Decides how the listing is read: in the ranges that the last complete listing left, or, without any, by a walk. */
export async function planRanges(session: Session, run: Run): Promise<Walked> {
  const memory = await session.runs.listing();
  const cursor: ListingCursor =
    memory === undefined || memory.ranges.length === 0
      ? fromTheBeginning
      : { kind: 'ranges', ranges: memory.ranges.length, of: memory.runId };
  if (cursor.kind === 'ranges') await setApart(session, run);
  const walk = { batches: 0, complete: false, cursor: encodeCursor(cursor) };
  return { kind: 'walked', run: await moveWalk(session, run, 'apigee', walk) };
}

/**
 * Notes whose link has something to say that no listing shows: a hold, a failure, or that the person is due. Nobody else
 * has to be looked at where the listing says what it said when the person was last in step.
 */
async function setApart(session: Session, run: Run): Promise<void> {
  const { runId } = run;
  const { runs, now } = session;
  const { people } = runDeps(session, run, { kind: 'closed' });
  const troubled = await keysOf((page) => people.troubledLinks(page));
  const at = now();
  const due = await keysOf((page) => people.linksDue({ ...page, at }));
  const digests = [...new Set([...troubled, ...due])].map((key) => personDigest(runId, key));
  if (digests.length > 0) await runs.setApart(runId, digests);
}

async function keysOf(read: (page: LinkPage) => Promise<readonly StoredLink[]>): Promise<readonly string[]> {
  const keys: string[] = [];
  const limit = 500;
  for (let after: LinkPage['after']; keys.length <= mostApart;) {
    const page = await read({ after, limit });
    keys.push(...page.map(({ link }) => link.key));
    const link = page.at(-1)?.link;
    if (page.length < limit || link === undefined) break;
    after = { link };
  }
  return keys;
}

/**
 * Makes a batch of each range. Once all of them are done, it shows whether their ends lead from one to the next (rule 16): if
 * they do not, the listing is walked after all.
 */
export async function walkRanges(session: Session, run: Run, cursor: RangesCursor): Promise<Walked> {
  const { batches, unproven } = run.walks.apigee;
  if (batches < cursor.ranges) return makeRanges(session, run, cursor);
  // Noted first: a batch that ends from now on lets the run go on, and whatever has ended before shows here.
  const waiting = { ...run.walks.apigee, unproven: true } as const;
  const noted = unproven === true ? run : await moveWalk(session, run, 'apigee', waiting);
  const isOpen = (await session.runs.unfinished(run.runId, 'apigee', 1)).length > 0;
  return { kind: 'walked', run: isOpen ? noted : await prove(session, noted) };
}

async function makeRanges(session: Session, run: Run, cursor: RangesCursor): Promise<Walked> {
  if (session.now() > session.deadline) return { kind: 'to-be-continued' };
  const { runId } = run;
  const { batches } = run.walks.apigee;
  const memory = await session.runs.listing();
  if (memory?.runId !== cursor.of || memory.ranges.length !== cursor.ranges)
    return { kind: 'walked', run: await walkInstead(session, run) };
  const apart = (await session.runs.apart(runId)).length;
  const isKnown = apart <= mostApart;
  const made = memory.ranges
    .slice(batches, batches + perStep)
    .map((_, index) => rangeBatch(runId, batches + index, memory, { isKnown, apart: apart > 0 }));
  await pMap(made, (batch) => publishRange(session, batch), { concurrency: atOnce });
  const seq = batches + made.length;
  const moved = await moveWalk(session, run, 'apigee', { batches: seq, complete: false, cursor: encodeCursor(cursor) });
  const counted = seq < cursor.ranges ? moved : await expectPeople(session, runId, memory);
  return { kind: 'walked', run: counted };
}

function rangeBatch(
  runId: string,
  seq: number,
  { ranges }: ListingMemory,
  { isKnown, apart }: { readonly isKnown: boolean; readonly apart: boolean },
): ApigeeBatch {
  const range = ranges[seq];
  const part = {
    kind: 'range',
    from: range?.from,
    to: ranges[seq + 1]?.from,
    known: isKnown ? (range?.shownBy ?? []) : [],
    apart,
  } as const;
  return { runId, phase: 'apigee', seq, people: [], part, listed: undefined, result: undefined };
}

async function publishRange(session: Session, batch: ApigeeBatch): Promise<void> {
  await session.runs.createBatch(batch);
  await session.publisher.publishBatch(batch);
}

function expectPeople(session: Session, runId: string, { people }: ListingMemory): Promise<Run> {
  return checkpoint(session, runId, (state) => ({ ...state, walked: people }));
}

async function prove(session: Session, run: Run): Promise<Run> {
  const found = [];
  for await (const batch of session.runs.batches(run.runId, { phase: 'apigee', seq: 0 })) {
    if (batch.phase !== 'apigee') break;
    if (batch.part.kind === 'range' && batch.listed?.end !== undefined)
      found.push({ from: batch.part.from, end: batch.listed.end });
  }
  if (chainOf(found) === undefined) return walkInstead(session, run);
  return checkpoint(session, run.runId, (state) =>
    withWalk(state, { ...state.walks.apigee, complete: true, unproven: undefined }),
  );
}

/** The ranges stay as they are: whom they have shown was looked at, and is counted once. */
async function walkInstead(session: Session, run: Run): Promise<Run> {
  const { runId, dryRun, walks } = run;
  session.log({
    event: 'listing_walked_anew',
    severity: 'NOTICE',
    message: 'the ranges of the listing do not show everybody: the listing is walked from its beginning',
    runId,
    dryRun,
    phase: 'apigee',
  });
  const { batches } = walks.apigee;
  return moveWalk(session, run, 'apigee', { batches, complete: false, cursor: encodeCursor(fromTheBeginning) });
}
