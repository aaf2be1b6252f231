import type { PersonKey } from '../../core/model/email.ts';
import type { Run } from '../../state/runs.ts';
import type { Session } from '../session.ts';
import { lookAtPeople } from './links.ts';
import { makeBatch, moveWalk, type Phase, type Walked } from './phase.ts';

const perBatch = 100;

/** Makes the destructive writes that the run's gate let through (rule 16). */
export const destructive: Phase<'destructive'> = {
  gate: { kind: 'open' },
  walk,
  work: (context, batch) => lookAtPeople(context, batch.people, 'planned'),
};

/**
 * Makes batches of the people for whom earlier phases planned a destructive write. These people do not change any more, so
 * the number of a batch says who is in it: an interrupted walk goes on behind the batches that were made.
 */
async function walk(session: Session, run: Run): Promise<Walked> {
  if (run.walks.destructive.complete) return { kind: 'walked', run };
  const { runId } = run;
  const keys = run.gate?.planned === 0 ? [] : await plannedKeys(session, runId);
  let current = run;
  while (!current.walks.destructive.complete) {
    if (session.now() > session.deadline) return { kind: 'to-be-continued' };
    const { batches } = current.walks.destructive;
    const people = keys.slice(batches * perBatch, (batches + 1) * perBatch);
    if (people.length > 0)
      await makeBatch<'destructive'>(session, { runId, phase: 'destructive', seq: batches, people, result: undefined });
    const made = batches + (people.length > 0 ? 1 : 0);
    const next = { batches: made, complete: made * perBatch >= keys.length, cursor: undefined };
    current = await moveWalk(session, current, 'destructive', next);
  }
  return { kind: 'walked', run: current };
}

async function plannedKeys({ runs }: Session, runId: string): Promise<readonly PersonKey[]> {
  const planned = new Set<PersonKey>();
  for await (const { phase, result } of runs.batches(runId)) {
    if (phase !== 'destructive') for (const key of result?.planned ?? []) planned.add(key);
  }
  return [...planned].sort();
}
