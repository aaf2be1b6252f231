import { setTimeout as sleep } from 'node:timers/promises';
import { stalledAfter } from '../../run/lifecycle/resume.ts';
import type { BatchPhase } from '../../state/batch.ts';
import type { Run, RunMode, Runs } from '../../state/runs.ts';

/** How far a run is. */
export type Progress =
  /** No function has taken the request up yet. */
  | { readonly kind: 'requested' }
  /** `behind`: the run that has to end first, where there is one. */
  | { readonly kind: 'queued'; readonly behind: RunInTheWay | undefined }
  | {
      readonly kind: 'running';
      readonly phase: BatchPhase;
      readonly mode: RunMode;
      /** Of this phase. */
      readonly batchesDone: number;
      /** Of this phase; until `walked` there may come more. */
      readonly batchesKnown: number;
      readonly walked: boolean;
      /** Developers in scope that the listing has shown so far. */
      readonly developers: number;
      readonly dryRun: boolean;
    }
  | { readonly kind: 'over'; readonly state: 'done' | 'held' | 'failed' };

/** The active run, for which another one waits. */
export interface RunInTheWay {
  readonly runId: string;
  /** When it began, ms since the epoch. */
  readonly beganAt: number;
  /** For how long nothing has moved in it, ms. */
  readonly stillMs: number;
  /** It stood still, and whoever follows has set it going again. */
  readonly isResumed: boolean;
}

export interface FollowOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** Time between two looks, ms; default: one second. */
  readonly pollMs?: number;
  readonly wait?: (ms: number) => Promise<void>;
  /**
   * For how long nothing may move before the run is followed no more, ms; default: five minutes longer than a run may
   * stand still before it is set going again.
   */
  readonly stillLimitMs?: number;
  /** Our own clock, ms. */
  readonly now?: () => number;
  /** Sets a run going again that stands still: the followed one, or the one in its way. Default: it is left to others. */
  readonly takeOver?: (runId: string) => Promise<void>;
}

/** A request is taken up within seconds or not at all, ms. */
const uptakeMs = 3 * 60_000;

/** Nothing moved for too long. The run itself may still go on: no run depends on being followed. */
export class RunNotOver extends Error {
  override readonly name = 'RunNotOver';
  /** The run as last seen; undefined where the request was never taken up. */
  readonly run: Run | undefined;

  constructor(runId: string, run: Run | undefined, waitedMs: number) {
    const minutes = Math.ceil(waitedMs / 60_000);
    const stood = run === undefined ? 'was not taken up' : `did not move (${run.state}, phase ${run.phase})`;
    super(`The run ${runId} ${stood} within ${String(minutes)} min.`);
    this.run = run;
  }
}

/**
 * Waits for the end of a run (`done`, `held` or `failed`) and answers its document. The document need not exist yet: so
 * far the request may be only a message. Throws RunNotOver.
 */
export async function followRun(runs: Runs, runId: string, options: FollowOptions = {}): Promise<Run> {
  const { onProgress, pollMs = 1000, wait = (ms) => sleep(ms), now = Date.now, takeOver } = options;
  const { stillLimitMs = stalledAfter + 5 * 60_000 } = options;
  const resumed = new Map<string, number>();
  let stillMs = 0;
  let before = '';
  for (;;) {
    const run = await runs.get(runId);
    const { progress, pulse, stands } = await look(runs, run, now(), resumed);
    onProgress?.(progress);
    if (takeOver !== undefined && stands !== undefined && stands.stillMs >= stalledAfter) {
      const triedAt = resumed.get(stands.runId) ?? -Infinity;
      if (now() - triedAt >= stalledAfter) {
        resumed.set(stands.runId, now());
        await takeOver(stands.runId);
      }
    }
    if (run !== undefined && progress.kind === 'over') return run;
    if (pulse !== before) stillMs = 0;
    else if (stillMs >= (run === undefined ? Math.min(stillLimitMs, uptakeMs) : stillLimitMs))
      throw new RunNotOver(runId, run, stillMs);
    before = pulse;
    await wait(pollMs);
    stillMs += pollMs;
  }
}

/** The active run that has to end before `runId` begins; undefined where there is none. */
export async function runInTheWay(runs: Runs, runId: string, now: number): Promise<RunInTheWay | undefined> {
  const { activeRunId } = await runs.control();
  const other = activeRunId === undefined || activeRunId === runId ? undefined : await runs.get(activeRunId);
  return other && inTheWay(other, await lastMoved(runs, other), now, false);
}

interface Seen {
  readonly progress: Progress;
  /** Changes whenever something has moved, in this run or in the run that it waits for. */
  readonly pulse: string;
  /** The run on which it depends that something moves, and for how long nothing has, ms. */
  readonly stands?: { readonly runId: string; readonly stillMs: number };
}

async function look(
  runs: Runs,
  run: Run | undefined,
  now: number,
  resumed: ReadonlyMap<string, number>,
): Promise<Seen> {
  if (run === undefined) return { progress: { kind: 'requested' }, pulse: 'none' };
  const { runId } = run;
  switch (run.state) {
    case 'queued': {
      const { activeRunId } = await runs.control();
      const other = activeRunId === undefined || activeRunId === runId ? undefined : await runs.get(activeRunId);
      if (other === undefined) {
        // The active run may have no document any more: it is for that one to make room.
        const stands = { runId: activeRunId ?? runId, stillMs: now - run.heartbeatAt };
        return { progress: { kind: 'queued', behind: undefined }, pulse: 'queued behind nobody', stands };
      }
      const moved = await lastMoved(runs, other);
      const behind = inTheWay(other, moved, now, resumed.has(other.runId));
      const pulse = `queued behind ${other.runId}: ${other.state} ${other.phase} ${String(moved)}`;
      return { progress: { kind: 'queued', behind }, pulse, stands: { runId: other.runId, stillMs: behind.stillMs } };
    }
    case 'running': {
      const { phase, mode, walks, walked: developers, heartbeatAt, dryRun } = run;
      const { batches: batchesKnown, complete: walked } = walks[phase];
      const batchesDone = batchesKnown === 0 ? 0 : await runs.countDone(runId, phase);
      const progress = { kind: 'running', phase, mode, batchesDone, batchesKnown, walked, developers, dryRun } as const;
      const stands = { runId, stillMs: now - heartbeatAt };
      return { progress, pulse: `${phase} ${String(heartbeatAt)} ${String(batchesDone)}`, stands };
    }
    case 'done':
    case 'held':
    case 'failed':
      return { progress: { kind: 'over', state: run.state }, pulse: run.state };
  }
}

/** When anything of the run was last written, ms since the epoch. */
export async function lastMoved(runs: Runs, { runId, heartbeatAt }: Run): Promise<number> {
  return Math.max(heartbeatAt, (await runs.lastProgress(runId)) ?? 0);
}

function inTheWay({ runId, startedAt, requestedAt }: Run, moved: number, now: number, isResumed: boolean): RunInTheWay {
  return { runId, beganAt: startedAt ?? requestedAt, stillMs: Math.max(0, now - moved), isResumed };
}
