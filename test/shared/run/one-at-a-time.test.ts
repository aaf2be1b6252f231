import { expect, test } from 'vitest';
import { newMeter } from '../../../shared/state/meter.ts';
import { crowd } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';

const request = { mode: 'full', dryRun: false, reason: undefined } as const;

test('a run that is requested while another one is active waits for its end', async () => {
  const states: string[] = [];
  let isWatching = false;
  const world = inProcess({
    async around(effect, happen) {
      const result = await happen();
      if (isWatching && effect === 'update-run')
        states.push([...world.database.runs.runs.values()].map(({ state }) => state).join());
      return result;
    },
  });
  await crowd(world, 5);
  world.database.runs.runs.clear();
  isWatching = true;
  for (const runId of ['first', 'second', 'third']) await world.services.publisher.requestSync(request, runId);
  while (world.queue.length > 0) await Promise.all(world.queue.splice(0).map((message) => world.deliver(message)));
  expect(states.length).toBeGreaterThan(10);
  for (const state of states) expect(state.split(',').filter((one) => one === 'running').length).toBeLessThan(2);
  const runs = await world.services.runs(newMeter()).recent(10);
  expect(runs.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
});
