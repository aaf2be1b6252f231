import type { Run } from '../../state/runs.ts';
import { endRun, giveWay } from './end-run.ts';
import type { Session } from '../session.ts';

/** A run that has made no progress for this long, ms, has probably lost a message: it may be set going again. */
export const stalledAfter = 20 * 60_000;
const maxResumes = 5;

/**
 * Sets a run going again that stands still because its messages were lost or went to the dead letters: everything it needs
 * is in its documents. Called whenever another run is requested.
 */
export async function resumeIfStalled(session: Session, runId: string): Promise<void> {
  const run = await session.runs.get(runId);
  if (run === undefined) {
    await session.runs.updateControl((control) =>
      control.activeRunId === runId
        ? { control: { ...control, activeRunId: undefined }, result: undefined }
        : { result: undefined },
    );
    return;
  }
  // The run became the active one, and then the process that should have started it was lost.
  if (run.state === 'queued') return session.publisher.continueRun(runId);
  if (run.state !== 'running') return giveWay(session, run);
  const progress = Math.max(run.heartbeatAt, (await session.runs.lastProgress(runId)) ?? 0);
  if (session.now() - progress < stalledAfter) return;
  if (run.resumes >= maxResumes) {
    await endRun(
      session,
      runId,
      'failed',
      `stood still ${String(maxResumes)} times in phase ${run.phase}: see its dead letters`,
    );
    return;
  }
  await resume(session, run);
}

/** Sets going what a stop has left standing: the active run with its unfinished batches, or the next one (rule 33). */
export async function setGoing(session: Session): Promise<void> {
  const { activeRunId } = await session.runs.control();
  const active = activeRunId === undefined ? undefined : await session.runs.get(activeRunId);
  if (active?.state === 'running') await publishAgain(session, active);
  else if (activeRunId !== undefined) await resumeIfStalled(session, activeRunId);
  else {
    const [next] = await session.runs.queued(1);
    if (next !== undefined) await session.publisher.continueRun(next.runId);
  }
}

async function resume(session: Session, run: Run): Promise<void> {
  const { runId, dryRun, phase } = run;
  const now = session.now();
  await session.runs.update(runId, (current) => ({
    run: { ...current, resumes: current.resumes + 1, heartbeatAt: now },
    result: undefined,
  }));
  session.log({
    event: 'run_resumed',
    severity: 'WARNING',
    message: 'a run stood still and is set going again',
    runId,
    dryRun,
    phase,
  });
  await publishAgain(session, run);
}

async function publishAgain({ runs, publisher }: Session, { runId, phase }: Run): Promise<void> {
  for (const batch of await runs.unfinished(runId, phase)) await publisher.publishBatch(batch);
  await publisher.continueRun(runId);
}
