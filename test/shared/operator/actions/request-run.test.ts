import { expect, test } from 'vitest';
import { newActionId, sendRunRequest } from '../../../../shared/operator/actions/request-run.ts';
import { newMeter } from '../../../../shared/state/meter.ts';
import { inProcess } from '../../../support/in-process.ts';

test('the request answers the id of the run that comes of it', async () => {
  const world = inProcess();
  const { services } = world;
  const runs = services.runs(newMeter());
  const runId = await sendRunRequest(services, { mode: 'full', dryRun: false, reason: 'a test' }, 'console');
  expect(runId).toMatch(/^console-/u);
  expect(await runs.get(runId)).toBeUndefined();
  await world.drain();
  expect(await runs.get(runId)).toMatchObject({ runId, state: 'done', reason: 'a test' });
});

test('ids sort by time, and two of one moment differ', () => {
  const at = Date.UTC(2026, 0, 22, 15, 23);
  expect(newActionId('cli', at)).toMatch(/^cli-20260122T152300Z-[\da-f]{8}$/u);
  expect(newActionId('cli', at)).not.toBe(newActionId('cli', at));
  expect(newActionId('cli', at + 1000) > newActionId('cli', at)).toBe(true);
});
