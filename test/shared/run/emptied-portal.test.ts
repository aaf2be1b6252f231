import { expect, test } from 'vitest';
import { crowd, deleteUsers, idOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';

test('a portal that was emptied is walked in batches as small as others are (rule 16)', async () => {
  const people = 4200;
  let transactions = 0;
  const world = inProcess({
    around(effect, happen) {
      if (effect === 'transact') transactions += 1;
      return happen();
    },
  });
  await crowd(world, people);
  deleteUsers(world, 0, people);
  // Somebody registers behind all the others.
  world.database.putPortalDocument(`${idOf(people)}-new`, {
    email: 'new@example.com',
    firstName: 'New',
    lastName: 'User',
  });
  await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'run');
  let most = 0;
  for (let message = world.queue.shift(); message !== undefined; message = world.queue.shift()) {
    transactions = 0;
    const portal = world.database.runs.runs.get('run')?.phase === 'portal' && message.topic === 'batches';
    await world.deliver(message);
    // The last batch of a walk is delivered twice: it may not end elsewhere.
    if (portal) {
      most = Math.max(most, transactions);
      await world.deliver(message);
    }
  }
  // A hundred people each.
  expect(most).toBeLessThanOrEqual(11);
  const run = world.database.runs.runs.get('run');
  expect(run).toMatchObject({ state: 'held', gate: { planned: people, seen: people + 1 } });
  expect(run?.walks.portal.batches).toBe(5);
  expect(run?.totals?.counts).toMatchObject({ held: people, created: { apigee: 1 } });
});
