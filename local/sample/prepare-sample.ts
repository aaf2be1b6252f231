import type { ApigeeEmulator } from '../apigee-emulator/server.ts';
import { waitForRun, type Stack } from '../stack.ts';
import { editToday } from './today.ts';
import { yesterday } from './yesterday.ts';

const day = 86_400_000;

/**
 * Makes two sides that were in step yesterday and were edited since, so that the next run shows every situation. The
 * portal trigger must not be on yet: it would push half of the edits before that run. `leaving`: aborted when no run is
 * waited for any more.
 */
export async function prepareSample(stack: Stack, apigee: ApigeeEmulator, leaving: AbortSignal): Promise<void> {
  const now = Date.now();
  const { developers, users } = yesterday(now - day);
  apigee.admin.seed(developers);
  await stack.portal.putAll(users);
  const runId = await stack.publish({ reason: 'yesterday, of the sample' });
  const { state, problem } = await waitForRun(stack, runId, leaving);
  if (state !== 'done') throw new Error(`The sample could not be prepared: ${problem ?? state}`);
  await editToday(apigee.admin, stack.portal, now);
}
