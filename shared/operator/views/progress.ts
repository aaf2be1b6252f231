import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchPhase, Run, Runs } from '../../state/runs.ts';

/** How far a run is. */
export type Progress =
  /** No function has taken the request up yet. */
  | { readonly kind: 'requested' }
  /** `behind`: id of the run that has to end first, where there is one. */
  | { readonly kind: 'queued'; readonly behind: string | undefined }
  | {
      readonly kind: 'running';
      readonly phase: BatchPhase;
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

export interface FollowOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** Time between two looks, ms; default: one second. */
  readonly pollMs?: number;
  readonly wait?: (ms: number) => Promise<void>;
  /** For how long nothing may move before the run is followed no more, ms; default: a quarter of an hour. */
  readonly stillLimitMs?: number;
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
  const { onProgress, pollMs = 1000, wait = (ms) => sleep(ms), stillLimitMs = 15 * 60_000 } = options;
  let stillMs = 0;
  let before = '';
  for (;;) {
    const run = await runs.get(runId);
    const { progress, pulse } = await look(runs, run);
    onProgress?.(progress);
    if (run !== undefined && progress.kind === 'over') return run;
    if (pulse !== before) stillMs = 0;
    else if (stillMs >= (run === undefined ? Math.min(stillLimitMs, uptakeMs) : stillLimitMs))
      throw new RunNotOver(runId, run, stillMs);
    before = pulse;
    await wait(pollMs);
    stillMs += pollMs;
  }
}

/** `pulse` changes whenever something has moved, in this run or in the run that it waits for. */
async function look(
  runs: Runs,
  run: Run | undefined,
): Promise<{ readonly progress: Progress; readonly pulse: string }> {
  if (run === undefined) return { progress: { kind: 'requested' }, pulse: 'none' };
  switch (run.state) {
    case 'queued': {
      const { activeRunId } = await runs.control();
      const behind = activeRunId === run.runId ? undefined : activeRunId;
      const other = behind === undefined ? undefined : await runs.get(behind);
      const moved = other === undefined ? 'none' : (await look(runs, other)).pulse;
      return { progress: { kind: 'queued', behind }, pulse: `queued behind ${behind ?? 'nobody'}: ${moved}` };
    }
    case 'running': {
      const { phase, walks, walked: developers, heartbeatAt, dryRun } = run;
      const { batches: batchesKnown, complete: walked } = walks[phase];
      const batchesDone = batchesKnown === 0 ? 0 : await runs.countDone(run.runId, phase);
      const progress = { kind: 'running', phase, batchesDone, batchesKnown, walked, developers, dryRun } as const;
      return { progress, pulse: `${phase} ${String(heartbeatAt)} ${String(batchesDone)}` };
    }
    case 'done':
    case 'held':
    case 'failed':
      return { progress: { kind: 'over', state: run.state }, pulse: run.state };
  }
}
