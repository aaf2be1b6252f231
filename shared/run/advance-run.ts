import { batchPhases, type Run } from '../state/runs.ts';
import { endRun, giveWay } from './lifecycle/end-run.ts';
import { finishRun, judgeGate } from './lifecycle/count-run.ts';
import { checkpoint, type Session } from './session.ts';
import { tryStart } from './lifecycle/start-run.ts';
import { walkDevelopers } from './walk-developers.ts';
import { walkDestructive } from './phases/destructive.ts';
import { walkLinks } from './walk-links.ts';

/**
 * Takes a run as far as it can go by itself: walks what the present phase has to walk, and goes on to the next phase once
 * every batch of this one has reported. Where it stands is only in its documents, so it may be called any number of times,
 * at the same time too (rules 20, 24).
 */
export async function advanceRun(session: Session, runId: string): Promise<void> {
  let run = await session.runs.get(runId);
  if (run?.state === 'queued' && (await tryStart(session, run))) run = await session.runs.get(runId);
  if (run !== undefined) await giveWay(session, run);
  while (run?.state === 'running') {
    // Counting a run of a million people takes about a minute (finish-run.ts): it needs what time is left behind this.
    if (session.now() > session.deadline) return session.publisher.continueRun(runId);
    const walked = await walk(session, run);
    if (walked === 'denied') return;
    if (walked === 'to-be-continued') return session.publisher.continueRun(runId);
    if (!(await everyBatchReported(session, walked))) return;
    run = await nextPhase(session, walked);
  }
}

/** Called by every batch as it ends: the last one lets the run go on. */
export async function advanceIfPhaseIsOver(session: Session, runId: string): Promise<void> {
  const run = await session.runs.get(runId);
  if (run?.state === 'running' && run.walks[run.phase].complete && (await everyBatchReported(session, run))) {
    await session.publisher.continueRun(runId);
  }
}

async function walk(session: Session, run: Run): Promise<Run | 'denied' | 'to-be-continued'> {
  const { runId } = run;
  switch (run.phase) {
    case 'portal':
      return beginPortalPass(session, run);
    case 'apigee': {
      const walked = await walkDevelopers(session, run);
      if (walked.kind === 'complete') return walked.run;
      if (walked.kind === 'to-be-continued') return walked.kind;
      session.log({ event: 'apigee_denied', severity: 'ERROR', message: walked.message, runId });
      await endRun(session, runId, 'failed', walked.message);
      return walked.kind;
    }
    case 'links':
      return walkLinks(session, run);
    case 'destructive':
      return walkDestructive(session, run);
  }
}

/** The first page; every portal batch makes the next one. */
async function beginPortalPass(session: Session, run: Run): Promise<Run> {
  const { runId } = run;
  if (run.walks.portal.batches > 0) return run;
  const batch = {
    runId,
    phase: 'portal',
    seq: 0,
    after: undefined,
    through: undefined,
    people: [],
    result: undefined,
  } as const;
  await session.runs.createBatch(batch);
  await session.publisher.publishBatch(batch);
  return checkpoint(session, runId, (state) =>
    state.walks.portal.batches > 0
      ? state
      : { ...state, walks: { ...state.walks, portal: { batches: 1, complete: false, cursor: undefined } } },
  );
}

async function everyBatchReported(session: Session, { runId, phase, walks }: Run): Promise<boolean> {
  const { complete, batches } = walks[phase];
  if (!complete) return false;
  if (batches > 0 && (await session.runs.countDone(runId, phase)) < batches) return false;
  // Another walker may have made more of them than the one whose count was written down.
  return (await session.runs.unfinished(runId, phase)).length === 0;
}

async function nextPhase(session: Session, run: Run): Promise<Run | undefined> {
  const { runId, phase } = run;
  if (phase === 'links' && !(await judgeGate(session, runId))) return undefined;
  const next = batchPhases[batchPhases.indexOf(phase) + 1];
  if (next === undefined) {
    await finishRun(session, runId);
    return undefined;
  }
  session.log({ event: 'run_phase', severity: 'INFO', message: `phase ${phase} is over`, runId, phase: next });
  return checkpoint(session, runId, (state) => (state.phase === phase ? { ...state, phase: next } : state));
}
