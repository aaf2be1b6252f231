import { expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from '../sync/ann.ts';

const hour = 3_600_000;

test('on Edge, a developer who is made anew in another spelling while a deletion waits gets a portal user again (rules 3, 15)', async () => {
  const clock = manualClock(Date.now());
  const world = inProcess({
    clock,
    env: { APIGEE_TYPE: 'edge', APIGEE_DELETE_POLICY: 'delete', DESTRUCTIVE_LIMIT_PERCENT: '100' },
  });
  world.database.putPortalDocument('ann', annDocument);
  await world.run();
  clock.advance(hour);
  world.developers.remove(ann);
  await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'planning');
  // The batch that deletes the portal user comes an hour late.
  for (let message = world.queue[0]; message !== undefined; message = world.queue[0]) {
    if (Buffer.from(dataOf(message), 'base64').toString().includes('destructive')) break;
    world.queue.shift();
    await world.deliver(message);
  }
  expect(world.queue).toHaveLength(1);
  clock.advance(hour);
  world.developers.seed({ email: 'Ann@Example.com', firstName: 'Ann', lastName: 'Lee', createdAt: clock.now() });
  clock.advance(hour);
  await world.drain();
  await world.run();
  expect(world.developers.all()).toHaveLength(1);
  expect(world.database.portalDocuments()).toMatchObject([{ data: { email: ann } }]);
  expect((await world.run()).totals?.traffic.writes).toBe(0);
});

test('who is deleted beside another portal user of the same email leaves the developer to that one (rules 1, 15)', async () => {
  const world = await linked();
  world.database.putPortalDocument('other', { ...annDocument, lastName: 'Other', attributes: { tier: 'silver' } });
  await world.push('other');
  expect(world.database.linkOf(ann)?.hold?.reason).toBe('portal-collision');
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  expect(developer(world)).toMatchObject({ lastName: 'Other', status: 'active' });
  expect(world.database.linkOf(ann)).toMatchObject({ userId: 'other', presence: 'both' });
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
});

function dataOf(message: unknown): string {
  const { body } = message as { readonly body: { readonly message: { readonly data: string } } };
  return body.message.data;
}
