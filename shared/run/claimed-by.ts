import { canonicalEmail } from '../core/model/email.ts';
import { Counter } from '../core/count.ts';
import type { BatchPhase, Runs } from '../state/runs.ts';

/** Canonical emails of everyone the batches of a phase answer for. */
export async function claimedBy(runs: Runs, runId: string, phase: BatchPhase): Promise<ReadonlySet<string>> {
  const people = new Set<string>();
  for await (const batch of runs.batches(runId)) {
    if (batch.phase !== phase) continue;
    for (const name of batch.people) people.add(canonicalEmail(name) ?? name);
  }
  return people;
}

/** How the listing spelt everyone, by canonical email. */
export async function spellingsClaimed(runs: Runs, runId: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const spellings = new Map<string, readonly string[]>();
  for await (const { phase, people } of runs.batches(runId)) {
    if (phase !== 'apigee') continue;
    for (const name of people) {
      const email = canonicalEmail(name);
      if (email === undefined) continue;
      const known = spellings.get(email) ?? [];
      if (!known.includes(name)) spellings.set(email, [...known, name]);
    }
  }
  return spellings;
}

/** How many distinct canonical emails these are; whose email cannot be used has no link either. */
export async function countClaimedBy(runs: Runs, runId: string, phase: BatchPhase): Promise<number> {
  const people = new Counter();
  for await (const batch of runs.batches(runId)) {
    if (batch.phase !== phase) continue;
    for (const name of batch.people) {
      const key = canonicalEmail(name);
      if (key !== undefined) people.add(0, { key, outcome: 'unchanged' });
    }
  }
  return people.tally().seen;
}
