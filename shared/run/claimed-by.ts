import { canonicalEmail } from '../core/email.ts';
import { Counter } from '../core/tally.ts';
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
