import type { Batch, BatchPhase, Run, Walk } from '../../state/runs.ts';
import { checkpoint, noCalls, noTraffic, type Session } from '../session.ts';

/**
 * Makes the next batch of a walk, and publishes it before the walk's place moves past it: a crash in between publishes
 * it again. Whoever else walks at the same time makes the same batch, so the first one says what it holds, and where the
 * walk goes on (`through`; undefined: nowhere, it is the last one). A batch of nobody, which only a last one can be, is
 * done at once.
 */
export async function nextBatch(
  session: Session,
  { runId, walks }: Run,
  phase: BatchPhase,
  content: Pick<Batch, 'after' | 'through' | 'people'>,
): Promise<Batch> {
  const isEmpty = content.people.length === 0;
  const nothing = { people: [], outcomes: [], rows: [], planned: [], calls: noCalls(), traffic: noTraffic };
  const result = isEmpty ? { ...nothing, finishedAt: session.now() } : undefined;
  const batch: Batch = { runId, phase, seq: walks[phase].batches, result, ...content };
  const made = (await session.runs.createBatch(batch)) ? batch : ((await session.runs.getBatch(batch)) ?? batch);
  if (made.result === undefined) await session.publisher.publishBatch(made);
  return made;
}

/** Moves a walk on from where `run` left it, unless somebody else has. */
export async function moveWalk(session: Session, run: Run, phase: BatchPhase, walk: Walk): Promise<Run> {
  const { batches, cursor } = run.walks[phase];
  return checkpoint(session, run.runId, (state) => {
    const at = state.walks[phase];
    const isHere = at.batches === batches && at.cursor === cursor && !at.complete;
    return isHere ? { ...state, walks: { ...state.walks, [phase]: walk } } : state;
  });
}
