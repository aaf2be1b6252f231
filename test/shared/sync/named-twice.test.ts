import { expect, test } from 'vitest';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { ann, annDocument } from './ann.ts';

test('who takes another email between two pushes of the registration is one person with one developer (rules 17, 20)', async () => {
  const secondHasLooked = Promise.withResolvers<undefined>();
  const firstIsOver = Promise.withResolvers<undefined>();
  let first: Promise<unknown> | undefined;
  let second: Promise<unknown> | undefined;
  let transactions = 0;
  let world: InProcess | undefined;
  world = inProcess({
    async around(effect, happen) {
      if (effect !== 'transact') return happen();
      transactions += 1;
      if (transactions === 1) {
        // The first push has looked and is about to note the registration.
        world?.database.putPortalDocument('ann', { ...annDocument, email: 'anne@example.com' });
        second = world?.push('ann');
        await secondHasLooked.promise;
      } else if (transactions === 2) {
        secondHasLooked.resolve(undefined);
        await firstIsOver.promise;
      }
      return happen();
    },
  });
  world.database.putPortalDocument('ann', annDocument);
  first = world.push('ann');
  await first;
  firstIsOver.resolve(undefined);
  await second;
  await world.run();
  await world.run();
  const links = world.database.allLinks().filter(({ userId }) => userId === 'ann');
  expect(links.map(({ key }) => key)).toEqual([ann]);
  expect(world.developers.all().map(({ email }) => email)).toEqual([ann]);
  expect((await world.run()).totals?.traffic.writes).toBe(0);
});
