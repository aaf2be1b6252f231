import { describe, expect, test } from 'vitest';
import { pushPortalEdit } from '../../../shared/sync/push-portal-edit.ts';
import type { PersonResult } from '../../../shared/sync/result.ts';
import { pushAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument } from './ann.ts';

const edge = { APIGEE_TYPE: 'edge', DESTRUCTIVE_LIMIT_PERCENT: '100' } as const;

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

test('on Edge, of a developer who is found under two spellings the later read counts (rule 13)', async () => {
  let meanwhile = (): void => undefined;
  const world: InProcess = inProcess({
    env: { APIGEE_TYPE: 'edge' },
    wrap: (developers) => ({
      ...developers,
      async get(email, turn) {
        const read = await developers.get(email, turn);
        const answer = read.ok && read.value === undefined ? await developers.get(ann, turn) : read;
        meanwhile();
        return answer;
      },
    }),
  });
  world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee', lastModifiedAt: 1 });
  world.database.putPortalDocument('ann', { ...annDocument, email: 'Ann@Example.com' });
  await world.run();
  meanwhile = () => {
    meanwhile = () => undefined;
    const [known] = world.developers.all();
    if (known === undefined) return;
    const attributes = new Map([...known.attributes, ['MINT_PLAN', 'paid']]);
    world.developers.seed({ ...known, attributes, lastModifiedAt: Date.now() });
  };
  world.database.putPortalDocument('ann', { ...annDocument, email: 'Ann@Example.com', lastName: 'Leigh' });
  await pushInRealTime(world);
  expect(world.developers.all()).toMatchObject([{ email: ann, lastName: 'Leigh' }]);
  expect(world.developers.all()[0]?.attributes.get('MINT_PLAN')).toBe('paid');
});

test('on Edge, who was deleted and made again in another spelling stays a person with a portal user (rules 3, 15)', async () => {
  const world = inProcess({ env: { APIGEE_TYPE: 'edge', APIGEE_DELETE_POLICY: 'delete' } });
  world.database.putPortalDocument('ann', annDocument);
  await world.run();
  world.developers.remove(ann);
  world.developers.seed({ email: 'Ann@Example.com', firstName: 'Ann', lastName: 'Lee' });
  world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
  expect(await pushInRealTime(world)).toMatchObject([{ outcome: 'held', disposition: 'final' }]);
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
  expect(await pushInRealTime(world)).toMatchObject([{ outcome: 'held', disposition: 'final' }]);
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
  const lastModifiedAt = Date.now() + 60_000;
  world.developers.seed({ email: 'Ann@Example.com', firstName: 'Ann', lastName: 'Leigh', lastModifiedAt });
  world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
  await world.drain();
  expect(world.user('ann')).toMatchObject({ lastName: 'Lee' });
  expect(await world.run()).toMatchObject({ state: 'done', totals: { counts: { seen: 1 } } });
  expect(world.user('ann')).toMatchObject({ lastName: 'Leigh' });
});

describe('on Edge, a developer who was made again in another spelling after the walk', () => {
  /** A full run whose batches of developers are queued and not delivered. */
  async function walked(world: InProcess): Promise<void> {
    await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'later');
    while (world.queue.every(({ topic }) => topic === 'requests')) await next(world);
    await next(world);
    while (world.queue.every(({ topic }) => topic === 'requests')) await next(world);
  }

  function respell(world: InProcess): void {
    const [developer] = world.developers.all();
    if (developer === undefined) throw new Error('there is no developer');
    world.developers.remove(developer.email);
    world.developers.seed({ ...developer, email: 'Ann@Example.com' });
  }

  test('leaves the portal user alone, although something is owed to them (rules 3, 15)', async () => {
    const world = inProcess({ env: { ...edge, APIGEE_DELETE_POLICY: 'delete' } });
    world.database.putPortalDocument('ann', annDocument);
    await world.run();
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    await walked(world);
    respell(world);
    await world.drain();
    expect(world.user('ann')).toBeDefined();
    await world.run();
    expect(world.developers.all()).toMatchObject([{ email: 'Ann@Example.com', lastName: 'Leigh' }]);
    expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
  });

  test('is met by a portal user who was never linked, and not made twice (rules 1, 3)', async () => {
    const world = inProcess({ env: edge });
    world.database.putPortalDocument('ann', annDocument);
    world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee' });
    await walked(world);
    respell(world);
    await world.drain();
    await world.run();
    expect(world.developers.all()).toMatchObject([{ email: 'Ann@Example.com' }]);
    expect(world.database.linkOf(ann)).toMatchObject({ presence: 'both', developer: { email: 'Ann@Example.com' } });
  });
});

test.each(['push', 'run'] as const)(
  'on Edge, a developer is made inactive after their portal user although an operator spelt them anew: %s (rule 15)',
  async (way) => {
    const world = inProcess({ env: edge });
    world.database.putPortalDocument('ann', annDocument);
    await world.run();
    const [developer] = world.developers.all();
    if (developer === undefined) throw new Error('there is no developer');
    world.developers.remove(ann);
    world.developers.seed({ ...developer, email: 'Ann@Example.com' });
    world.database.deletePortalDocument('ann');
    if (way === 'push') await pushInRealTime(world);
    await world.run();
    await world.run();
    expect(world.developers.all()).toMatchObject([{ email: 'Ann@Example.com', status: 'inactive' }]);
    expect((await world.run()).totals).toMatchObject({ traffic: { writes: 0 } });
  },
);

test.each(['recreate', 'delete'] as const)(
  'on Edge, whose second developer is left of two stays who they are: APIGEE_DELETE_POLICY=%s (rules 1, 15)',
  async (policy) => {
    const clock = manualClock(Date.now());
    const world = inProcess({ clock, env: { ...edge, APIGEE_DELETE_POLICY: policy } });
    world.database.putPortalDocument('ann', annDocument);
    await world.run();
    world.developers.seed({ email: 'Ann@Example.com', firstName: 'Ann', lastName: 'Twin' });
    await world.run();
    expect(world.database.linkOf(ann)).toMatchObject({ hold: { reason: 'developer-collision' } });
    clock.advance(3_600_000);
    await world.run();
    clock.advance(3_600_000);
    world.developers.remove(ann);
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    await pushInRealTime(world);
    await world.run({ mode: 'incremental' });
    expect(world.developers.all()).toMatchObject([{ email: 'Ann@Example.com', lastName: 'Leigh' }]);
    expect(world.user('ann')).toBeDefined();
    expect(world.database.linkOf(ann)?.hold).toBeUndefined();
    expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
  },
);

test.each([0, 3_600_000])(
  'on Edge, an attempt nobody heard of %i ms ago makes no third developer beside two (rule 1)',
  async (ms) => {
    const clock = manualClock(Date.now());
    const world = inProcess({
      clock,
      env: edge,
      wrap: (developers) => ({
        ...developers,
        async create() {
          throw new Error('crashed');
        },
      }),
    });
    await world.run();
    world.database.putPortalDocument('ann', annDocument);
    await expect(world.push('ann')).rejects.toThrow('crashed');
    clock.advance(ms);
    world.developers.seed({ email: 'Ann@Example.com' }, { email: 'ANN@Example.com' });
    expect((await world.run()).totals?.counts).toMatchObject({ seen: 1, held: 1 });
    expect(world.database.linkOf(ann)).toMatchObject({ hold: { reason: 'developer-collision' } });
  },
);

test.each(['recreate', 'delete'] as const)(
  'on Edge, who takes another email keeps a developer whom an operator spelt anew: APIGEE_DELETE_POLICY=%s (rule 17)',
  async (policy) => {
    const clock = manualClock(Date.now());
    const world = inProcess({ clock, env: { ...edge, APIGEE_DELETE_POLICY: policy } });
    world.database.putPortalDocument('ann', annDocument);
    await world.run();
    const [developer] = world.developers.all();
    if (developer === undefined) throw new Error('there is no developer');
    // Long ago: an incremental run does not read who was not modified since the last one.
    clock.advance(3_600_000);
    await world.run({ mode: 'incremental' });
    clock.advance(3_600_000);
    world.developers.remove(ann);
    world.developers.seed({ ...developer, email: 'Ann@Example.com' });
    world.database.putPortalDocument('ann', { ...annDocument, email: 'bea@example.com' });
    await pushInRealTime(world);
    await world.run({ mode: 'incremental' });
    const { developerId } = developer;
    expect(world.developers.all()).toMatchObject([{ email: 'bea@example.com', developerId }]);
    expect(world.user('ann')).toBeDefined();
    expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
  },
);

async function next(world: InProcess): Promise<void> {
  const message = world.queue.shift();
  if (message === undefined) throw new Error('nothing is queued');
  await world.deliver(message);
}

function pushInRealTime(world: InProcess): Promise<readonly PersonResult[]> {
  const gate = { kind: 'allowance', spend: async () => true } as const;
  return pushPortalEdit({ ...openSession(world.services, pushAllowance), by: { kind: 'push' }, gate }, 'ann');
}
