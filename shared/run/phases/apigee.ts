import { listingPage, nextPage, type NextPage } from '../../apigee/listing.ts';
import { Counter } from '../../core/count.ts';
import { canonicalEmail } from '../../core/model/email.ts';
import type { ApigeeBatch, Run, Runs } from '../../state/runs.ts';
import type { ListingWalk } from '../../sync/deps.ts';
import { checkpoint, type Session } from '../session.ts';
import { reconcilePage } from './apigee-page.ts';
import { decodePlace, encodePlace, placeBehind, showsMark, type ListingPlace } from './listing-place.ts';
import { withoutAnswer, type Phase, type Walked } from './phase.ts';

type ListedPage = Extract<NextPage, { kind: 'page' }>;

/** Walks Apigee's listing of developers, unexpanded, and looks at each of its pages, expanded. */
export const apigee: Phase<'apigee'> = { gate: { kind: 'closed' }, walk, work: reconcilePage };

/**
 * Makes a batch of each page of the listing. A page is published before the cursor moves past it: after a crash in between
 * it is published again, and its batch document, created once, says which developers are in it.
 */
async function walk(session: Session, run: Run): Promise<Walked> {
  const { runId } = run;
  let current = run;
  while (!current.walks.apigee.complete) {
    if (session.now() > session.deadline) return { kind: 'to-be-continued' };
    const place = decodePlace(current.walks.apigee.cursor);
    const page = await nextPage(session.developers, place.tail);
    switch (page.kind) {
      case 'failed':
        return unwalkable(page.error);
      case 'end':
        current = await checkpoint(session, runId, (state) =>
          withWalk(state, { ...state.walks.apigee, complete: true }),
        );
        break;
      case 'page': {
        if (await goesInCircles(session, current, place, page)) return unwalkable('circle');
        current = await publishPage(session, current, place, page);
      }
    }
  }
  return { kind: 'walked', run: current };
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
  for await (const batch of session.runs.batches(runId)) {
    if (unknown.size === 0) break;
    if (batch.phase !== 'apigee' || batch.seq >= walks.apigee.batches) continue;
    for (const email of [...batch.people, batch.first, batch.last]) unknown.delete(email);
  }
  return unknown.size === 0;
}

async function publishPage(
  session: Session,
  run: Run,
  before: ListingPlace,
  { from, emails }: ListedPage,
): Promise<Run> {
  const { runId } = run;
  const seq = run.walks.apigee.batches;
  const page = emails.slice(0, listingPage);
  const people = page.filter((email) => isSelected(session, email));
  const ends = { first: page[0], last: page.at(-1) };
  const batch: ApigeeBatch = { runId, phase: 'apigee', seq, people, ...ends, result: undefined };
  const created = await session.runs.createBatch(batch);
  const published = created ? batch : ((await session.runs.getBatch(batch)) ?? batch);
  await session.publisher.publishBatch({ runId, phase: 'apigee', seq });
  const walked = created ? page : [published.last].filter((email) => email !== undefined);
  const cursor = encodePlace(placeBehind(before, walked, from === 'beginning'));
  return checkpoint(session, runId, (state) =>
    state.walks.apigee.batches === seq && !state.walks.apigee.complete
      ? {
          ...withWalk(state, { batches: seq + 1, complete: false, cursor }),
          walked: state.walked + published.people.length,
        }
      : state,
  );
}

/** A developer whose email cannot be used is selected: that person fails, visibly (rule 31). */
function isSelected({ policy }: Session, email: string): boolean {
  const canonical = canonicalEmail(email);
  return canonical === undefined || policy.inScope(canonical);
}

function withWalk(run: Run, apigee: Run['walks']['apigee']): Run {
  return { ...run, walks: { ...run.walks, apigee } };
}

/** The people whom the run's walk of the listing has shown: canonical emails, and unusable ones as listed. */
export async function listedPeople(runs: Runs, runId: string): Promise<ReadonlySet<string>> {
  const people = new Set<string>();
  for await (const name of listedNames(runs, runId)) people.add(canonicalEmail(name) ?? name);
  return people;
}

/**
 * How many distinct canonical emails the walk has shown. Developers with an unusable email have no link, and are not
 * counted.
 */
export async function countListed(runs: Runs, runId: string): Promise<number> {
  const people = new Counter();
  for await (const name of listedNames(runs, runId)) {
    const key = canonicalEmail(name);
    if (key !== undefined) people.add(0, { key, outcome: 'unchanged' });
  }
  return people.tally().seen;
}

/**
 * The run's walk as the people of one batch are compared with it. The run's batches are read once, when the first person is
 * asked for, and no more is kept of them than is about the batch: a listing may show a million developers.
 */
export function listingWalk(runs: Runs, run: Run, people: readonly string[]): ListingWalk {
  const { runId, startedAt = 0 } = run;
  const wanted = new Set(people.map((name) => canonicalEmail(name) ?? name));
  let all: Promise<ReadonlyMap<string, readonly string[]>> | undefined;
  const spellings: ListingWalk['spellings'] = async (key) => {
    const found = wanted.has(key)
      ? (all ??= readSpellings(runs, runId, wanted))
      : readSpellings(runs, runId, new Set([key]));
    return (await found).get(key) ?? [];
  };
  return { startedAt, isComplete: run.walks.apigee.complete, spellings };
}

async function readSpellings(
  runs: Runs,
  runId: string,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const spellings = new Map<string, readonly string[]>();
  for await (const name of listedNames(runs, runId)) {
    const email = canonicalEmail(name);
    if (email === undefined || !wanted.has(email)) continue;
    const earlier = spellings.get(email) ?? [];
    if (!earlier.includes(name)) spellings.set(email, [...earlier, name]);
  }
  return spellings;
}

/** The emails in the batches of this phase, as listed. Batches of other phases are read as well, and left out. */
async function* listedNames(runs: Runs, runId: string): AsyncIterable<string> {
  for await (const batch of runs.batches(runId)) if (batch.phase === 'apigee') yield* batch.people;
}
