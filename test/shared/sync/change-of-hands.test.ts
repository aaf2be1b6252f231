import { describe, expect, test } from 'vitest';
import type { CanonicalEmail } from '../../../shared/core/model/email.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument } from './ann.ts';

const bob = 'bob@example.com' as CanonicalEmail;
const document = (email: string, firstName: string) => ({ ...annDocument, email, firstName });

/** Ann waits for Bob's email: Apigee has it still. */
async function annWaits(env: Readonly<Record<string, string>> = {}): Promise<InProcess> {
  const world = inProcess({ env: { APIGEE_TYPE: 'edge', DESTRUCTIVE_LIMIT_PERCENT: '100', ...env } });
  world.database.putPortalDocument('ann', document(ann, 'Ann'));
  world.database.putPortalDocument('bob', document(bob, 'Bob'));
  await world.run();
  world.database.putPortalDocument('ann', document(bob, 'Ann'));
  await world.push('ann');
  expect(world.database.linkOf(ann)?.hold?.reason).toBe('rename-collision');
  return world;
}

const developers = (world: InProcess) =>
  world.developers
    .all()
    .map(({ email, firstName, status }) => [email, firstName, status])
    .sort();

describe('an email that changes hands on Edge', () => {
  test('is given to the developer of whoever waited for it, as soon as its user takes another (rules 2, 17)', async () => {
    const world = await annWaits();
    const before = new Map(world.developers.all().map(({ firstName, developerId }) => [firstName, developerId]));
    world.database.putPortalDocument('bob', document('bob2@example.com', 'Bob'));
    await world.push('bob');
    expect(developers(world)).toEqual([
      ['bob2@example.com', 'Bob', 'active'],
      [bob, 'Ann', 'active'],
    ]);
    const after = new Map(world.developers.all().map(({ firstName, developerId }) => [firstName, developerId]));
    expect(after).toEqual(before);
    expect((await world.run()).totals).toMatchObject({ counts: { seen: 2, unchanged: 2 }, traffic: { writes: 0 } });
  });

  test.each(['full', 'incremental'] as const)('is given to them by %s runs where no event told', async (mode) => {
    const world = await annWaits();
    world.database.putPortalDocument('bob', {
      ...document('bob2@example.com', 'Bob'),
      updatedAt: new Date(Date.now() + 1000),
    });
    await world.run({ mode });
    await world.run({ mode });
    expect(developers(world)).toEqual([
      ['bob2@example.com', 'Bob', 'active'],
      [bob, 'Ann', 'active'],
    ]);
    expect((await world.run()).totals).toMatchObject({ counts: { seen: 2, unchanged: 2 }, traffic: { writes: 0 } });
  });

  test.each([
    ['delete', [[bob, 'Ann', 'active']]],
    [
      'deactivate',
      [
        [ann, 'Ann', 'active'],
        [bob, 'Bob', 'inactive'],
      ],
    ],
  ])('of a deleted user goes the way of PORTAL_DELETE_POLICY=%s', async (policy, expected) => {
    const world = await annWaits({ PORTAL_DELETE_POLICY: policy });
    world.database.deletePortalDocument('bob');
    await world.push('bob');
    expect(developers(world)).toEqual(expected);
    await world.run();
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });

  test('makes nobody two people whose document cannot be read (rules 17, 18)', async () => {
    const world = await annWaits();
    world.database.putPortalDocument('ann', { ...document(bob, 'Ann'), attributes: 'none' });
    world.database.deletePortalDocument('bob');
    await world.push('ann');
    await world.push('bob');
    expect(world.database.allLinks().filter(({ userId }) => userId === 'ann')).toMatchObject([{ key: ann }]);
    await world.run();
    expect((await world.run()).totals?.traffic.writes).toBe(0);
    expect(world.database.allLinks().filter(({ userId }) => userId === 'ann')).toMatchObject([{ key: ann }]);
  });

  test('makes nobody two people where a run had bound them to the old one in passing (rules 19, 20)', async () => {
    const world = inProcess({ env: { APIGEE_TYPE: 'edge' } });
    world.developers.seed({ email: ann, firstName: 'Other', lastName: 'One' });
    world.database.putPortalDocument('ann', document(bob, 'Ann'));
    await world.push('ann');
    const known = world.database.linkOf(bob);
    if (known === undefined) throw new Error('not linked');
    // A portal pass that read the document while it had the other email.
    const stale = { ...known, key: ann, presence: 'both', base: undefined, developer: undefined, due: 0 } as const;
    await world.services
      .people(newMeter())
      .transact({ links: [ann], userIds: [] }, () => ({ result: undefined, links: [stale] }));
    await world.run();
    expect(developers(world)).toEqual([
      [ann, 'Other', 'active'],
      [bob, 'Ann', 'active'],
    ]);
    expect(world.database.allLinks().filter(({ userId }) => userId === 'ann')).toMatchObject([{ key: bob }]);
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });
});

test('who leaves an email while its developer is being written for them is nobody there (rules 1, 17)', async () => {
  let meanwhile = async (): Promise<void> => undefined;
  const clock = manualClock();
  const world = inProcess({
    clock,
    wrap: (developers) => ({
      ...developers,
      async update(email, body) {
        await meanwhile();
        return developers.update(email, body);
      },
    }),
  });
  world.database.putPortalDocument('ann', document(ann, 'Ann'));
  await world.run();
  clock.advance(60_000);
  world.database.putPortalDocument('twin', document(ann, 'Twin'));
  await world.push('twin');
  expect(world.database.linkOf(ann)).toMatchObject({ userId: 'ann', hold: { reason: 'portal-collision' } });
  meanwhile = async () => {
    meanwhile = async () => undefined;
    world.database.putPortalDocument('twin', document(bob, 'Twin'));
    await world.push('twin');
  };
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  expect(world.database.allLinks().filter(({ userId }) => userId === 'twin')).toMatchObject([{ key: bob }]);
  await world.run();
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 2 }, traffic: { writes: 0 } });
});

test('and leaves a developer who never had a portal user to get one (rule 3)', async () => {
  let meanwhile = (): void => undefined;
  const world = inProcess({
    wrap: (developers) => ({
      ...developers,
      async update(email, body) {
        meanwhile();
        return developers.update(email, body);
      },
    }),
  });
  const seeded = { email: ann, firstName: 'Old', lastName: 'Name', lastModifiedAt: 1 };
  world.developers.seed({ ...seeded, attributes: new Map([['k'.repeat(2000), 'v']]) });
  expect((await world.run()).totals?.counts).toMatchObject({ failed: 1 });
  world.developers.remove(ann);
  world.developers.seed(seeded);
  world.database.putPortalDocument('ann', document(ann, 'Ann'));
  meanwhile = () => {
    meanwhile = () => undefined;
    world.database.putPortalDocument('ann', document(bob, 'Ann'));
  };
  await world.push('ann');
  await world.push('ann');
  await world.run();
  await world.run();
  const emails = world.database.portalDocuments().map(({ data }) => data['email']);
  expect(emails.toSorted()).toEqual([ann, bob]);
});
