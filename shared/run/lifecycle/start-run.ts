import type { Approval } from '../../core/model/policy.ts';
import type { SyncRequest } from '../../messages/publisher.ts';
import type { Control } from '../../state/control.ts';
import { batchPhases } from '../../state/batch.ts';
import type { Chosen, GateVerdict, RequestMode, Run, RunMode, Walk } from '../../state/runs.ts';
import { resumeIfStalled } from './resume.ts';
import { isReviewed, noCalls, noTraffic, type Session } from '../session.ts';

/**
 * How far Apigee's clock and ours may be apart, ms. Two runs look at a developer who was modified within this margin.
 */
const watermarkMargin = 10 * 60_000;

export type Requested =
  | { readonly kind: 'started' }
  /** Another run is active: the requested run starts when that one is over. */
  | { readonly kind: 'queued' }
  /** Another run is active, or every write is stopped, and the schedule will ask again. */
  | { readonly kind: 'skipped' }
  /** The request was delivered before: it makes one run (rule 20). */
  | { readonly kind: 'duplicate' };

/** Creates the requested run, and starts it unless another run is active: there is one at a time per organisation. */
export async function requestRun(
  session: Session,
  runId: string,
  request: SyncRequest,
  scheduled: boolean,
): Promise<Requested> {
  const { activeRunId, stopped } = await session.runs.control();
  const busy = activeRunId !== undefined && activeRunId !== runId;
  if (busy && stopped === undefined) await resumeIfStalled(session, activeRunId);
  if ((busy || stopped !== undefined) && scheduled) {
    const why = stopped === undefined ? 'another one is active' : 'every write is stopped';
    const message = `a scheduled run was skipped: ${why}`;
    session.log({ event: 'run_skipped', severity: 'NOTICE', message, runId, mode: request.mode });
    return { kind: 'skipped' };
  }
  const { mode, dryRun, unattended } = request;
  const approval = scheduled || unattended === true ? session.approval : 'destructive';
  const created = await session.runs.create(newRun(runId, request, session.now(), approval));
  if (created) session.log({ event: 'run_requested', severity: 'INFO', message: 'run requested', runId, mode, dryRun });
  const run = await session.runs.get(runId);
  if (run?.state !== 'queued') return { kind: 'duplicate' };
  return (await tryStart(session, run)) ? { kind: 'started' } : { kind: 'queued' };
}

/**
 * Makes the run the active one and starts it. False where another run is active, where every write is stopped (rule 33), or
 * where this one is not queued any more.
 */
export async function tryStart(session: Session, run: Run): Promise<boolean> {
  const { runId } = run;
  const now = session.now();
  const control = await session.runs.updateControl((current) => {
    const isFree = current.activeRunId === undefined || current.activeRunId === runId;
    const free = isFree && current.stopped === undefined;
    const behindGate = run.gate?.approved === true;
    return free ? { control: { ...current, activeRunId: runId, behindGate }, result: current } : { result: undefined };
  });
  if (control === undefined) return false;
  const started = await session.runs.update<Run | undefined>(runId, (current) => {
    if (current.state !== 'queued') return { result: undefined };
    const next = current.gate?.approved === true ? goOn(current, now) : begin(current, control, session);
    return { run: next, result: next };
  });
  if (started === undefined) return false;
  const { dryRun, phase, gate } = started;
  if (gate?.approved === true) {
    const message = 'an approved run goes on behind its gate';
    session.log({ event: 'run_phase', severity: 'NOTICE', message, runId, dryRun, phase });
  } else session.log({ event: 'run_started', severity: 'INFO', message: 'run started', runId, dryRun });
  return true;
}

/** Rule 16: an approved run goes on where it was held, and keeps its start and what it has counted. */
function goOn(run: Run, now: number): Run {
  const pause = run.pause && { ...run.pause, to: now };
  const { startedAt = now } = run;
  return { ...run, state: 'running', phase: 'destructive', startedAt, heartbeatAt: now, pause };
}

/**
 * The first run is full, whatever mode was requested. So is the first run with other settings: no run has looked at the
 * portal users whom the new settings select.
 */
function begin(run: Run, { lastFull, lastIncremental }: Control, { scope, settings, now }: Session): Run {
  const startedAt = now();
  const started = { ...run, state: 'running', scope, startedAt, heartbeatAt: startedAt } as const;
  if (run.chosen !== undefined) return { ...started, settings: run.dryRun ? settings : undefined };
  const starts = [lastFull?.startedAt, lastIncremental?.startedAt].filter((start) => start !== undefined);
  const latest = lastFull?.scope === scope && starts.length > 0 ? Math.max(...starts) : undefined;
  const full = run.mode === 'full' || latest === undefined;
  const orReviewed = latest === undefined ? 'always' : 'destructive';
  const approval = run.approval === 'first-run' ? orReviewed : run.approval;
  return {
    ...started,
    approval,
    settings: run.dryRun || isReviewed({ ...run, approval }) ? settings : undefined,
    mode: full ? 'full' : 'incremental',
    since: full ? undefined : latest - watermarkMargin,
  };
}

const notBegun: Walk = { batches: 0, complete: false, cursor: undefined };

/** What an operator asks for who has chosen the people. */
export interface ChosenRequest {
  readonly mode: Exclude<RunMode, RequestMode>;
  readonly dryRun: boolean;
  readonly reason: string | undefined;
  readonly chosen: Chosen;
}

/** A run of whom an operator chose. It looks at no listing, and has only the phase behind the gate. */
export function newChosenRun(
  runId: string,
  { mode, dryRun, reason, chosen }: ChosenRequest,
  { now, limits }: Pick<Session, 'now' | 'limits'>,
): Run {
  const walked: Walk = { batches: 0, complete: true, cursor: undefined };
  const run = newRun(runId, { mode: 'full', dryRun, reason }, now(), 'destructive');
  const gate: GateVerdict = {
    planned: 0,
    review: false,
    uncreated: 0,
    creationLimit: limits.creation,
    seen: 0,
    limit: limits.limit,
    limitPercent: limits.percent,
    open: false,
    approved: true,
  };
  return {
    ...run,
    mode,
    chosen,
    phase: 'destructive',
    walks: { portal: walked, apigee: walked, links: walked, destructive: notBegun },
    gate: dryRun ? undefined : gate,
  };
}

export function newRun(runId: string, request: SyncRequest, now: number, approval: Approval): Run {
  const [portal, apigee, links, destructive] = batchPhases;
  return {
    runId,
    mode: request.mode,
    dryRun: request.dryRun,
    reason: request.reason,
    state: 'queued',
    phase: portal,
    requestedAt: now,
    approval,
    chosen: undefined,
    scope: undefined,
    settings: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    heartbeatAt: now,
    since: undefined,
    walks: { [portal]: notBegun, [apigee]: notBegun, [links]: notBegun, [destructive]: notBegun },
    walked: 0,
    listed: undefined,
    calls: noCalls(),
    traffic: noTraffic,
    totals: undefined,
    gate: undefined,
    problem: undefined,
    resumes: 0,
    pause: undefined,
  };
}
