import { Met } from '../../core/count.ts';
import type { PersonKey } from '../../core/model/email.ts';
import type { Run } from '../../state/runs.ts';
import type { Session } from '../session.ts';
import { lookAtPeople } from './links.ts';
import { makeBatch, moveWalk, type Phase, type Walked } from './phase.ts';

const perBatch = 100;

/** Makes the destructive writes that the run's gate let through (rule 16), and the creations that were approved (rule 32). */
export const destructive: Phase<'destructive'> = {
  gate: { kind: 'open' },
  walk,
  work: (context, batch) => lookAtPeople(context, batch.people, 'planned'),
};

/**
 * Makes batches of the people whom earlier phases left to the gate, batch by batch. These do not change any more, so the
 * number of a batch says who is in it: an interrupted walk goes on behind the batches that were made.
 */
async function walk(session: Session, run: Run): Promise<Walked> {
  const { runId } = run;
  if (run.walks.destructive.complete) return { kind: 'walked', run };
  let current = run;
  let seq = 0;
  if (run.gate?.planned !== 0) {
    for await (const people of planned(session, runId)) {
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
async function* planned({ runs }: Session, runId: string): AsyncIterable<readonly PersonKey[]> {
  const met = new Met();
  for await (const { phase, result } of runs.batches(runId)) {
    if (phase === 'destructive' || result === undefined) continue;
    const people = result.planned.filter((key) => met.add(key));
    for (let start = 0; start < people.length; start += perBatch) yield people.slice(start, start + perBatch);
  }
}
