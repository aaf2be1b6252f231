import { expect, test } from 'vitest';
import { pushPortalEdit } from '../../../shared/sync/push-portal-edit.ts';
import type { PersonResult } from '../../../shared/sync/results.ts';
import { pushAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument } from './ann.ts';

test('on Edge, a developer whose spelling only the listing knows is updated, not created again (rules 1, 4)', async () => {
  const clock = manualClock();
  const world = inProcess({ clock, env: { APIGEE_TYPE: 'edge' } });
  world.developers.seed({ email: 'Ann@Example.com', firstName: 'Ann', lastName: 'Old' });
  clock.advance(60_000);
  world.database.putPortalDocument('ann', { ...annDocument, updatedAt: clock.now() });
  await world.run();
  expect(world.developers.all()).toMatchObject([{ email: 'Ann@Example.com', lastName: 'Lee' }]);
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
});

test('on Edge, who was deleted and made again in another spelling stays a person with a portal user (rules 3, 15)', async () => {
  const world = inProcess({ env: { APIGEE_TYPE: 'edge', APIGEE_DELETE_POLICY: 'delete' } });
  world.database.putPortalDocument('ann', annDocument);
  await world.run();
  world.developers.remove(ann);
  world.developers.seed({ email: 'Ann@Example.com', firstName: 'Ann', lastName: 'Lee' });
  world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
  expect(await pushInRealTime(world)).toMatchObject([{ outcome: 'held', planned: true, retry: false }]);
  expect(world.user('ann')).toBeDefined();
  await world.run();
  expect(world.user('ann')).toBeDefined();
  expect(world.developers.all()).toMatchObject([{ email: 'Ann@Example.com' }]);
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
});

test('on Edge, the next run does what a push left to it where a developer is gone (rule 15)', async () => {
  const world = inProcess({ env: { APIGEE_TYPE: 'edge' } });
  world.database.putPortalDocument('ann', annDocument);
  await world.run();
  world.developers.remove(ann);
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
  expect(await pushInRealTime(world)).toMatchObject([{ outcome: 'held', planned: true }]);
  expect(world.developers.all()).toEqual([]);
  await world.run({ mode: 'incremental' });
  expect(world.developers.all()).toMatchObject([{ email: ann, lastName: 'Leigh' }]);
});

test('on Edge, who was made again in another spelling after the walk keeps the portal user (rules 3, 15)', async () => {
  const world = inProcess({
    env: { APIGEE_TYPE: 'edge', APIGEE_DELETE_POLICY: 'delete', DESTRUCTIVE_LIMIT_PERCENT: '100' },
  });
  world.database.putPortalDocument('ann', annDocument);
  await world.run();
  await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'later');
  while (world.queue.every(({ topic }) => topic === 'requests')) await next(world);
  await next(world);
  while (world.queue.every(({ topic }) => topic === 'requests')) await next(world);
  world.developers.remove(ann);
  world.developers.seed({ email: 'Ann@Example.com', firstName: 'Ann', lastName: 'Leigh' });
  world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
  await world.drain();
  expect(world.user('ann')).toMatchObject({ lastName: 'Lee' });
  expect(await world.run()).toMatchObject({ state: 'done', totals: { counts: { seen: 1 } } });
  expect(world.user('ann')).toMatchObject({ lastName: 'Leigh' });
});

async function next(world: InProcess): Promise<void> {
  const message = world.queue.shift();
  if (message === undefined) throw new Error('nothing is queued');
  await world.deliver(message);
}

function pushInRealTime(world: InProcess): Promise<readonly PersonResult[]> {
  const gate = { kind: 'allowance', spend: async () => true } as const;
  return pushPortalEdit({ ...openSession(world.services, pushAllowance), by: 'push', gate }, 'ann');
}
