import type { Run } from '../state/runs.ts';
import { leftovers } from './links-pass.ts';
import { runDeps, type Session } from './session.ts';
import { checkpoint } from './usage.ts';

/**
 * Batches of the people who are left, and of what the gate let through. Both are few next to the listings, so a walk that
 * was interrupted is made again from the beginning, behind the batches it left: whoever is met twice counts once.
 */
export async function walkLinks(session: Session, run: Run): Promise<Run> {
  if (run.walks.links.complete) return run;
  const deps = runDeps(session, run, { kind: 'plan' });
  const publish = await behindEarlierBatches(session, run.runId, 'links');
  for await (const { kind, people } of leftovers(session, deps, run.runId, run.mode === 'full'))
    await publish(kind, people);
  return finishWalk(session, run.runId, 'links', await publish.count());
}

const destructivePage = 100;

export async function walkDestructive(session: Session, run: Run): Promise<Run> {
  const { runId } = run;
  if (run.walks.destructive.complete) return run;
  const planned = new Set<string>();
  for await (const { phase, result } of session.runs.batches(runId)) {
    if (phase !== 'destructive') for (const key of result?.planned ?? []) planned.add(key);
  }
  const keys = [...planned].sort();
  const publish = await behindEarlierBatches(session, runId, 'destructive');
  for (let start = 0; start < keys.length; start += destructivePage) {
    await publish('look', keys.slice(start, start + destructivePage));
  }
  return finishWalk(session, runId, 'destructive', await publish.count());
}

type FewPhase = 'links' | 'destructive';

interface BatchPublisher {
  (kind: string, people: readonly string[]): Promise<void>;
  /** How many batches the phase has, earlier ones included. */
  count(): Promise<number>;
}

async function behindEarlierBatches(session: Session, runId: string, phase: FewPhase): Promise<BatchPublisher> {
  for (const earlier of await session.runs.unfinished(runId, phase)) await session.publisher.publishBatch(earlier);
  let seq = 0;
  const publish = async (after: string, people: readonly string[]): Promise<void> => {
    const batchAt = (at: number) => ({ runId, phase, seq: at, after, through: undefined, people, result: undefined });
    while (!(await session.runs.createBatch(batchAt(seq)))) seq += 1;
    await session.publisher.publishBatch({ runId, phase, seq });
    seq += 1;
  };
  const count = async (): Promise<number> => {
    while ((await session.runs.getBatch({ runId, phase, seq })) !== undefined) seq += 1;
    return seq;
  };
  return Object.assign(publish, { count });
}

async function finishWalk(session: Session, runId: string, phase: FewPhase, batches: number): Promise<Run> {
  return checkpoint(session, runId, (state) => ({
    ...state,
    walks: {
      ...state.walks,
      [phase]: { batches: Math.max(batches, state.walks[phase].batches), complete: true, cursor: undefined },
    },
  }));
}
