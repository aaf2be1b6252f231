import type { SyncRequest } from '../messages/publisher.ts';
import { batchPhases, type Run, type Walk } from '../state/runs.ts';
import { noCalls, noTraffic } from './session.ts';

const notBegun: Walk = { batches: 0, complete: false, cursor: undefined };

export function newRun(runId: string, request: SyncRequest, now: number): Run {
  const [portal, apigee, links, destructive] = batchPhases;
  return {
    runId,
    mode: request.mode,
    dryRun: request.dryRun,
    reason: request.reason,
    state: 'queued',
    phase: portal,
    requestedAt: now,
    scope: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    heartbeatAt: now,
    since: undefined,
    walks: { [portal]: notBegun, [apigee]: notBegun, [links]: notBegun, [destructive]: notBegun },
    walked: 0,
    calls: noCalls(),
    traffic: noTraffic,
    totals: undefined,
    gate: undefined,
    problem: undefined,
    resumes: 0,
    held: undefined,
  };
}
