import { expect, test } from 'vitest';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument } from './ann.ts';

test('who takes another email while their developer is being created gets no second one (rule 17)', async () => {
  const clock = manualClock();
  let begun = false;
  const world: InProcess = inProcess({
    clock,
    wrap: (developers) => ({
      ...developers,
      async create(body) {
        if (!begun) {
          begun = true;
          world.database.putPortalDocument('ann', { ...annDocument, email: 'anne@example.com' });
          await world.push('ann');
        }
        return developers.create(body);
      },
    }),
  });
  world.database.putPortalDocument('ann', annDocument);
  await world.push('ann');
  await world.push('ann');
  clock.advance(3_600_000);
  await world.run();
  expect(world.developers.all().map(({ email }) => email)).toEqual([ann]);
  expect(world.database.linkOf(ann)).toMatchObject({ userId: 'ann', hold: { reason: 'rename-refused' } });
});
