import { Counter, Met } from '../../../core/count.ts';
import { canonicalEmail } from '../../../core/model/email.ts';
import type { Run, Runs } from '../../../state/runs.ts';
import type { ListingWalk } from '../../../sync/deps.ts';
import type { Session } from '../../session.ts';

/** A developer whose email cannot be used is selected: that person fails, visibly (rule 31). */
export function isSelected({ policy }: Pick<Session, 'policy'>, email: string): boolean {
  const canonical = canonicalEmail(email);
  return canonical === undefined || policy.inScope(canonical);
}

export function withWalk(run: Run, apigee: Run['walks']['apigee']): Run {
  return { ...run, walks: { ...run.walks, apigee } };
}

/** The people whom the run's listing has shown: canonical emails, and unusable ones as listed. A million take 32 MB. */
export async function listedPeople(runs: Runs, runId: string): Promise<Pick<Met, 'has'>> {
  const people = new Met();
  for await (const name of listedNames(runs, runId)) people.add(canonicalEmail(name) ?? name);
  return people;
}

/**
 * How many distinct canonical emails the listing has shown. Developers with an unusable email have no link, and are not
 * counted.
 */
export async function countListed(runs: Runs, { runId, listed }: Run): Promise<number> {
  if (listed !== undefined) return listed;
  const people = new ListedCount();
  for await (const name of listedNames(runs, runId)) people.add(name);
  return people.distinct();
}

export class ListedCount {
  private readonly people = new Counter();

  /** `name`: an email as listed. */
  add(name: string): void {
    const key = canonicalEmail(name);
    if (key !== undefined) this.people.add(0, { key, outcome: 'unchanged' });
  }

  distinct(): number {
    return this.people.tally().seen;
  }
}

/**
 * The run's listing as the people of one batch are compared with it. The run's batches are read once, when the first person
 * is asked for, and no more is kept of them than is about the batch: a listing may show a million developers.
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
