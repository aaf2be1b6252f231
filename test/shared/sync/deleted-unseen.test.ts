import { expect, test } from 'vitest';
import { syncPerson } from '../../../shared/sync/sync-person.ts';
import { batchAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

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

test('who registered again and was deleted while that went unrecorded is inactive again (rules 15, 24)', async () => {
  const clock = manualClock(Date.now());
  let isDown = false;
  let crashes = false;
  const world = await linked({
    clock,
    async around(effect, happen) {
      if (isDown) throw new Error('crash');
      const result = await happen();
      if (effect === 'set-status') isDown = crashes;
      return result;
    },
  });
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  expect(developer(world)).toMatchObject({ status: 'inactive' });
  world.database.putPortalDocument('again', annDocument);
  crashes = true;
  await expect(world.push('again')).rejects.toThrow('crash');
  expect(developer(world)).toMatchObject({ status: 'active' });
  isDown = false;
  crashes = false;
  world.database.deletePortalDocument('again');
  clock.advance(hour);
  await world.push('ann');
  expect(await world.run({})).toMatchObject({ state: 'held', gate: { planned: 1 } });
  await syncPerson(
    { ...openSession(world.services, batchAllowance), by: { kind: 'run', runId: 'run' }, gate: { kind: 'open' } },
    { key: ann, hints: [] },
  );
  expect(developer(world)).toMatchObject({ status: 'inactive' });
});
