import type { Run } from '../state/runs.ts';
import { addCalls, addTraffic, takeUsage, type Session } from './session.ts';

/** Changes the run and adds what this invocation has cost since the last time, so that every call is in the report. */
export async function checkpoint(
  session: Session,
  runId: string,
  step: (run: Run) => Run,
  { calls, traffic } = takeUsage(session.usage),
): Promise<Run> {
  const now = session.now();
  return session.runs.update(runId, (run) => {
    const after = {
      ...step(run),
      heartbeatAt: now,
      calls: addCalls(run.calls, calls),
      traffic: addTraffic(run.traffic, traffic),
    };
    return { run: after, result: after };
  });
}
