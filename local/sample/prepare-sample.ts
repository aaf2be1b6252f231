import type { ApigeeEmulator } from '../apigee-emulator/server.ts';
import { waitForRun, type Screen } from '../show-run.ts';
import type { Stack } from '../stack.ts';
import { editToday } from './today.ts';
import { yesterday } from './yesterday.ts';

const day = 86_400_000;

/**
 * Two sides that were in step yesterday and were edited since, so that the run to be shown has something of everything to
 * do. The trigger must not be there yet, or it would do half of it.
 */
export async function prepareSample(stack: Stack, apigee: ApigeeEmulator, screen: Screen): Promise<void> {
  const now = Date.now();
  const { developers, users } = yesterday(now - day);
  apigee.admin.seed(developers);
  await stack.portal.putAll(users);
  const runId = await stack.publish({ reason: 'yesterday, of the sample' });
  const { state, problem } = await waitForRun(stack, runId, screen);
  if (state !== 'done') throw new Error(`The sample could not be prepared: ${problem ?? state}`);
  await editToday(apigee.admin, stack.portal, now);
}
