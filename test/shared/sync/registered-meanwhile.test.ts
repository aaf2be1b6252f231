import { expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

test('who registers while their portal user is about to be made from Apigee stays the only one (rules 1, 22)', async () => {
  let isReady = false;
  const world = inProcess({
    around(effect, happen) {
      if (isReady && effect === 'transact') {
        isReady = false;
        world.database.putPortalDocument('registered', annDocument);
      }
      return happen();
    },
  });
  await world.run();
  world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee' });
  isReady = true;
  expect(await world.run()).toMatchObject({ state: 'done', totals: { counts: { seen: 1, created: { portal: 0 } } } });
  expect(isReady).toBe(false);
  expect(world.database.portalDocuments().map(({ id }) => id)).toEqual(['registered']);
  expect(world.database.linkOf(ann)).toMatchObject({ userId: 'registered', presence: 'both' });
});

test('a portal edit made while an edit of Apigee is on its way there is not overwritten (rules 10, 21)', async () => {
  let transactions = 0;
  const world = await linked({
    around(effect, happen) {
      if (effect === 'transact') transactions += 1;
      // The lease was the first one; this is the one that would write the portal user.
      if (transactions === 2) edit();
      return happen();
    },
  });
  const updatedAt = new Date(Date.now() + 60_000);
  const edit = (): void => {
    transactions += 1;
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Portal', updatedAt });
  };
  const known = developer(world);
  if (known === undefined) throw new Error('there is no developer');
  world.developers.seed({ ...known, lastName: 'Apigee', lastModifiedAt: Date.now() });
  world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anne' });
  transactions = 0;
  await world.push('ann');
  expect(transactions).toBeGreaterThan(2);
  expect(world.user('ann')).toMatchObject({ lastName: 'Portal' });
  expect(developer(world)).toMatchObject({ lastName: 'Portal' });
  expect(world.database.linkOf(ann)?.history).toMatchObject([{ field: 'lastName', side: 'apigee', value: 'Apigee' }]);
});
