import type { Batch, BatchId } from '../state/batch.ts';
import type { Run } from '../state/runs.ts';
import { advanceIfPhaseIsOver } from './advance-run.ts';
import { endDenied, giveWay } from './lifecycle/end-run.ts';
import { listingWalk } from './phases/apigee/listed-people.ts';
import { BatchReport, type BatchEnd } from './phases/phase.ts';
import { newBatchCreations } from './creation-limit.ts';
import { phases, workOn } from './phases/phases.ts';
import { checkpoint, runDeps, takeUsage, type Handled, type Session } from './session.ts';

/**
 * Does one batch and records what came of it, once. A person who fails does not make the batch fail (rule 7). Throws
 * where the store fails: the message is delivered again.
 */
export async function reconcileBatch(session: Session, id: BatchId): Promise<Handled> {
  const { runId } = id;
  const [run, batch] = await Promise.all([runOf(session, id), session.runs.getBatch(id)]);
  if (run === undefined || batch === undefined) return { kind: 'done' };
  if (run.state !== 'running') {
    if ((await session.runs.control()).activeRunId === runId) await giveWay(session, run);
    return { kind: 'done' };
  }
  // The batch stays unfinished, and whoever resumes publishes it again (rule 33).
  if (await session.isStopped()) return { kind: 'done' };
  const { end, isLastHere } = await endOf(session, run, batch);
  switch (end.kind) {
    case 'done':
      if (isLastHere) await advanceIfPhaseIsOver(session, id);
      return end;
    case 'denied':
      await endDenied(session, runId, end.message);
      return { kind: 'done' };
    case 'again':
      await billTry(session, runId);
      return end;
  }
}

/** Batches that begin together read their run once, as long as it goes on in their phase. */
async function runOf({ runs, recentRun }: Session, { runId, phase }: BatchId): Promise<Run | undefined> {
  const recent = await recentRun(runId);
  return recent?.state === 'running' && recent.phase === phase ? recent : runs.get(runId);
}

interface Ended {
  readonly end: BatchEnd;
  /** Nobody else in this process will ask whether the phase is over. */
  readonly isLastHere: boolean;
}

async function endOf(session: Session, run: Run, batch: Batch): Promise<Ended> {
  if (batch.result !== undefined) return { end: { kind: 'done' }, isLastHere: true };
  const isOver = session.underWay.begin(batch);
  try {
    const end = await doBatch(session, run, batch);
    return { end, isLastHere: isOver() };
  } catch (error) {
    isOver();
    await billTry(session, run.runId);
    throw error;
  }
}

/** What a try has cost is on the run's bill, also where the batch has to be tried again. */
async function billTry(session: Session, runId: string): Promise<void> {
  await checkpoint(session, runId, (state) => state);
}

async function doBatch(session: Session, run: Run, batch: Batch): Promise<BatchEnd> {
  const started = session.now();
  const { gate } = phases[batch.phase];
  const deps = {
    ...runDeps(session, run, gate),
    walk: listingWalk(session.runs, run, 'people' in batch ? batch.people : []),
  };
  const report = new BatchReport();
  const mayBegin = (): boolean => session.now() < session.deadline;
  const isLimited = gate.kind === 'closed' && !run.dryRun && run.approval !== 'none';
  const creation = isLimited ? newBatchCreations(session.runs, run.runId, session.limits.creation) : undefined;
  try {
    const end = await workOn({ session, run, deps: { ...deps, creation }, report, mayBegin }, batch);
    if (end.kind === 'done') await complete(session, run, batch, report, started);
    return end;
  } finally {
    await creation?.end();
  }
}

async function complete(
  session: Session,
  { dryRun }: Run,
  batch: Batch,
  report: BatchReport,
  started: number,
): Promise<void> {
  const { runId, phase, seq } = batch;
  const { people, outcomes, rows, planned, uncreated, stale, kept, found, inStep } = report;
  const finishedAt = session.now();
  const spent = takeUsage(session.usage);
  const result = { people, outcomes, rows, planned, uncreated, stale, kept, found, inStep, ...spent, finishedAt };
  if (!(await session.runs.completeBatch(batch, result))) {
    // Another delivery of this batch was quicker: only the cost of this one has still to be recorded.
    await checkpoint(session, runId, (state) => state, spent);
    return;
  }
  session.log({
    event: 'batch_completed',
    severity: 'INFO',
    message: `batch ${phase} ${String(seq)} is done`,
    runId,
    dryRun,
    phase,
    seq,
    durationMs: finishedAt - started,
  });
}
