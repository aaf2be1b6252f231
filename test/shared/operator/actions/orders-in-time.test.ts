import { describe, expect, test } from 'vitest';
import { canonicalEmail, type CanonicalEmail } from '../../../../shared/core/model/email.ts';
import { deleteDeveloper } from '../../../../shared/operator/actions/delete-developer.ts';
import { editDeveloper } from '../../../../shared/operator/actions/edit-developer.ts';
import { releaseHeldPerson } from '../../../../shared/operator/actions/holds.ts';
import { stopWrites } from '../../../../shared/operator/actions/stop.ts';
import { handlePortalEdit } from '../../../../shared/wiring/handlers.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from '../../sync/ann.ts';

const acting = { operator: { id: 'olga', name: 'Olga', role: 'admin' }, reason: 'a test' } as const;

/** Only in Apigee. */
const bob = canonicalEmail('bob@example.com') as CanonicalEmail;

describe('an order that had to wait', () => {
  test.each([ann, bob])('does nothing once every write is stopped (rule 33): %s', async (key) => {
    const clock = manualClock(Date.now());
    let reads = 0;
    const world = await linked({
      clock,
      wrap: (developers) => ({
        ...developers,
        async get(email, turn) {
          reads += turn === 'begun' ? 1 : 0;
          // The first read is for the page, the second one under the lease.
          if (turn === 'begun' && reads === 2) {
            await stopWrites(world.services, acting);
            clock.advance(2000);
          }
          return developers.get(email, turn);
        },
      }),
    });
    world.developers.seed({ email: bob });
    const before = world.developers.all();
    const done = await deleteDeveloper(world.services, acting, { key, typed: key });
    expect(done).toMatchObject({ kind: 'refused', words: 'every write was stopped by an operator' });
    expect(world.developers.all()).toEqual(before);
    expect(world.user('ann')).toBeDefined();
    expect(world.database.linkOf(key)?.lease).toBeUndefined();
  });

  test('to delete creates nobody, where the developer is gone by then', async () => {
    let reads = 0;
    const world = await linked({
      wrap: (developers) => ({
        ...developers,
        async get(email, turn) {
          reads += turn === 'begun' ? 1 : 0;
          if (turn === 'begun' && reads === 2) world.developers.remove(ann);
          return developers.get(email, turn);
        },
      }),
    });
    expect(await deleteDeveloper(world.services, acting, { key: ann, typed: ann })).toMatchObject({ kind: 'refused' });
    expect(world.developers.all()).toEqual([]);
    expect(world.user('ann')).toBeDefined();
  });
});

test('an edit made in Apigee after the page was opened is not overwritten by the rest of an order (rule 11)', async () => {
  const clock = manualClock(Date.now());
  let isEdited = false;
  const world = await linked({
    clock,
    wrap: (developers) => ({
      ...developers,
      async get(email, turn) {
        const known = developer(world);
        if (turn === 'begun' && !isEdited && known !== undefined) {
          isEdited = true;
          clock.advance(60_000);
          world.developers.seed({ ...known, lastName: 'Newer', lastModifiedAt: clock.now() });
        }
        return developers.get(email, turn);
      },
    }),
  });
  await editDeveloper(world.services, acting, {
    key: ann,
    seen: undefined,
    changes: [{ field: 'lastName', value: 'Mine' }],
  });
  expect(developer(world)).toMatchObject({ lastName: 'Newer' });
  expect(world.user('ann')).toMatchObject({ lastName: 'Newer' });
});

test('whoever may not approve releases no deletion over the limit (rule 16)', async () => {
  const world = await linked({ env: { DESTRUCTIVE_LIMIT: '0', PORTAL_DELETE_POLICY: 'delete' } });
  world.database.deletePortalDocument('ann');
  const type = 'google.cloud.firestore.document.v1.deleted';
  await handlePortalEdit(world.services, { type, document: 'portalUsers/ann' });
  expect(world.database.linkOf(ann)?.hold?.reason).toBe('destructive-limit');
  const released = await releaseHeldPerson(world.services, ann, { approves: false });
  expect(released).toMatchObject({ kind: 'looked-at', hold: { reason: 'destructive-limit' } });
  expect(developer(world)).toBeDefined();
  expect(await releaseHeldPerson(world.services, ann)).toMatchObject({ kind: 'looked-at' });
  expect(developer(world)).toBeUndefined();
});

test('a deletion is judged again under the lease: nothing goes where the portal document cannot be read by then (rule 18)', async () => {
  let reads = 0;
  const world = await linked({
    wrap: (developers) => ({
      ...developers,
      async get(email, turn) {
        const answer = await developers.get(email, turn);
        reads += turn === 'begun' ? 1 : 0;
        if (turn === 'begun' && reads === 1) world.database.putPortalDocument('ann', { ...annDocument, status: 7 });
        return answer;
      },
    }),
  });
  expect(await deleteDeveloper(world.services, acting, { key: ann, typed: ann })).toMatchObject({ kind: 'refused' });
  expect(developer(world)).toBeDefined();
  expect(world.user('ann')).toBeDefined();
});

test('an edit that is made by half says which half, to the operator and in the record, and the half travels', async () => {
  const mapping = JSON.stringify({ attributes: { tier: 'attributes.tier' } });
  const world = await linked({
    env: { PORTAL_MAPPING: mapping },
    wrap: (developers) => ({
      ...developers,
      async update(email, body) {
        const answer = await developers.update(email, body);
        world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Theirs' });
        return answer;
      },
    }),
  });
  const done = await editDeveloper(world.services, acting, {
    key: ann,
    seen: undefined,
    changes: [
      { field: 'attributes.team', value: 'blue' },
      { field: 'lastName', value: 'Mine' },
    ],
  });
  const words = ['set in Apigee', expect.stringContaining('the rest was not set: the portal user changed meanwhile')];
  expect(done).toMatchObject({ kind: 'ended', state: 'failed', words });
  expect(developer(world)?.attributes.get('team')).toBe('blue');
  expect(developer(world)).toMatchObject({ lastName: 'Theirs' });
  const [record] = await world.services.audit.ofPerson(ann);
  expect(record?.end).toMatchObject({ state: 'failed', words: expect.stringContaining('set in Apigee') });
});
