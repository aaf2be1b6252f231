import { expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked, unheard } from './ann.ts';

const hour = 3_600_000;

test('a status that went unheard and was taken back is taken back in Apigee too (rules 14, 24)', async () => {
  const clock = manualClock(Date.now());
  let isHeard = false;
  const world = await linked({
    clock,
    wrap: (developers) => ({
      ...developers,
      async setStatus(email, status) {
        const answer = await developers.setStatus(email, status);
        return isHeard ? answer : unheard('status');
      },
    }),
  });
  world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
  await world.push('ann');
  expect(developer(world)).toMatchObject({ status: 'inactive' });
  isHeard = true;
  clock.advance(hour);
  world.database.putPortalDocument('ann', annDocument);
  await world.push('ann');
  expect(developer(world)).toMatchObject({ status: 'active' });
  expect((await world.run()).totals?.traffic.writes).toBe(0);
  // What is deactivated in Apigee stays so, as ever.
  const known = developer(world);
  if (known !== undefined) world.developers.seed({ ...known, status: 'inactive' });
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
  await world.push('ann');
  expect(world.developers.all()).toMatchObject([{ email: ann, lastName: 'Leigh', status: 'inactive' }]);
});

test('what was removed since a developer was created and never recorded is removed there too (rules 10, 24)', async () => {
  const clock = manualClock(Date.now());
  let isAvailable = false;
  const message = 'status: not this time';
  const error = {
    kind: 'unavailable',
    operation: 'status',
    status: 503,
    code: undefined,
    message,
    ambiguous: false,
  } as const;
  const world = inProcess({
    clock,
    wrap: (developers) => ({
      ...developers,
      setStatus: async (email, status) => (isAvailable ? developers.setStatus(email, status) : { ok: false, error }),
    }),
  });
  const inactive = { ...annDocument, status: 'inactive' };
  world.database.putPortalDocument('ann', inactive);
  // The developer is created by the first push and found by the second; neither can be recorded.
  for (let delivery = 0; delivery < 2; delivery += 1) {
    await world.push('ann');
    clock.advance(hour);
  }
  expect(developer(world)?.attributes.get('tier')).toBe('gold');
  isAvailable = true;
  world.database.putPortalDocument('ann', { ...inactive, attributes: {} });
  await world.push('ann');
  expect(developer(world)).toMatchObject({ status: 'inactive' });
  expect(developer(world)?.attributes.has('tier')).toBe(false);
  expect((await world.run()).totals?.traffic.writes).toBe(0);
});
