import { describe, expect, test } from 'vitest';
import type { People } from '../../../shared/state/people.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { pushPortalEdit } from '../../../shared/sync/push-portal-edit.ts';
import { pushAllowance } from '../../../shared/wiring/allowances.ts';
import { handlePortalEdit } from '../../../shared/wiring/handlers.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import type { InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

const event = { type: 'google.cloud.firestore.document.v1.written', document: 'portalUsers/ann' };

/** A push of Ann's document on people that are somebody else's way of reading. */
function pushOn(world: InProcess, change: (people: People) => People): ReturnType<typeof pushPortalEdit> {
  const session = openSession(world.services, pushAllowance);
  const people = change(session.people);
  return pushPortalEdit({ ...session, people, by: { kind: 'push' }, gate: { kind: 'open' } }, 'ann');
}

describe('edits of one person at the same time', () => {
  test('twenty events in one process are two looks, and the last value arrives (rules 2, 20)', async () => {
    const world = await linked();
    const answers: Promise<unknown>[] = [];
    for (let save = 1; save <= 20; save += 1) {
      world.database.putPortalDocument('ann', { ...annDocument, firstName: `Ann ${String(save)}` });
      answers.push(handlePortalEdit(world.services, event));
    }
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['done']));
    expect(developer(world)?.firstName).toBe('Ann 20');
    expect(world.calls.update).toBeLessThanOrEqual(2);
    expect(world.calls.get).toBeLessThanOrEqual(2);
  });

  test('an edit that comes while the developer is written is pushed by the same push (rule 21)', async () => {
    let edits = 0;
    const world = await linked({
      wrap: (developers) => ({
        ...developers,
        async update(email, body) {
          edits += 1;
          if (edits < 12)
            world.database.putPortalDocument('ann', { ...annDocument, firstName: `Ann ${String(edits)}` });
          return developers.update(email, body);
        },
      }),
    });
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Ann 0' });
    expect(await world.push('ann')).toMatchObject([{ disposition: 'final' }]);
    expect(developer(world)?.firstName).toBe('Ann 11');
    expect(world.database.linkOf(ann)?.lease).toBeUndefined();
  });

  test('an event about somebody whose lease another process owns is given back at once, unwritten (rules 20, 21)', async () => {
    const clock = manualClock(Date.now());
    const world = await linked({ clock });
    const link = world.database.linkOf(ann);
    if (link === undefined) throw new Error('there is no link');
    const lease = { holder: 'another process', expiresAt: clock.now() + 20_000 };
    await world.services
      .people(newMeter())
      .transact({ links: [], userIds: [] }, () => ({ result: undefined, links: [{ ...link, lease }] }));
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anne' });
    const started = clock.now();
    let transactions = 0;
    const results = await pushOn(world, (people) => ({
      ...people,
      transact: (scope, step) =>
        people.transact(scope, (view) => {
          const outcome = step(view);
          transactions += outcome.links === undefined ? 0 : 1;
          return outcome;
        }),
    }));
    expect(results).toMatchObject([{ disposition: 'retry' }]);
    expect([clock.now() - started, transactions, world.calls.get]).toEqual([0, 0, 0]);
    clock.advance(20_000);
    expect(await handlePortalEdit(world.services, event)).toBe('done');
    expect(developer(world)?.firstName).toBe('Anne');
  });

  test('a push that was overtaken while it was reading does not take the newer edit back (rule 20)', async () => {
    const world = await linked();
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Old' });
    let readings = 0;
    const overtaken = async (): Promise<void> => {
      readings += 1;
      if (readings !== 2) return;
      world.database.putPortalDocument('ann', { ...annDocument, firstName: 'New' });
      await world.push('ann');
    };
    await pushOn(world, (people) => ({
      ...people,
      async linksOfPortalUser(id) {
        await overtaken();
        return people.linksOfPortalUser(id);
      },
      async read(scope) {
        await overtaken();
        return people.read(scope);
      },
    }));
    expect(developer(world)?.firstName).toBe('New');
    expect(world.developers.all()).toHaveLength(1);
    expect(world.calls.update).toBe(1);
  });

  test.each(['the look', 'the grant'])(
    'a lease is not trusted any longer than the store grants it, however long %s takes (rule 21)',
    async (slow) => {
      const clock = manualClock(Date.now());
      const world = await linked({ clock });
      world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anne' });
      const lateness = pushAllowance.timing.leaseMs - pushAllowance.timing.callMs + 1;
      let isLate = false;
      const waitOnce = (): void => {
        if (!isLate) clock.advance(lateness);
        isLate = true;
      };
      await pushOn(world, (people) => ({
        ...people,
        async read(scope) {
          const view = await people.read(scope);
          if (slow === 'the look') waitOnce();
          return view;
        },
        transact(scope, step) {
          waitOnce();
          return people.transact(scope, step);
        },
      }));
      // The first lease had too little time left for a call, so that a second one was taken for it.
      expect(world.calls.get).toBe(2);
      expect(developer(world)?.firstName).toBe('Anne');
    },
  );
});
