import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../shared/apigee/developers.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

const hour = 3_600_000;

describe('a record that took the place of a linked one', () => {
  test('on the portal removes nothing in Apigee that it never had (rules 4, 10)', async () => {
    const world = await linked();
    world.database.deletePortalDocument('ann');
    world.database.putPortalDocument('ann-again', { email: ann, firstName: 'Anne', lastName: 'Lee', status: 'active' });
    // The events may come in any order (rule 20).
    await world.push('ann-again');
    await world.push('ann');
    expect(developer(world)).toMatchObject({ firstName: 'Anne', status: 'active' });
    expect(developer(world)?.attributes.get('tier')).toBe('gold');
    expect(world.database.linkOf(ann)).toMatchObject({ userId: 'ann-again', presence: 'both' });
  });

  test.each(['deactivate', 'hold'])(
    'on the portal gets a developer, whatever became of the former user: APIGEE_DELETE_POLICY=%s',
    async (policy) => {
      const world = await linked({ env: { APIGEE_DELETE_POLICY: policy, DESTRUCTIVE_LIMIT_PERCENT: '100' } });
      world.developers.remove(ann);
      await world.run();
      expect(developer(world)).toBeUndefined();
      world.database.deletePortalDocument('ann');
      world.database.putPortalDocument('ann-again', annDocument);
      await world.run();
      expect(developer(world)).toMatchObject({ email: ann, status: 'active' });
      expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
    },
  );

  test.each([
    [
      'has too many attributes',
      { attributes: Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`a${String(index)}`, 'v'])) },
    ],
    ['cannot be read', { status: 7 }],
  ])('on the portal removes nothing in Apigee once it fails no more: it %s (rules 10, 18)', async (_, wrong) => {
    const world = await linked();
    world.database.deletePortalDocument('ann');
    world.database.putPortalDocument('ann-again', { ...annDocument, ...wrong });
    expect((await world.run()).totals?.counts).toMatchObject({ seen: 1, failed: 1 });
    world.database.putPortalDocument('ann-again', { ...annDocument, firstName: 'Anne', attributes: {} });
    await world.push('ann-again');
    await world.run();
    expect(developer(world)).toMatchObject({ firstName: 'Anne' });
    expect(developer(world)?.attributes.get('tier')).toBe('gold');
  });

  test.each([true, false])(
    'on the portal and is refused for good is not tried in every run; its developer is there: %s (rules 12, 25)',
    async (isThere) => {
      const world = await linked({
        wrap: (developers) => ({
          ...developers,
          create: async (body) => (body.firstName === 'Refused' ? refusal('create') : developers.create(body)),
          update: async (email, body) =>
            body.firstName === 'Refused' ? refusal('update') : developers.update(email, body),
        }),
      });
      if (!isThere) world.developers.remove(ann);
      world.database.deletePortalDocument('ann');
      world.database.putPortalDocument('ann-again', { ...annDocument, firstName: 'Refused' });
      expect((await world.run()).totals?.counts).toMatchObject({ seen: 1, failed: 1 });
      const { create, update } = world.calls;
      const second = await world.run();
      expect(second.totals).toMatchObject({ counts: { seen: 1, failed: 1 }, traffic: { writes: 0 } });
      expect(world.calls).toMatchObject({ create, update });
    },
  );

  test('in Apigee removes nothing on the portal that it never had (rules 4, 10)', async () => {
    const clock = manualClock(Date.now());
    const world = await linked({ clock });
    clock.advance(hour);
    world.developers.remove(ann);
    world.developers.seed({ email: ann, firstName: 'Anne', lastName: 'Lee' });
    clock.advance(hour);
    await world.run();
    expect(world.user('ann')).toMatchObject({ firstName: 'Anne', attributes: annDocument.attributes });
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });
});

function refusal(operation: 'create' | 'update'): Answer<never> {
  const message = `${operation}: refused`;
  return { ok: false, error: { kind: 'refused', operation, status: 400, code: undefined, message, ambiguous: false } };
}
