import { chainOf, type RangeEnd } from '../../../core/listing/chain.ts';
import { cutListing, type Cut, type Stretch } from '../../../core/listing/cut.ts';
import type { ApigeeBatch, BatchId } from '../../../state/batch.ts';
import type { ListingMemory } from '../../../state/listing-memory.ts';
import type { Run } from '../../../state/runs.ts';
import type { RunCount } from '../../lifecycle/run-count.ts';
import { checkpoint, type Session } from '../../session.ts';
import { ListedCount, withWalk } from './listed-people.ts';

type Id = BatchId<'apigee'>;
interface Part extends Stretch<Id> {
  readonly part: ApigeeBatch['part']['kind'];
  readonly end: RangeEnd | undefined;
}

/**
 * Once every developer has been looked at: counts them, and remembers how the listing can be cut for the next run. Reads every
 * batch so far once. Undefined where the listing was not walked, and its ranges do not show that they are everybody (rule 16).
 */
export async function concludeListing(session: Session, run: Run, count: RunCount): Promise<Run | undefined> {
  if (run.listed !== undefined) return run;
  const { runs } = session;
  const { runId, dryRun } = run;
  const listed = new ListedCount();
  const parts: Part[] = [];
  let mayBeCut = true;
  await count.through(run, 'apigee', (batch) => {
    if (batch.phase !== 'apigee' || batch.seq >= run.walks.apigee.batches) return;
    for (const name of batch.people) listed.add(name);
    const part = partOf(batch, session.settings);
    if (part === undefined) mayBeCut = false;
    else parts.push(part);
  });
  const people = listed.distinct();
  const pages = parts.filter(({ part }) => part === 'page');
  const stretches = pages.length > 0 ? pages : chain(parts);
  if (!run.walks.apigee.complete && stretches === undefined) {
    count.forget();
    return undefined;
  }
  const ranges = mayBeCut && stretches !== undefined ? cutListing(stretches) : [];
  const isSound = new Set(ranges.map(({ from }) => from)).size === ranges.length;
  if (!dryRun) {
    const known = await whatIsKnown(session, run, ranges);
    await runs.rememberListing({ runId, ...known, people, ranges: isSound ? ranges : [] });
  }
  if ((await runs.apart(runId)).length > 0) await runs.setApart(runId, []);
  return checkpoint(session, runId, (state) => ({
    ...withWalk(state, { ...state.walks.apigee, complete: true, unproven: undefined }),
    listed: people,
  }));
}

/**
 * Since when it is known who is in step, and which run relies on that. What is handed on from an earlier run is no newer for it,
 * and nobody may rely on it who might not before.
 */
async function whatIsKnown(
  { runs }: Session,
  { runId, startedAt = 0 }: Run,
  ranges: readonly Cut<Id>[],
): Promise<Pick<ListingMemory, 'since' | 'usedBy'>> {
  const isOwn = ranges.every(({ shownBy }) => shownBy.every((id) => id.runId === runId));
  if (isOwn) return { since: startedAt };
  const { since = 0, usedBy } = (await runs.listing()) ?? {};
  return { since: Math.min(startedAt, since), usedBy };
}

function chain(parts: readonly Part[]): readonly Part[] | undefined {
  return chainOf(parts.flatMap(({ end, ...part }) => (end === undefined ? [] : [{ ...part, end }])));
}

/** Undefined where Apigee does not show developers in pages, or an earlier version made the batch. */
function partOf({ runId, seq, part, listed, result }: ApigeeBatch, settings: string): Part | undefined {
  if (listed === undefined) return undefined;
  const { size, marks, end } = listed;
  const own: Id = { runId, phase: 'apigee', seq };
  const isOwn = result?.inStep?.settings === settings;
  if (part.kind === 'page')
    return result?.inStep === undefined
      ? undefined
      : { part: 'page', from: undefined, shownBy: isOwn ? [own] : [], size, marks, end };
  return { part: 'range', from: part.from, shownBy: isOwn ? [own] : part.known, size, marks, end };
}
