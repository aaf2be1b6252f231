import { newMeter } from '../../../shared/state/meter.ts';
import { expect, test } from 'vitest';
import { withMark } from '../../../shared/core/link-changes/marked.ts';
import { syncPerson } from '../../../shared/sync/sync-person.ts';
import { batchAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { ann, developer } from './ann.ts';

/** Looks at Ann; a portal pass notes another document's claim once the lease is taken, as it may (rule 20). */
async function lookWhileMarked(world: InProcess, listed: Parameters<typeof syncPerson>[2]): Promise<void> {
  const session = openSession(world.services, batchAllowance);
  const { people } = session;
  let isMarked = false;
  await syncPerson(
    {
      ...session,
      by: { kind: 'run', runId: 'run' },
      gate: { kind: 'closed' },
      people: {
        ...people,
        async transact(scope, step) {
          const result = await people.transact(scope, step);
          if (isMarked) return result;
          isMarked = true;
          await people.transact({ links: [ann], userIds: [] }, (view) => {
            const marked = withMark(view.links.get(ann)?.link, { kind: 'claim', key: ann }, 'passing', session.now());
            return { result: undefined, links: marked === undefined ? [] : [marked] };
          });
          return result;
        },
      },
    },
    { key: ann, hints: [] },
    listed,
  );
}

test('a claim noted while a portal user is created takes nobody their place, and no developer is deleted for it (rule 15)', async () => {
  const world = inProcess({ env: { PORTAL_DELETE_POLICY: 'delete', DESTRUCTIVE_LIMIT_PERCENT: '100' } });
  world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee' });
  const known = developer(world);
  if (known === undefined) throw new Error('there is no developer');
  await lookWhileMarked(world, { kind: 'developer', developer: known });
  const [user] = world.database.portalDocuments();
  expect(world.database.linkOf(ann)).toMatchObject({ presence: 'both', userId: user?.id, rivals: ['passing'] });
  // The document that claimed is gone again.
  await world.push('passing');
  await world.run();
  expect(developer(world)).toMatchObject({ status: 'active' });
  expect(world.database.linkOf(ann)).toMatchObject({ presence: 'both', userId: user?.id, rivals: [] });
  expect((await world.run()).totals?.traffic.writes).toBe(0);
});

test('a claim noted while somebody is buried is dealt with once, not in every run (rule 12)', async () => {
  const clock = manualClock(Date.now());
  const world = inProcess({ clock });
  world.database.putPortalDocument('ann', { email: ann, firstName: 'Ann', lastName: 'Lee' });
  await world.run();
  clock.advance(1000);
  world.database.deletePortalDocument('ann');
  world.developers.remove(ann);
  await world.run();
  expect(world.database.linkOf(ann)).toMatchObject({ presence: 'none' });
  await world.services.people(newMeter()).transact({ links: [ann], userIds: [] }, (view) => ({
    result: undefined,
    links: [...view.links.values()].map(({ link }) => ({ ...link, due: 0 })),
  }));
  await lookWhileMarked(world, undefined);
  await world.run();
  await world.run();
  expect((await world.run()).totals?.traffic.writes).toBe(0);
});

test('a claim made out before its document was noted as another person’s makes nobody two people (rules 1, 17)', async () => {
  const world = inProcess();
  world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee' });
  world.database.putPortalDocument('ann', { email: ann, firstName: 'Ann', lastName: 'Lee' });
  await world.run();
  const anne = 'anne@example.com' as typeof ann;
  world.database.putPortalDocument('ann', { email: anne, firstName: 'Ann', lastName: 'Lee' });
  await world.push('ann');
  expect(world.database.linkOf(ann)).toMatchObject({ hold: { reason: 'rename-refused' } });
  const people = world.services.people(newMeter());
  await people.transact({ links: [anne], userIds: [] }, (view) => {
    const marked = withMark(view.links.get(anne)?.link, { kind: 'claim', key: anne }, 'ann', 0);
    return { result: undefined, links: marked === undefined ? [] : [marked] };
  });
  await world.run();
  expect(world.database.allLinks().filter(({ userId }) => userId === 'ann')).toMatchObject([{ key: ann }]);
  expect(world.developers.all()).toMatchObject([{ email: ann }]);
  await world.run();
  expect((await world.run()).totals?.traffic.writes).toBe(0);
});
