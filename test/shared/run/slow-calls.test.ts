import { expect, test } from 'vitest';
import { crowd, documentOf, idOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';

test('a batch whose people have to be asked for one by one, slowly, is done over several deliveries', async () => {
  const people = 200;
  const clock = manualClock();
  let slow = false;
  const world = inProcess({
    clock,
    wrap: (developers) => ({
      ...developers,
      get(email) {
        if (slow) clock.advance(4000);
        return developers.get(email);
      },
    }),
  });
  await crowd(world, people);
  clock.advance(3_600_000);
  // Marked by the portal pass of an incremental run, and not changed in Apigee.
  for (let index = 0; index < people; index += 1)
    world.database.putPortalDocument(idOf(index), { ...documentOf(index), lastName: 'Leigh', updatedAt: clock.now() });
  slow = true;
  await world.services.publisher.requestSync({ mode: 'incremental', dryRun: false, reason: undefined }, 'run');
  let longest = 0;
  let deliveries = 0;
  for (let message = world.queue.shift(); message !== undefined; message = world.queue.shift()) {
    deliveries += 1;
    if (deliveries > 30) throw new Error('the run does not get on');
    const started = clock.now();
    if ((await world.deliver(message)) === 'again') world.queue.push(message);
    longest = Math.max(longest, clock.now() - started);
  }
  expect(longest).toBeLessThan(540_000);
  expect(world.database.runs.runs.get('run')).toMatchObject({
    state: 'done',
    totals: { counts: { seen: people, updated: { apigee: people } } },
  });
  expect(world.calls.update).toBe(people);
});
