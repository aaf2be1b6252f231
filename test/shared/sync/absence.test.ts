import { describe, expect, test } from 'vitest';
import type { Developers } from '../../../shared/apigee/developers.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { inProcess } from '../../support/in-process.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

const hour = 3_600_000;

/** Developers of whom reads say for a while that they do not exist, as a replica does that lags behind. */
function lagging(): { readonly wrap: (developers: Developers) => Developers; lags: boolean } {
  const state = {
    lags: false,
    wrap: (developers: Developers): Developers => ({
      ...developers,
      get: async (email) => (state.lags ? { ok: true, value: undefined } : developers.get(email)),
    }),
  };
  return state;
}

describe.each(['delete', 'deactivate', 'hold'])('APIGEE_DELETE_POLICY=%s', (policy) => {
  test('one "not found" right after our own write takes nothing from the portal user (rule 29)', async () => {
    const clock = manualClock(Date.now());
    const replica = lagging();
    const world = inProcess({ clock, wrap: replica.wrap, env: { APIGEE_DELETE_POLICY: policy } });
    world.database.putPortalDocument('ann', annDocument);
    await world.push('ann');
    replica.lags = true;
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    expect(await world.push('ann')).toMatchObject([{ outcome: 'held', disposition: 'final' }]);
    expect(world.user('ann')).toMatchObject({ status: 'active', lastName: 'Leigh' });
    replica.lags = false;
    clock.advance(hour);
    await world.run({ mode: 'incremental' });
    expect(developer(world)).toMatchObject({ lastName: 'Leigh' });
    expect(world.database.linkOf(ann)?.hold).toBeUndefined();
    expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
  });

  test('a developer whom the listing shows is not gone, whatever a read says (rule 29)', async () => {
    const clock = manualClock(Date.now());
    const replica = lagging();
    const env = { APIGEE_DELETE_POLICY: policy, DESTRUCTIVE_LIMIT_PERCENT: '100' };
    const world = await linked({ clock, wrap: replica.wrap, env });
    clock.advance(hour);
    replica.lags = true;
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    await world.run();
    expect(world.user('ann')).toMatchObject({ status: 'active' });
    replica.lags = false;
    await world.run();
    expect(developer(world)).toMatchObject({ lastName: 'Leigh' });
  });

  test('the policy is carried out by the run whose listing does not show the developer (rule 15)', async () => {
    const clock = manualClock(Date.now());
    const world = await linked({
      clock,
      env: { APIGEE_DELETE_POLICY: policy, DESTRUCTIVE_LIMIT_PERCENT: '100' },
    });
    clock.advance(hour);
    world.developers.remove(ann);
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    await world.push('ann');
    expect(world.user('ann')).toMatchObject({ status: 'active' });
    await world.run({ mode: 'incremental' });
    if (policy === 'delete') expect(world.user('ann')).toBeUndefined();
    if (policy === 'deactivate') expect(world.user('ann')).toMatchObject({ status: 'inactive' });
    if (policy === 'hold') expect(world.database.linkOf(ann)?.hold?.reason).toBe('developer-deleted');
    expect(world.developers.all()).toEqual([]);
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });
});

test('a developer who cannot be found is created again at once: Apigee refuses a second one (rules 15, 29)', async () => {
  const replica = lagging();
  const world = await linked({ wrap: replica.wrap });
  world.developers.remove(ann);
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
  expect(await world.push('ann')).toMatchObject([{ outcome: 'created-apigee' }]);
  replica.lags = true;
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Lea' });
  expect(await world.push('ann')).toMatchObject([{ disposition: 'retry' }]);
  replica.lags = false;
  await world.push('ann');
  expect(world.developers.all()).toMatchObject([{ lastName: 'Lea' }]);
});

test('who seems to be gone on both sides is not buried by one read: their developer would come back as a stranger (rule 29)', async () => {
  const clock = manualClock(Date.now());
  const replica = lagging();
  const world = inProcess({ clock, wrap: replica.wrap, env: { DESTRUCTIVE_LIMIT_PERCENT: '100' } });
  world.database.putPortalDocument('ann', annDocument);
  await world.push('ann');
  replica.lags = true;
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  replica.lags = false;
  clock.advance(hour);
  await world.run();
  expect(world.database.portalDocuments()).toEqual([]);
  expect(developer(world)).toMatchObject({ status: 'inactive' });
});

test('who took another email keeps the developer that one read does not find (rules 17, 29)', async () => {
  const replica = lagging();
  const world = await linked({ wrap: replica.wrap });
  replica.lags = true;
  world.database.putPortalDocument('ann', { ...annDocument, email: 'anne@example.com' });
  await world.push('ann');
  replica.lags = false;
  await world.run();
  expect(world.developers.all().map(({ email }) => email)).toEqual([ann]);
  expect(world.database.linkOf(ann)?.hold?.reason).toBe('rename-refused');
});

describe('on Edge, where emails keep their case', () => {
  const env = { APIGEE_TYPE: 'edge' };

  test('a push before the first run makes nobody a second developer (rule 1)', async () => {
    const world = inProcess({ env });
    world.developers.seed({ email: 'Ann@Example.com', firstName: 'Ann', lastName: 'Lee', lastModifiedAt: 1 });
    world.database.putPortalDocument('ann', annDocument);
    expect(await world.push('ann')).toMatchObject([{ outcome: 'held', disposition: 'final' }]);
    await world.run();
    expect(world.developers.all()).toMatchObject([{ email: 'Ann@Example.com' }]);
    expect(world.database.linkOf(ann)).toMatchObject({ presence: 'both', userId: 'ann' });
    expect(world.database.linkOf(ann)?.hold).toBeUndefined();
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    await world.push('ann');
    expect(world.developers.all()).toMatchObject([{ email: 'Ann@Example.com', lastName: 'Leigh' }]);
  });

  test('a push creates at once when a full run has met everybody (rule 2)', async () => {
    const world = inProcess({ env });
    await world.run();
    world.database.putPortalDocument('ann', annDocument);
    expect(await world.push('ann')).toMatchObject([{ outcome: 'created-apigee' }]);
  });
});
