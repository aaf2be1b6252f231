import type { Control, Watermark } from '../../state/control.ts';
import type { GateVerdict, Run, RunTotals } from '../../state/runs.ts';
import type { Session } from '../session.ts';

export interface RunEnd {
  readonly totals?: RunTotals;
  readonly gate?: GateVerdict;
}

/** Ends a run, once, lets the next one start, and moves the watermark if the run looked at everything it had to. */
export async function endRun(
  session: Session,
  runId: string,
  state: 'done' | 'held' | 'failed',
  problem: string | undefined,
  end: RunEnd = {},
): Promise<void> {
  const now = session.now();
  const ended = await session.runs.update<Run | undefined>(runId, (run) => {
    if (run.state !== 'running' && run.state !== 'queued') return { result: undefined };
    // Counted by an invocation that stood still: another one has held the run, and it was approved since.
    if (end.gate?.approved === false && run.gate?.approved === true) return { result: undefined };
    const { totals = run.totals, gate = run.gate } = end;
    const after: Run = { ...run, state, problem, totals, gate, finishedAt: now, heartbeatAt: now };
    return { run: after, result: after };
  });
  if (ended !== undefined) announce(session, ended);
  const run = ended ?? (await session.runs.get(runId));
  if (run !== undefined) await giveWay(session, run);
}

/** Ends a run as failed because Apigee refuses every call: it would refuse those for everybody else too (rule 25). */
export async function endDenied(session: Session, runId: string, problem: string): Promise<void> {
  session.log({ event: 'apigee_denied', severity: 'ERROR', message: problem, runId });
  await endRun(session, runId, 'failed', problem);
}

/**
 * Does what is left once a run is over. After a crash in between, any later message of the run does it again (rule 24).
 */
export async function giveWay(session: Session, run: Run): Promise<void> {
  const { runId, state, dryRun } = run;
  if (state === 'running' || state === 'queued') return;
  await session.runs.updateControl((control) => {
    // The run has been approved since `run` was read, and is active for the second time: it has to stay active.
    const isTakenAnew = control.behindGate && run.gate?.approved !== true;
    const isIts = control.activeRunId === runId && !isTakenAnew;
    return isIts ? { control: released(control, run), result: undefined } : { result: undefined };
  });
  const [next] = await session.runs.queued(1);
  if (next !== undefined) await session.publisher.continueRun(next.runId);
  if (dryRun) await session.forgetDry(runId);
}

/**
 * A failed run proves nothing about what it saw, a dry run changed nothing, and a run of chosen people saw nobody else: none
 * of them moves a watermark (rule 25). Nor does a run that is held: until it is approved, the next run has to meet the people
 * it planned for again.
 */
function released(control: Control, run: Run): Control {
  const free = { ...control, activeRunId: undefined, behindGate: false };
  if (run.state === 'held') return free;
  if (run.state === 'failed' || run.dryRun || run.chosen !== undefined || run.startedAt === undefined) return free;
  const { runId, scope, startedAt, finishedAt = startedAt } = run;
  const mark = { runId, scope, startedAt, finishedAt };
  return run.mode === 'full'
    ? { ...free, lastFull: later(control.lastFull, mark) }
    : { ...free, lastIncremental: later(control.lastIncremental, mark) };
}

/** A run that was approved late may end after runs that began later: a watermark does not move back. */
function later(before: Watermark | undefined, mark: Watermark): Watermark {
  return before !== undefined && before.startedAt > mark.startedAt ? before : mark;
}

function announce({ log }: Session, run: Run): void {
  const { runId, state, mode, dryRun, totals, problem } = run;
  const durationMs = workingTime(run) ?? 0;
  const common = { runId, mode, dryRun, counts: totals?.counts, calls: totals?.calls, durationMs };
  if (state === 'failed')
    log({ event: 'run_failed', severity: 'ERROR', message: problem ?? 'the run failed', ...common });
  else if (state === 'held')
    log({ event: 'run_held', severity: 'WARNING', message: problem ?? 'the run is held', ...common });
  else log({ event: 'run_completed', severity: 'INFO', message: 'the run is complete and adds up', ...common });
}

/** How long a run that is over took, ms, without the pause before it was approved. */
export function workingTime({ startedAt, finishedAt, pause }: Run): number | undefined {
  if (startedAt === undefined || finishedAt === undefined) return undefined;
  const paused = pause === undefined ? 0 : (pause.to ?? finishedAt) - pause.from;
  return finishedAt - startedAt - paused;
}
