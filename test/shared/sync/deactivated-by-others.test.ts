import { expect, test } from 'vitest';
import { ann, annDocument, developer, linked } from './ann.ts';

test('whom an administrator deactivated in Apigee stays inactive, also through a new registration (rules 14, 15)', async () => {
  const world = await linked();
  await world.developers.setStatus(ann, 'inactive');
  await world.run();
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  world.database.putPortalDocument('ann-again', annDocument);
  await world.push('ann-again');
  await world.run();
  expect(developer(world)?.status).toBe('inactive');
  expect(world.calls.status).toBe(0);
});
