import { describe, expect, test } from 'vitest';
import type { ApigeeErrorKind, Developers } from '../../../shared/apigee/developers.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, linked } from '../sync/ann.ts';

const hour = 3_600_000;

/** Apigee answers every PUT with this. */
const failingUpdates =
  (kind: ApigeeErrorKind, ambiguous: boolean) =>
  (developers: Developers): Developers => ({
    ...developers,
    async update() {
      const message = 'update: not this time';
      const error = { kind, operation: 'update', status: undefined, code: undefined, message, ambiguous } as const;
      return { ok: false, error };
    },
  });

async function expectSteady(world: InProcess, counts: Readonly<Record<string, number>>): Promise<void> {
  await world.run();
  await world.run();
  const before = { ...world.calls };
  expect((await world.run()).totals).toMatchObject({ counts, traffic: { writes: 0 } });
  const { create, update, status } = before;
  expect(world.calls).toMatchObject({ create, update, status });
}

describe('further full runs over unchanged data write nothing (rule 12)', () => {
  test('where a portal without a status gets somebody from Apigee', async () => {
    const world = inProcess({ env: { PORTAL_MAPPING: '{"status":null}' } });
    world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee', status: 'inactive' });
    expect((await world.run()).totals?.counts.created.portal).toBe(1);
    expect(world.database.linkOf(ann)?.base?.portal.status).toBeUndefined();
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });

  test('where Apigee refused the very first update for good (rule 25)', async () => {
    const world = inProcess({ wrap: failingUpdates('refused', false) });
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee', createdAt: 1 });
    await expectSteady(world, { seen: 1, failed: 1 });
    expect(world.database.linkOf(ann)).toMatchObject({ presence: 'both', userId: 'ann' });
  });

  test('where an earlier push got no answer and Apigee then refused for good (rule 25)', async () => {
    let kind: ApigeeErrorKind = 'unavailable';
    const clock = manualClock(Date.now());
    const world = await linked({
      clock,
      wrap: (developers) => ({
        ...developers,
        update: (email, body) => failingUpdates(kind, kind === 'unavailable')(developers).update(email, body),
      }),
    });
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    await world.push('ann');
    kind = 'refused';
    clock.advance(hour);
    await expectSteady(world, { seen: 1, failed: 1 });
  });

  test('where the push of a rename crashed for somebody whose developer is to stay deleted (rule 15)', async () => {
    let isDown = false;
    const clock = manualClock(Date.now());
    const world = await linked({
      clock,
      env: { APIGEE_DELETE_POLICY: 'deactivate', DESTRUCTIVE_LIMIT_PERCENT: '100' },
      async around(effect, happen) {
        const result = await happen();
        if (isDown && effect === 'transact') throw new Error('crash');
        return result;
      },
    });
    world.developers.remove(ann);
    await world.run();
    world.database.putPortalDocument('ann', { ...annDocument, email: 'anne@example.com', status: 'inactive' });
    isDown = true;
    await expect(world.push('ann')).rejects.toThrow('crash');
    isDown = false;
    clock.advance(hour);
    expect(world.database.linkOf(ann)?.intents).toHaveLength(1);
    world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
    await expectSteady(world, { seen: 1, unchanged: 1 });
  });

  test('where two developers on different pages differ only in case (rule 1)', async () => {
    const listed = (developers: Developers): Developers => ({
      ...developers,
      listEmails: (page) => developers.listEmails({ ...page, count: 2 }),
      listDevelopers: (page) => developers.listDevelopers({ ...page, count: 2 }),
    });
    const world = await linked({ env: { APIGEE_TYPE: 'edge' }, wrap: listed });
    world.developers.seed({ email: 'other@example.com' }, { email: 'Ann@example.com' });
    await expectSteady(world, { seen: 2, held: 1 });
    expect(world.database.linkOf(ann)?.developer?.email).toBe(ann);
  });

  test.each([
    ['its email is not verified any more', { verified: false, lastName: 'Leigh' }, 'unchanged'],
    ['its document is malformed by now', { verified: true, status: 7 }, 'failed'],
  ])('where a push got no answer and %s', async (_, edit, outcome) => {
    const clock = manualClock(Date.now());
    const world = await linked({
      clock,
      env: { PORTAL_MAPPING: '{"emailVerified":"verified"}' },
      wrap: failingUpdates('unavailable', true),
    });
    world.database.putPortalDocument('ann', { ...annDocument, verified: true });
    await world.run();
    world.database.putPortalDocument('ann', { ...annDocument, verified: true, lastName: 'Leigh' });
    await world.push('ann');
    expect(world.database.linkOf(ann)?.intents).toHaveLength(1);
    world.database.putPortalDocument('ann', { ...annDocument, ...edit });
    clock.advance(hour);
    await expectSteady(world, { seen: 1, [outcome]: 1 });
    // What may have been applied is still known, for the day when the document is as it should be (rule 24).
    expect(world.database.linkOf(ann)?.intents).toHaveLength(1);
  });
});
