import { expect, test } from 'vitest';
import { ann, annDocument, developer, linked, unavailable } from './ann.ts';

test('whose portal user was in step and is deleted loses the developer, also where a short registration came between (rule 15)', async () => {
  let isAway = false;
  const world = await linked({
    env: { DESTRUCTIVE_LIMIT_PERCENT: '100' },
    wrap: (developers) => ({
      ...developers,
      update: async (email, body) => (isAway ? unavailable : developers.update(email, body)),
    }),
  });
  isAway = true;
  world.database.deletePortalDocument('ann');
  world.database.putPortalDocument('again', { ...annDocument, firstName: 'Anna', updatedAt: new Date() });
  await world.push('again');
  world.database.deletePortalDocument('again');
  isAway = false;
  await world.push('ann');
  await world.push('again');
  await world.run();
  expect(developer(world)?.status).toBe('inactive');
});

test('a registration that was never in step takes nothing with it, however often (rules 15, 19)', async () => {
  const world = await linked({ env: { PORTAL_DELETE_POLICY: 'keep', DESTRUCTIVE_LIMIT_PERCENT: '100' } });
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  expect(world.database.linkOf(ann)?.owesDeletion).toBeUndefined();
  world.database.putPortalDocument('again', annDocument);
  await world.push('again');
  expect(world.database.linkOf(ann)).toMatchObject({ userId: 'again', presence: 'both' });
  expect(world.database.linkOf(ann)?.owesDeletion).toBeUndefined();
});
