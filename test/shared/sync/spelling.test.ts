import { expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { annDocument } from './ann.ts';

test('on Edge, a developer whose spelling only the listing knows is updated, not created again (rules 1, 4)', async () => {
  const clock = manualClock();
  const world = inProcess({ clock, env: { APIGEE_TYPE: 'edge' } });
  world.developers.seed({ email: 'Ann@Example.com', firstName: 'Ann', lastName: 'Old' });
  clock.advance(60_000);
  world.database.putPortalDocument('ann', { ...annDocument, updatedAt: clock.now() });
  await world.run();
  expect(world.developers.all()).toMatchObject([{ email: 'Ann@Example.com', lastName: 'Lee' }]);
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
});
