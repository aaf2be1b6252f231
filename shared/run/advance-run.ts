import { batchPhases, type BatchId, type BatchPhase } from '../state/batch.ts';
import type { Run } from '../state/runs.ts';
import { endDenied, giveWay } from './lifecycle/end-run.ts';
import { finishRun, judgeGate } from './lifecycle/count-run.ts';
import { RunCount } from './lifecycle/run-count.ts';
import { tryStart } from './lifecycle/start-run.ts';
import { phases } from './phases/phases.ts';
import { checkpoint, type Handled, type Session } from './session.ts';

/**
 * Takes a run as far as it can go by itself: walks what the present phase has to walk, and goes on to the next phase once
 * every batch of this one is done. How far the run has come is only in its documents, so this may be called any number of
 * times, at the same time too (rules 20, 24).
 */
export async function advanceRun(session: Session, runId: string): Promise<Handled> {
  const count = new RunCount(session.runs);
  let run = await session.runs.get(runId);
  if (run?.state === 'queued' && (await tryStart(session, run))) run = await session.runs.get(runId);
  if (run !== undefined) await giveWay(session, run);
  // Rule 33: whoever resumes sets the run going again.
  if (await session.isStopped()) return { kind: 'done' };
  while (run?.state === 'running') {
    // Counting a run of a million people takes about a minute (run-count.ts): the time behind the deadline is for that.
    if (await session.isStopped()) return { kind: 'done' };
    const isLate = session.now() > session.deadline;
    const walked = isLate ? toBeContinued : await phases[run.phase].walk(session, run, count);
    switch (walked.kind) {
      case 'walked':
        run = (await isOver(session, walked.run)) ? await nextPhase(session, walked.run, count) : undefined;
        break;
      case 'to-be-continued':
        await session.publisher.continueRun(runId);
        return { kind: 'done' };
      case 'denied':
        await endDenied(session, runId, walked.message);
        return { kind: 'done' };
      case 'again':
        return walked;
    }
  }
  return { kind: 'done' };
}

const toBeContinued = { kind: 'to-be-continued' } as const;

/** Called by every batch as it ends: the last one of its phase lets the run go on. */
export async function advanceIfPhaseIsOver(session: Session, { runId, phase }: Omit<BatchId, 'seq'>): Promise<void> {
  if (!(await isDone(session, runId, phase))) return;
  const run = await session.runs.get(runId);
  if (run?.state !== 'running' || !isMade(run)) return;
  if (run.phase === phase || (await isDone(session, runId, run.phase))) await session.publisher.continueRun(runId);
}

/** Whether every batch of the present phase has been made; what they show may be unproven yet. */
function isMade({ phase, walks }: Run): boolean {
  return walks[phase].complete || walks[phase].unproven === true;
}

/** Batches are made before they are counted: where none is open, all are done. */
async function isDone({ runs }: Session, runId: string, phase: BatchPhase): Promise<boolean> {
  return (await runs.unfinished(runId, phase, 1)).length === 0;
}

async function isOver(session: Session, { runId, phase, walks }: Run): Promise<boolean> {
  return walks[phase].complete && (walks[phase].batches === 0 || (await isDone(session, runId, phase)));
}

/** Undefined where the run is over, or is held before its gate. */
async function nextPhase(session: Session, run: Run, count: RunCount): Promise<Run | undefined> {
  const { runId, dryRun, phase } = run;
  await phases[phase].conclude?.(session, run, count);
  const next = batchPhases[batchPhases.indexOf(phase) + 1];
  if (next === undefined) {
    await finishRun(session, runId, count);
    return undefined;
  }
  if (phases[next].gate.kind === 'open' && !(await judgeGate(session, runId, count))) return undefined;
  session.log({ event: 'run_phase', severity: 'INFO', message: `phase ${phase} is over`, runId, dryRun, phase: next });
  return checkpoint(session, runId, (state) => (state.phase === phase ? { ...state, phase: next } : state));
}
