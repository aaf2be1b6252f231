import pMap from 'p-map';
import { personDigest } from '../../../core/listing/fingerprint.ts';
import type { ApigeeBatch } from '../../../state/batch.ts';
import type { ListingMemory } from '../../../state/listing-memory.ts';
import type { Run } from '../../../state/runs.ts';
import type { RunCount } from '../../lifecycle/run-count.ts';
import { runDeps, type Session } from '../../session.ts';
import { moveWalk, type Walked } from '../phase.ts';
import { concludeListing } from './conclude.ts';
import { encodeCursor, fromTheBeginning, type ListingCursor } from './listing-cursor.ts';

type RangesCursor = Extract<ListingCursor, { kind: 'ranges' }>;

/** Ranges that are made before the cursor moves on, and at the same time. */
const perStep = 50;
const atOnce = 10;
/** Where more links than this were written since it was known who is in step, every link is looked at. */
function mostApart({ people }: ListingMemory): number {
  return Math.min(50_000, Math.max(1000, Math.round(people / 20)));
}

/** How far the store's clock and ours may be apart, ms. */
const clockMargin = 10 * 60_000;

/** Decides how the listing is read: in the ranges that the last complete listing left, or, without any, by a walk. */
export async function planRanges(session: Session, run: Run): Promise<Walked> {
  const memory = await session.runs.listing();
  const cursor: ListingCursor =
    memory === undefined || memory.ranges.length === 0
      ? fromTheBeginning
      : {
          kind: 'ranges',
          ranges: memory.ranges.length,
          of: memory.runId,
          knows: await takeKnown(session, run, memory),
        };
  const walk = { batches: 0, complete: false, cursor: encodeCursor(cursor) };
  const walked = cursor.kind === 'ranges' ? (memory?.people ?? 0) : 0;
  return { kind: 'walked', run: await moveWalk(session, run, 'apigee', walk, walked) };
}

/**
 * Whether it is looked up who was in step. From now on the run says, quietly, who is: no other run is to rely on what an
 * earlier one knew, or it would not hear of it. An incremental run has Apigee's times to go by, and a dry run says nothing.
 */
async function takeKnown(session: Session, run: Run, memory: ListingMemory): Promise<boolean> {
  const { runId, mode, dryRun } = run;
  if (mode !== 'full') return false;
  const isOurs = memory.usedBy === undefined || memory.usedBy === runId;
  if (!dryRun && memory.usedBy !== runId)
    await session.runs.updateListing((current) => ({ ...current, usedBy: current.usedBy ?? runId }));
  return isOurs && setApart(session, run, memory);
}

/**
 * Notes whose link was written since it was known who is in step: whatever the listing shows of them, the link may have more to
 * say. False where they are too many.
 */
async function setApart(session: Session, run: Run, memory: ListingMemory): Promise<boolean> {
  const { runId } = run;
  const { people } = runDeps(session, run, { kind: 'closed' });
  const written = await people.keysWrittenSince(memory.since - clockMargin, mostApart(memory));
  if (written !== undefined && written.length > 0)
    await session.runs.setApart(
      runId,
      written.map((key) => personDigest(runId, key)),
    );
  return written !== undefined;
}

/**
 * Makes a batch of each range. Once all of them are done, it shows whether their ends lead from one to the next (rule 16): if
 * they do not, the listing is walked after all.
 */
export async function walkRanges(session: Session, run: Run, cursor: RangesCursor, count: RunCount): Promise<Walked> {
  const { batches, unproven } = run.walks.apigee;
  if (batches < cursor.ranges) return makeRanges(session, run, cursor);
  // Noted first: a batch that ends from now on lets the run go on, and whatever has ended before shows here.
  const waiting = { ...run.walks.apigee, unproven: true } as const;
  const noted = unproven === true ? run : await moveWalk(session, run, 'apigee', waiting);
  const isOpen = (await session.runs.unfinished(run.runId, 'apigee', 1)).length > 0;
  return { kind: 'walked', run: isOpen ? noted : await prove(session, noted, count) };
}

async function makeRanges(session: Session, run: Run, cursor: RangesCursor): Promise<Walked> {
  if (session.now() > session.deadline) return { kind: 'to-be-continued' };
  const { runId } = run;
  const { batches } = run.walks.apigee;
  const memory = await session.runs.listing();
  if (memory?.runId !== cursor.of || memory.ranges.length !== cursor.ranges)
    return { kind: 'walked', run: await walkInstead(session, run) };
  const apart = cursor.knows && (await session.runs.apart(runId)).length > 0;
  const made = memory.ranges
    .slice(batches, batches + perStep)
    .map((_, index) => rangeBatch(runId, batches + index, memory, { knows: cursor.knows, apart }));
  await pMap(made, (batch) => publishRange(session, batch), { concurrency: atOnce });
  const seq = batches + made.length;
  const walk = { batches: seq, complete: false, cursor: encodeCursor(cursor) };
  return { kind: 'walked', run: await moveWalk(session, run, 'apigee', walk) };
}

function rangeBatch(
  runId: string,
  seq: number,
  { ranges }: ListingMemory,
  { knows, apart }: { readonly knows: boolean; readonly apart: boolean },
): ApigeeBatch {
  const range = ranges[seq];
  const part = {
    kind: 'range',
    from: range?.from,
    to: ranges[seq + 1]?.from,
    known: range?.shownBy ?? [],
    apart,
    knows,
  } as const;
  return { runId, phase: 'apigee', seq, people: [], part, listed: undefined, result: undefined };
}

async function publishRange(session: Session, batch: ApigeeBatch): Promise<void> {
  await session.runs.createBatch(batch);
  await session.publisher.publishBatch(batch);
}

async function prove(session: Session, run: Run, count: RunCount): Promise<Run> {
  return (await concludeListing(session, run, count)) ?? walkInstead(session, run);
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
  return moveWalk(session, run, 'apigee', { batches, complete: false, cursor: encodeCursor(fromTheBeginning) }, 0);
}
