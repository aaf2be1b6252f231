import type { Run } from '../../state/runs.ts';
import type { Session } from '../session.ts';
import { moveWalk, nextBatch } from './phase.ts';

const perBatch = 100;

/**
 * Makes batches of what the gate let through. Whom earlier batches planned for does not change any more, so a batch is
 * told by its number alone, and everybody is in one: an interrupted walk goes on behind those that were made.
 */
export async function walkDestructive(session: Session, run: Run): Promise<Run | 'to-be-continued'> {
  if (run.walks.destructive.complete) return run;
  const keys = run.gate?.planned === 0 ? [] : await plannedKeys(session, run.runId);
  let current = run;
  while (!current.walks.destructive.complete) {
    if (session.now() > session.deadline) return 'to-be-continued';
    const { batches } = current.walks.destructive;
    const people = keys.slice(batches * perBatch, (batches + 1) * perBatch);
    if (people.length > 0)
      await nextBatch(session, current, 'destructive', { after: 'look', through: undefined, people });
    const made = batches + (people.length > 0 ? 1 : 0);
    const walk = { batches: made, complete: made * perBatch >= keys.length, cursor: undefined };
    current = await moveWalk(session, current, 'destructive', walk);
  }
  return current;
}

async function plannedKeys({ runs }: Session, runId: string): Promise<readonly string[]> {
  const planned = new Set<string>();
  for await (const { phase, result } of runs.batches(runId)) {
    if (phase !== 'destructive') for (const key of result?.planned ?? []) planned.add(key);
  }
  return [...planned].sort();
}
