import { heldAt } from '../../state/run-document.ts';
import type { Control } from '../../state/control.ts';
import type { Run, RunState } from '../../state/runs.ts';
import { resumeIfStalled } from './resume.ts';
import { isReviewed, type Session } from '../session.ts';

/** What a run saw longer ago than this, ms, says too little about today. */
export const approvableFor = 7 * 24 * 60 * 60_000;

export type Approval =
  | {
      readonly kind: 'approved';
      readonly run: Run;
      /** The run had been approved before: nothing has changed. */
      readonly again: boolean;
      /** The active run, which has to end before the approved run goes on. */
      readonly behind: string | undefined;
      /** A full run that began after the approved run, and is complete or held. */
      readonly supersededBy: string | undefined;
    }
  | { readonly kind: 'unknown' }
  /** A dry run writes nothing: there is nothing to approve. */
  | { readonly kind: 'dry-run' }
  | { readonly kind: 'not-held'; readonly state: RunState }
  | { readonly kind: 'too-old' }
  /** Of a run that was to be looked at first: its plan was made with other settings (rule 36). */
  | { readonly kind: 'other-settings' };

/**
 * Lets a held run go on (rule 16). The run is queued, because only one run may be active, and goes on behind its gate when
 * its turn comes. Everybody who waits is decided anew, on fresh reads; where the operator has seen the values (APPROVAL), they are
 * written as planned or not at all (rule 36).
 */
export async function approveRun(session: Session, runId: string): Promise<Approval> {
  if ((await session.runs.get(runId)) === undefined) return { kind: 'unknown' };
  const now = session.now();
  const judged = await session.runs.update<Judged>(runId, (current) => {
    const result = judge(current, now, session.settings);
    return result.kind === 'approved' && !result.again ? { run: result.run, result } : { result };
  });
  if (judged.kind !== 'approved') return judged;

  const { run } = judged;
  const behind = run.state === 'done' ? undefined : await takeUp(session, runId);
  const [control, held] = await Promise.all([session.runs.control(), session.runs.held(10)]);
  return { ...judged, behind, supersededBy: supersededBy(run, control, held) };
}

/** A full run, complete or held, that has looked at everybody since. */
export function supersededBy(run: Run, { lastFull }: Control, held: readonly Run[]): string | undefined {
  if (lastFull !== undefined && lastFull.runId !== run.runId && lastFull.startedAt > beganAt(run))
    return lastFull.runId;
  return held.find((other) => other.mode === 'full' && !other.dryRun && beganAt(other) > beganAt(run))?.runId;
}

/** When a run began to look at people. */
export function beganAt({ startedAt, requestedAt }: Run): number {
  return startedAt ?? requestedAt;
}

type Judged =
  | { readonly kind: 'approved'; readonly run: Run; readonly again: boolean }
  | Exclude<Approval, { kind: 'approved' }>;

function judge(run: Run, now: number, settings: string): Judged {
  const { state, gate, dryRun } = run;
  if (gate?.approved === true && state !== 'failed' && state !== 'held') return { kind: 'approved', run, again: true };
  if (state !== 'held' || gate === undefined) return { kind: 'not-held', state };
  if (dryRun) return { kind: 'dry-run' };
  if (now - beganAt(run) > approvableFor) return { kind: 'too-old' };
  if (isReviewed(run) && run.settings !== settings) return { kind: 'other-settings' };
  const approved: Run = {
    ...run,
    state: 'queued',
    gate: { ...gate, approved: true },
    totals: undefined,
    problem: undefined,
    finishedAt: undefined,
    heartbeatAt: now,
    pause: { from: heldAt(run), to: undefined },
    resumes: 0,
  };
  return { kind: 'approved', run: approved, again: false };
}

/**
 * Publishes that the run is to go on. Returns the active run that has to end first, if there is one; if it stands still,
 * it is set going again.
 */
async function takeUp(session: Session, runId: string): Promise<string | undefined> {
  await session.publisher.continueRun(runId);
  const { activeRunId } = await session.runs.control();
  if (activeRunId === undefined || activeRunId === runId) return undefined;
  await resumeIfStalled(session, activeRunId);
  return activeRunId;
}
