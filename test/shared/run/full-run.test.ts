import { describe, expect, test } from 'vitest';
import { nothingElse } from '../../../shared/core/model/profile.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';

const minute = 60_000;

/** `count` people on both sides, alike. */
function populate(world: InProcess, count: number, from = 0): void {
  for (let index = from; index < from + count; index += 1) {
    const email = `person-${String(index)}@example.com`;
    world.database.putPortalDocument(`user-${String(index)}`, {
      email,
      firstName: `First${String(index)}`,
      lastName: 'Last',
      status: 'active',
      attributes: { tier: 'gold' },
    });
    world.developers.seed({
      email,
      firstName: `First${String(index)}`,
      lastName: 'Last',
      userName: email,
      attributes: new Map([
        ['tier', 'gold'],
        ['MINT_PLAN', 'x'],
      ]),
      lastModifiedAt: Date.now() - minute,
    });
  }
}

describe('a full run', () => {
  test('links people who are alike, and a second one writes nothing (rules 3, 12)', async () => {
    const world = inProcess();
    populate(world, 30);
    const first = await world.run();
    expect(first).toMatchObject({ state: 'done', totals: { counts: { seen: 30, unchanged: 30 } } });
    const second = await world.run();
    expect(second.totals).toMatchObject({ counts: { seen: 30, unchanged: 30 }, traffic: { writes: 0 } });
    expect(world.calls).toMatchObject({ create: 0, update: 0, status: 0, delete: 0 });
  });

  test('creates the people who are missing on either side (rules 3, 5, 6)', async () => {
    const world = inProcess();
    populate(world, 3);
    world.database.putPortalDocument('new', {
      email: 'New@Example.com',
      firstName: 'New',
      lastName: 'User',
      status: 'inactive',
      attributes: { team: 'a' },
    });
    world.developers.seed({
      email: 'dev@example.com',
      firstName: 'Dev',
      lastName: 'Eloper',
      attributes: new Map([['team', 'b']]),
    });
    const run = await world.run();
    expect(run.totals?.counts).toEqual({
      seen: 5,
      created: { apigee: 1, portal: 1 },
      updated: { apigee: 0, portal: 0 },
      unchanged: 3,
      held: 0,
      failed: 0,
    });
    expect(world.developers.all().find(({ email }) => email === 'new@example.com')).toMatchObject({
      firstName: 'New',
      status: 'inactive',
      userName: 'new@example.com',
    });
    const made = world.database.portalDocuments().find(({ data }) => data['email'] === 'dev@example.com');
    expect(made?.data).toMatchObject({ firstName: 'Dev', attributes: { team: 'b' }, passwordResetRequired: true });
    expect((await world.run()).totals).toMatchObject({ counts: { unchanged: 5 }, traffic: { writes: 0 } });
  });

  test.each([0, 1, 2, 999, 1000, 1001, 2500])('counts %i developers once each (rule 26)', async (count) => {
    const world = inProcess();
    populate(world, count);
    const run = await world.run();
    expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: count, unchanged: count } } });
    const again = await world.run();
    expect(again).toMatchObject({ totals: { counts: { seen: count, unchanged: count }, traffic: { writes: 0 } } });
  });

  test('carries edits of both sides, merged (rules 10, 11, 13)', async () => {
    const world = inProcess();
    populate(world, 40);
    await world.run();
    const user = world.user('user-1') ?? {};
    world.database.putPortalDocument('user-1', {
      ...user,
      firstName: 'Portal',
      attributes: { tier: 'gold', team: 'red' },
    });
    const developer = world.developers.all().find(({ email }) => email === 'person-1@example.com');
    await world.developers.update('person-1@example.com', {
      email: 'person-1@example.com',
      userName: 'person-1@example.com',
      firstName: developer?.firstName ?? '',
      lastName: 'Apigee',
      attributes: new Map([['MINT_PLAN', 'y']]),
      others: nothingElse,
    });
    const run = await world.run();
    expect(run.totals?.counts).toMatchObject({ updated: { apigee: 1, portal: 0 }, unchanged: 39 });
    expect(world.user('user-1')).toMatchObject({
      firstName: 'Portal',
      lastName: 'Apigee',
      attributes: { team: 'red' },
    });
    const after = world.developers.all().find(({ email }) => email === 'person-1@example.com');
    expect(after).toMatchObject({ firstName: 'Portal', lastName: 'Apigee' });
    expect(after?.attributes).toEqual(
      new Map([
        ['MINT_PLAN', 'y'],
        ['team', 'red'],
      ]),
    );
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });

  test('reports people it cannot help and goes on with the others (rules 1, 7, 18)', async () => {
    const world = inProcess();
    populate(world, 2);
    world.database.putPortalDocument('broken', { email: 42, firstName: 'No' });
    world.database.putPortalDocument('many', {
      email: 'many@example.com',
      firstName: 'Many',
      lastName: 'Attributes',
      attributes: Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`a${String(index)}`, 'x'])),
    });
    world.database.putPortalDocument('twin-1', { email: 'twin@example.com', firstName: 'A', lastName: 'B' });
    world.database.putPortalDocument('twin-2', { email: 'TWIN@example.com', firstName: 'C', lastName: 'D' });
    const run = await world.run();
    expect(run.totals?.counts).toMatchObject({ seen: 5, unchanged: 2, held: 1, failed: 2 });
    expect(world.developers.all()).toHaveLength(2);
    const again = await world.run();
    expect(again.totals).toMatchObject({ counts: { seen: 5, held: 1, failed: 2 }, traffic: { writes: 0 } });
  });

  test('decides everything and writes nothing in a dry run', async () => {
    const world = inProcess();
    populate(world, 25);
    world.database.putPortalDocument('new', { email: 'new@example.com', firstName: 'New', lastName: 'User' });
    world.developers.seed({ email: 'dev@example.com', firstName: 'Dev', lastName: 'Eloper' });
    const dry = await world.run({ dryRun: true });
    expect(dry.totals?.counts).toMatchObject({ seen: 27, created: { apigee: 1, portal: 1 }, unchanged: 25 });
    expect(world.database.allLinks()).toEqual([]);
    expect(world.developers.all()).toHaveLength(26);
    expect(world.database.portalDocuments()).toHaveLength(26);
    expect((await world.run()).totals?.counts).toEqual(dry.totals?.counts);
  });

  test('passes on deletions within the limits, once everybody was counted (rules 15, 16)', async () => {
    const world = inProcess();
    populate(world, 40);
    await world.run();
    world.database.deletePortalDocument('user-3');
    world.developers.remove('person-4@example.com');
    const run = await world.run();
    expect(run).toMatchObject({ state: 'done', gate: { planned: 1, open: true } });
    expect(run.totals?.counts).toMatchObject({
      seen: 40,
      updated: { apigee: 1 },
      created: { apigee: 1 },
      unchanged: 38,
    });
    expect(world.developers.all().find(({ email }) => email === 'person-3@example.com')?.status).toBe('inactive');
    const again = await world.run();
    expect(again.totals).toMatchObject({ counts: { seen: 40, unchanged: 40 }, traffic: { writes: 0 } });
    expect(world.database.portalDocuments()).toHaveLength(39);
  });

  test('makes no deletion at all where they are over the limits (rule 16)', async () => {
    const world = inProcess({ env: { DESTRUCTIVE_LIMIT: '2' } });
    populate(world, 100);
    await world.run();
    for (const index of [1, 2, 3]) world.database.deletePortalDocument(`user-${String(index)}`);
    const run = await world.run();
    expect(run).toMatchObject({ state: 'held', gate: { planned: 3, open: false } });
    expect(world.developers.all().every(({ status }) => status === 'active')).toBe(true);
    expect(world.calls.status).toBe(0);
  });
});
