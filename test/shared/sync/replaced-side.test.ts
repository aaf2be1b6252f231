import { describe, expect, test } from 'vitest';
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
    expect(world.database.linkOf(ann)).toMatchObject({ portalId: 'ann-again', presence: 'both' });
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
