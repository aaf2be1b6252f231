import { expect, test } from 'vitest';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { ann, annDocument, developer } from '../sync/ann.ts';

test('who takes another email while a portal page is compared with its links is one person, and nobody else (rules 17, 19)', async () => {
  const hasLooked = Promise.withResolvers<undefined>();
  const runIsOver = Promise.withResolvers<undefined>();
  let pushed: Promise<unknown> | undefined;
  let transactions = 0;
  let world: InProcess | undefined;
  world = inProcess({
    async around(effect, happen) {
      transactions += effect === 'transact' ? 1 : 0;
      if (effect !== 'transact' || transactions > 2) return happen();
      if (transactions === 1) {
        // The run has read the page and is about to note the claim. The push looks before that, and is slow after it.
        world?.database.putPortalDocument('ann', { ...annDocument, email: 'anne@example.com' });
        pushed = world?.push('ann');
        await hasLooked.promise;
        return happen();
      }
      hasLooked.resolve(undefined);
      await runIsOver.promise;
      return happen();
    },
  });
  world.developers.seed({ email: ann, firstName: 'Another', lastName: 'Ann', lastModifiedAt: 1 });
  world.database.putPortalDocument('ann', annDocument);
  await world.run();
  runIsOver.resolve(undefined);
  await pushed;
  await world.run();
  await world.run();
  const links = world.database.allLinks().filter(({ userId }) => userId === 'ann');
  expect(links.map(({ key }) => key)).toEqual(['anne@example.com']);
  expect(developer(world)).toMatchObject({ firstName: 'Another', lastName: 'Ann' });
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 2, unchanged: 2 }, traffic: { writes: 0 } });
});
