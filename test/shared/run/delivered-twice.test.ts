import { expect, test } from 'vitest';
import { crowd, documentOf, idOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';

test('batches that are delivered twice at once try to create everybody once (rules 20, 21)', async () => {
  const world = inProcess({ clock: manualClock(Date.now()) });
  await crowd(world, 3);
  for (let index = 3; index < 20; index += 1) world.database.putPortalDocument(idOf(index), documentOf(index));
  await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'twice');
  while (world.queue.length > 0) {
    const [message] = world.queue.splice(0, 1);
    if (message?.topic === 'batches') await Promise.all([world.deliver(message), world.deliver(message)]);
    else if (message !== undefined) await world.deliver(message);
  }
  expect(world.calls).toMatchObject({ create: 17, update: 0 });
  expect(world.database.runs.runs.get('twice')).toMatchObject({
    state: 'done',
    totals: {
      counts: { seen: 20, created: { apigee: 17, portal: 0 }, unchanged: 3 },
      // Also what the slower delivery has cost.
      calls: { create: world.calls.create, get: world.calls.get },
    },
  });
});
