import { describe, expect, test } from 'vitest';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { ann, annDocument, developer } from './ann.ts';

const env = { PORTAL_MAPPING: '{"emailVerified":"emailVerified"}', DESTRUCTIVE_LIMIT_PERCENT: '100' };
const verified = { ...annDocument, emailVerified: true };
const stranger = { email: ann, firstName: 'Mal', lastName: 'Lory', status: 'active', emailVerified: false };

async function inStep(): Promise<InProcess> {
  const world = inProcess({ env });
  world.database.putPortalDocument('ann', verified);
  world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee', attributes: new Map([['tier', 'gold']]) });
  await world.run();
  return world;
}

async function expectSettled(world: InProcess): Promise<void> {
  await world.run();
  const { totals } = await world.run();
  expect(totals).toMatchObject({ traffic: { writes: 0 }, calls: { create: 0, update: 0, status: 0 } });
}

describe('whoever registers with an address and does not verify it (rule 19)', () => {
  test('holds nobody up: the edits of its user go on', async () => {
    const world = await inStep();
    world.database.putPortalDocument('mallory', stranger);
    await world.push('mallory');
    world.database.putPortalDocument('ann', { ...verified, firstName: 'Anne', status: 'inactive' });
    await world.push('ann');
    expect(developer(world)).toMatchObject({ firstName: 'Anne', status: 'inactive' });
    await expectSettled(world);
    expect(world.database.linkOf(ann)).toMatchObject({ userId: 'ann' });
    expect(world.database.linkOf(ann)?.hold).toBeUndefined();
  });

  test.each(['push', 'run'] as const)('does not take the place of a user who is deleted: %s', async (how) => {
    const world = await inStep();
    world.database.putPortalDocument('mallory', stranger);
    await world.push('mallory');
    world.database.deletePortalDocument('ann');
    if (how === 'push') await world.push('ann');
    await expectSettled(world);
    expect(developer(world)).toMatchObject({ firstName: 'Ann', status: 'inactive' });
    world.database.putPortalDocument('mallory', { ...stranger, lastName: 'Other' });
    await world.push('mallory');
    await expectSettled(world);
    expect(developer(world)).toMatchObject({ firstName: 'Ann', lastName: 'Lee', status: 'inactive' });
  });

  test('makes way for who does, having come first', async () => {
    const world = inProcess({ env });
    world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee', attributes: new Map([['tier', 'gold']]) });
    world.database.putPortalDocument('mallory', stranger);
    await world.push('mallory');
    world.database.putPortalDocument('ann', {
      ...verified,
      lastName: 'Leigh',
      updatedAt: new Date(Date.now() + 60_000),
    });
    await world.push('ann');
    expect(developer(world)).toMatchObject({ firstName: 'Ann', lastName: 'Leigh' });
    expect(world.database.linkOf(ann)).toMatchObject({ presence: 'both', userId: 'ann' });
    await expectSettled(world);
  });

  test('is one of two users with one email from the moment it is verified (rule 1)', async () => {
    const world = await inStep();
    world.database.putPortalDocument('mallory', stranger);
    await world.push('mallory');
    world.database.putPortalDocument('mallory', { ...stranger, emailVerified: true });
    await world.push('mallory');
    expect(world.database.linkOf(ann)).toMatchObject({ hold: { reason: 'portal-collision' }, userId: 'ann' });
    expect(developer(world)).toMatchObject({ firstName: 'Ann' });
  });

  test('as many as there are of them', async () => {
    const world = inProcess({ env });
    for (const id of ['m1', 'm2', 'm3']) world.database.putPortalDocument(id, stranger);
    await expectSettled(world);
    expect(world.developers.all()).toEqual([]);
    expect((await world.run()).totals?.counts).toMatchObject({ seen: 1, held: 0, unchanged: 1 });
  });
});
