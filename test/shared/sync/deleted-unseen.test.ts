import { expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer } from './ann.ts';

const hour = 3_600_000;

test('a user who was deleted while the creation of their developer went unrecorded does not come back (rules 15, 24)', async () => {
  const clock = manualClock();
  let isDown = false;
  const world = inProcess({
    clock,
    async around(effect, happen) {
      if (isDown) throw new Error('crash');
      const result = await happen();
      if (effect === 'create') isDown = true;
      return result;
    },
  });
  world.database.putPortalDocument('ann', annDocument);
  await expect(world.push('ann')).rejects.toThrow('crash');
  isDown = false;
  world.database.deletePortalDocument('ann');
  clock.advance(hour);
  await world.push('ann');
  await world.run();
  expect(world.database.portalDocuments()).toEqual([]);
  expect(developer(world)).toMatchObject({ email: ann });
  expect(world.database.linkOf(ann)).toMatchObject({ presence: 'apigee', tombstone: { side: 'portal' } });
  expect((await world.run()).totals?.traffic.writes).toBe(0);
});
