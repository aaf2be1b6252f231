import type { Session } from '../session.ts';
import type { Run, RunState } from '../../state/runs.ts';

export type Rejection =
  | { readonly kind: 'rejected'; readonly run: Run }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-held'; readonly state: RunState };

/**
 * Ends a held run for good, without its deactivations and deletions (rule 16). What it planned is planned again by the next
 * run that meets these people, unless they are put right before.
 */
export async function rejectRun(session: Session, runId: string): Promise<Rejection> {
  if ((await session.runs.get(runId)) === undefined) return { kind: 'unknown' };
  const now = session.now();
  const rejected = await session.runs.update<Rejection>(runId, (run) => {
    if (run.state !== 'held') return { result: { kind: 'not-held', state: run.state } };
    const problem = 'rejected by an operator: nothing of what it planned was made';
    const ended: Run = { ...run, state: 'failed', problem, heartbeatAt: now };
    return { run: ended, result: { kind: 'rejected', run: ended } };
  });
  if (rejected.kind === 'rejected')
    session.log({ event: 'run_rejected', severity: 'NOTICE', message: 'a held run was rejected', runId });
  return rejected;
}
