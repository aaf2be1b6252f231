import { randomBytes } from 'node:crypto';
import type { SyncRequest } from '../../messages/publisher.ts';
import { newChosenRun, type ChosenRequest } from '../../run/lifecycle/start-run.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';

/**
 * Publishes a sync request and answers the id that its run will have. The run's document exists only once the request
 * has been taken up. `by`: where the request comes from, such as `cli`; the id begins with it.
 */
export async function sendRunRequest(
  services: Services,
  request: SyncRequest,
  by: string,
  runId = newActionId(by, services.clock.now()),
): Promise<string> {
  await services.publisher.requestSync(request, runId);
  return runId;
}

/** A unique id that sorts by time, such as `cli-20260122T152300Z-1a2b3c4d`. `now`: ms since the epoch. */
export function newActionId(by: string, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${by}-${time}-${randomBytes(4).toString('hex')}`;
}

/** Begins a run of chosen people. No message could carry them (rule 27). False where there is a run of this id already. */
export async function beginChosen(services: Services, runId: string, request: ChosenRequest): Promise<boolean> {
  const session = openSession(services, batchAllowance);
  const isNew = await session.runs.create(newChosenRun(runId, request, session));
  await session.publisher.continueRun(runId);
  return isNew;
}
