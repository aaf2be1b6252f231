import { approvableFor, beganAt } from '../../../shared/run/lifecycle/approve-run.ts';
import type { Run } from '../../../shared/state/runs.ts';

/** What an admin may do about a held run; null: there is nothing to decide. */
export function mayStillBeApproved(run: Run, now: number): 'approve' | 'too-old' | null {
  if (run.state !== 'held' || run.dryRun) return null;
  return now - beganAt(run) > approvableFor ? 'too-old' : 'approve';
}
