import type { RunState } from '../../state/runs.ts';
import type { Session } from '../session.ts';
import { endRun } from './end-run.ts';

export type Cancellation =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'over'; readonly state: RunState };

/**
 * Ends a run that waits or is under way. What it has done stays done; its batches begin nobody any more, and the next run
 * meets everybody again. `why`: fit for the log and the report.
 */
export async function cancelRun(session: Session, runId: string, why: string): Promise<Cancellation> {
  const run = await session.runs.get(runId);
  if (run === undefined) return { kind: 'unknown' };
  if (run.state !== 'running' && run.state !== 'queued') return { kind: 'over', state: run.state };
  await endRun(session, runId, 'failed', why);
  return { kind: 'cancelled' };
}
