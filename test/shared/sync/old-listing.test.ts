import { describe, expect, test } from 'vitest';
import type { Developer } from '../../../shared/core/model/profile.ts';
import { syncMany } from '../../../shared/run/sync-many.ts';
import type { PersonResult } from '../../../shared/sync/result.ts';
import { syncPerson } from '../../../shared/sync/sync-person.ts';
import { batchAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

test('a status that was pushed since the listing was made is not taken for an edit in Apigee (rule 14)', async () => {
  const world = await linked();
  const listed = known(world);
  world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
  await world.push('ann');
  world.database.putPortalDocument('ann', annDocument);
  await batch(world, listed);
  expect(developer(world)).toMatchObject({ status: 'active' });
  await world.push('ann');
  await world.run();
  expect(developer(world)).toMatchObject({ status: 'active' });
});

test('a status as it was before a push is not remembered: who is deleted and registers again stays inactive (rule 14)', async () => {
  const world = await linked();
  const listed = known(world);
  world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
  await world.push('ann');
  await batch(world, listed);
  expect(world.database.linkOf(ann)?.base?.developer).toMatchObject({ status: 'inactive' });
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  world.database.putPortalDocument('ann2', annDocument);
  await world.push('ann2');
  expect(developer(world)).toMatchObject({ status: 'inactive' });
});

describe('a portal user whose creation in Apigee was not heard of', () => {
  const error = { kind: 'unavailable', operation: 'create', status: 503, code: undefined, ambiguous: true } as const;
  async function unheard(): Promise<{ world: InProcess; clock: ManualClock }> {
    const clock = manualClock(Date.now());
    const world = inProcess({
      clock,
      env: { PORTAL_DELETE_POLICY: 'delete' },
      wrap: (developers) => ({
        ...developers,
        async create(body) {
          await developers.create(body);
          return { ok: false, error: { ...error, message: 'create: nobody heard the answer' } };
        },
      }),
    });
    world.database.putPortalDocument('ann', annDocument);
    await world.push('ann');
    clock.advance(300_000);
    return { world, clock };
  }

  test('does not come back once both sides are deleted since the listing was made (rule 15)', async () => {
    const { world } = await unheard();
    const listed = known(world);
    world.developers.remove(ann);
    world.database.deletePortalDocument('ann');
    await world.push('ann');
    expect(await batch(world, listed)).toMatchObject([{ situation: 'both-deleted', outcome: 'held' }]);
    await world.run();
    expect(world.database.portalDocuments()).toEqual([]);
    expect(world.database.linkOf(ann)?.presence).toBe('none');
    expect(await batch(world, listed)).toMatchObject([{ outcome: 'unchanged' }]);
    expect(world.database.portalDocuments()).toEqual([]);
  });

  test('is not buried while their developer, who is younger than the listing, lives on (rules 15, 24)', async () => {
    const { world } = await unheard();
    world.database.deletePortalDocument('ann');
    await batch(world, undefined);
    expect(world.database.linkOf(ann)).toMatchObject({ presence: 'apigee', tombstone: { side: 'portal' } });
    await world.run();
    expect(world.database.portalDocuments()).toEqual([]);
  });
});

test('whoever had to wait for another writer asks Apigee again (rule 21)', async () => {
  const world = await linked();
  const listed = { ...known(world), lastName: 'Old', lastModifiedAt: Date.now() + 60_000 };
  const session = openSession(world.services, batchAllowance);
  let isBusy = true;
  const deps = {
    ...session,
    by: { kind: 'run', runId: 'run' },
    gate: { kind: 'closed' },
    async wait() {
      isBusy = false;
    },
    people: {
      ...session.people,
      async transact(scope, step) {
        if (!isBusy) return session.people.transact(scope, step);
        return session.people.transact(scope, (view) => {
          const stored = view.links.get(ann);
          if (stored === undefined) return step(view);
          const lease = { holder: 'other', expiresAt: view.now + 60_000 };
          return step({ ...view, links: new Map([[ann, { ...stored, link: { ...stored.link, lease } }]]) });
        });
      },
    },
  } satisfies Parameters<typeof syncPerson>[0];
  const result = await syncPerson(deps, { key: ann, hints: [] }, { kind: 'developer', developer: listed });
  expect(isBusy).toBe(false);
  expect(result).toMatchObject({ outcome: 'unchanged' });
  expect(world.user('ann')).toMatchObject({ lastName: 'Lee' });
});

function known(world: InProcess): Developer {
  const found = developer(world);
  if (found === undefined) throw new Error('there is no developer');
  return found;
}

/** What a batch does that read its part of the listing a while ago. */
async function batch(world: InProcess, listed: Developer | undefined): Promise<readonly PersonResult[]> {
  const session = openSession(world.services, batchAllowance);
  const deps = { ...session, by: { kind: 'run', runId: 'run' }, gate: { kind: 'closed' } } as const;
  const stored = (await session.people.links([ann])).get(ann);
  const results: PersonResult[] = [];
  const side = listed === undefined ? { kind: 'absent' as const } : { kind: 'developer' as const, developer: listed };
  await syncMany(
    deps,
    [{ key: ann, stored, listed: side }],
    (_, result) => results.push(result),
    () => true,
  );
  return results;
}
