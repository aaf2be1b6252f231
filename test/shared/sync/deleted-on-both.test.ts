import { expect, test } from 'vitest';
import { newLink } from '../../../shared/core/model/link.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { inProcess } from '../../support/in-process.ts';
import { ann, annDocument, linked } from './ann.ts';

test('who is deleted on both sides leaves no value behind, only that they are gone (rules 15, 27)', async () => {
  const world = await linked({ env: { DESTRUCTIVE_LIMIT_PERCENT: '100', PORTAL_DELETE_POLICY: 'delete' } });
  world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Secretname', updatedAt: new Date(0) });
  world.developers.seed({ email: ann, firstName: 'Anne', lastName: 'Lee', lastModifiedAt: Date.now() + 1000 });
  await world.run();
  expect(world.database.linkOf(ann)?.history).toMatchObject([{ value: 'Secretname' }]);
  world.database.deletePortalDocument('ann');
  await world.run();
  expect(world.developers.all()).toEqual([]);
  const link = world.database.linkOf(ann);
  expect(link).toMatchObject({ presence: 'none', tombstone: { side: 'both' } });
  expect(JSON.stringify(link)).not.toContain('Secretname');
  expect(link?.history).toEqual([]);
});

test('a mark for somebody who is gone by the time it is looked at costs later runs nothing (rule 12)', async () => {
  const world = inProcess();
  const people = world.services.people(newMeter());
  const marked = { ...newLink(ann), presence: 'portal', userId: 'gone' } as const;
  await people.transact({ links: [ann], userIds: [] }, () => ({ result: undefined, links: [marked] }));
  await world.run();
  expect((await world.run()).totals).toMatchObject({ traffic: { writes: 0 }, calls: { get: 0 } });
});
