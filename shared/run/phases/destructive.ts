import { Met } from '../../core/count.ts';
import type { PersonKey } from '../../core/model/email.ts';
import type { Run } from '../../state/runs.ts';
import { isReviewed, type Session } from '../session.ts';
import { chosenPeople, lookAtChosen, perBatch } from './chosen.ts';
import { lookAtPeople } from './links.ts';
import { makeBatch, moveWalk, type Phase, type Walked } from './phase.ts';

/**
 * What an operator or the gate lets through: the destructive writes of a run (rule 16), the creations that were approved
 * (rule 32), whom an operator chose, and what an operator had to look at first (rule 36).
 */
export const destructive: Phase<'destructive'> = {
  gate: { kind: 'open' },
  walk,
  work: (context, { people }) =>
    context.run.chosen === undefined && !isReviewed(context.run)
      ? lookAtPeople(context, people, 'planned')
      : lookAtChosen(context, people),
};

/**
 * Makes batches of these people, batch by batch. Who they are does not change any more, so the number of a batch says who is
 * in it: an interrupted walk goes on behind the batches that were made.
 */
async function walk(session: Session, run: Run): Promise<Walked> {
  const { runId } = run;
  if (run.walks.destructive.complete) return { kind: 'walked', run };
  let current = run;
  let seq = 0;
  if (run.chosen !== undefined || run.gate?.planned !== 0) {
    for await (const people of run.chosen === undefined
      ? leftToGate(session, runId)
      : chosenPeople(session, run.chosen)) {
      if (seq >= current.walks.destructive.batches) {
        if (session.now() > session.deadline) return { kind: 'to-be-continued' };
        await makeBatch<'destructive'>(session, { runId, phase: 'destructive', seq, people, result: undefined });
        const next = { batches: seq + 1, complete: false, cursor: undefined };
        current = await moveWalk(session, current, 'destructive', next);
      }
      seq += 1;
    }
  }
  const { batches } = current.walks.destructive;
  const over = await moveWalk(session, current, 'destructive', { batches, complete: true, cursor: undefined });
  return { kind: 'walked', run: over };
}

/**
 * Everybody once: whom one phase left to the gate, the next may have met again. Never more at once than one batch of an
 * earlier phase, because a first run may leave a million people.
 */
async function* leftToGate({ runs }: Session, runId: string): AsyncIterable<readonly PersonKey[]> {
  const met = new Met();
  for await (const { phase, result } of runs.batches(runId)) {
    if (phase === 'destructive' || result === undefined) continue;
    const people = result.planned.filter((key) => met.add(key));
    for (let start = 0; start < people.length; start += perBatch) yield people.slice(start, start + perBatch);
  }
}
