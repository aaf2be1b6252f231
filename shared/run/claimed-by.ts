import { canonicalEmail } from '../core/email.ts';
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
