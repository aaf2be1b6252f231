import type { SyncRequest } from '../../messages/publisher.ts';
import { newMeter } from '../../state/meter.ts';
import type { Services } from '../../wiring/services.ts';
import type { Refused } from '../words/refusals.ts';
import { audited, type Acting } from './audited.ts';
import { refusedToAct } from './own-state.ts';
import { newActionId, sendRunRequest } from './request-run.ts';

export interface AskedForRun {
  readonly kind: 'asked';
  readonly runId: string;
  /** The same was asked for before, and is under way or waits: this is that run. */
  readonly joined: boolean;
}

/** A request is a message at first: for so long, ms, it may have no run yet. */
const uptakeMs = 30_000;

/**
 * Asks for a run, unless one of the same kind is asked for, queued or running already: whoever presses twice gets one run.
 * The record of the action has the id of the run.
 */
export async function askForRun(
  services: Services,
  acting: Acting,
  request: Pick<SyncRequest, 'mode' | 'dryRun'>,
): Promise<AskedForRun | Refused> {
  const refused = await refusedToAct(services);
  if (refused !== undefined) return refused;
  const open = await openRun(services, request);
  if (open !== undefined) return { kind: 'asked', runId: open, joined: true };
  const by = 'console';
  const runId = newActionId(by, services.clock.now());
  const fields = [request.mode, ...(request.dryRun ? ['dry run'] : [])];
  await audited(services, acting, { action: 'request-run', actionId: runId, runId, fields }, async () => {
    await sendRunRequest(services, { ...request, reason: acting.reason }, by, runId);
    return { result: undefined, end: { state: 'done', words: 'the request was sent' } };
  });
  return { kind: 'asked', runId, joined: false };
}

async function openRun(
  services: Services,
  { mode, dryRun }: Pick<SyncRequest, 'mode' | 'dryRun'>,
): Promise<string | undefined> {
  const runs = services.runs(newMeter());
  const [recent, records] = await Promise.all([
    runs.recent(20),
    services.audit.recent({ before: undefined, limit: 20 }),
  ]);
  const same = recent.filter((run) => run.mode === mode && run.dryRun === dryRun);
  const found = same.find(({ state, gate }) => (state === 'queued' || state === 'running') && gate?.approved !== true);
  if (found !== undefined) return found.runId;
  const known = new Set(recent.map(({ runId }) => runId));
  const sent = records.find(
    ({ action, runId, fields, at }) =>
      action === 'request-run' &&
      runId !== undefined &&
      !known.has(runId) &&
      services.clock.now() - at < uptakeMs &&
      fields.includes(mode) &&
      fields.includes('dry run') === dryRun,
  );
  return sent?.runId;
}
