import { expect, test } from 'vitest';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { ann, annDocument, developer } from '../sync/ann.ts';

test('who takes another email while a portal page is compared with its links is one person, and nobody else (rules 17, 19)', async () => {
  let world: InProcess | undefined;
  let isRenamed = false;
  world = inProcess({
    async around(effect, happen) {
      if (effect === 'transact' && !isRenamed) {
        isRenamed = true;
        world?.database.putPortalDocument('ann', { ...annDocument, email: 'anne@example.com' });
        await world?.push('ann');
      }
      return happen();
    },
  });
  world.developers.seed({ email: ann, firstName: 'Another', lastName: 'Ann', lastModifiedAt: 1 });
  world.database.putPortalDocument('ann', annDocument);
  await world.run();
  await world.run();
  const links = world.database.allLinks().filter(({ userId }) => userId === 'ann');
  expect(links.map(({ key }) => key)).toEqual(['anne@example.com']);
  expect(developer(world)).toMatchObject({ firstName: 'Another', lastName: 'Ann' });
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 2, unchanged: 2 }, traffic: { writes: 0 } });
});
