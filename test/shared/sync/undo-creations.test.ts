import { describe, expect, test } from 'vitest';
import { releasePerson } from '../../../shared/sync/release-person.ts';
import { batchAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { inProcess, type InProcess, type InProcessOptions } from '../../support/in-process.ts';
import { combined } from '../../../shared/core/changes/combined.ts';
import { changesOfPerson } from '../../../shared/state/changes.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer } from './ann.ts';
import { lastChange, undo, undoLast, writesOfRun } from './undoing.ts';

/** Somebody who keeps the listings from being empty, and Ann on one side only, whom a run brings to the other. */
async function created(on: 'portal' | 'apigee', options: InProcessOptions = {}): Promise<InProcess> {
  const world = inProcess(options);
  world.developers.seed({ email: 'eve@example.com', firstName: 'Eve', lastName: 'Lee' });
  await world.run();
  if (on === 'apigee') world.database.putPortalDocument('ann', annDocument);
  else world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee' });
  await world.run();
  expect(world.database.linkOf(ann)).toMatchObject({ presence: 'both' });
  return world;
}

const userOfAnn = (world: InProcess) => world.database.portalDocuments().find(({ data }) => data['email'] === ann);

async function release(world: InProcess): Promise<void> {
  const session = openSession(world.services, batchAllowance);
  const by = { kind: 'operator', actionId: 'manual-1' } as const;
  await releasePerson({ ...session, by, gate: { kind: 'open' } }, { key: ann, hints: [] }, { approves: true });
}

describe('undoing the creation of a developer (rule 35)', () => {
  test.each(['recreate', 'hold', 'deactivate', 'delete'])(
    'deletes the developer, and nothing makes or deletes anybody until that is released: APIGEE_DELETE_POLICY=%s',
    async (policy) => {
      const world = await created('apigee', { env: { APIGEE_DELETE_POLICY: policy } });
      const undone = await undoLast(world);
      expect(undone).toMatchObject({
        result: { outcome: 'updated-apigee', fields: ['deleted'] },
        restored: [{ side: 'apigee', field: 'record' }],
        kept: [],
      });
      expect(developer(world)).toBeUndefined();
      expect(world.database.linkOf(ann)).toMatchObject({ presence: 'portal', hold: { reason: 'undone' } });
      const run = await world.run();
      expect(run.totals?.traffic.writes).toBe(0);
      expect((await world.rows(run)).find(({ key }) => key === ann)).toMatchObject({ outcome: 'held' });
      world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Smith' });
      await world.push('ann');
      await world.run();
      expect(developer(world)).toBeUndefined();
      expect(world.user('ann')).toMatchObject({ status: 'active' });
      expect(world.database.linkOf(ann)?.hold?.reason).toBe('undone');

      await release(world);
      expect(developer(world)).toMatchObject({ lastName: 'Smith' });
      expect(world.database.linkOf(ann)).toMatchObject({ presence: 'both' });
      expect(await writesOfRun(world)).toBe(0);
    },
  );

  test('keeps a developer who has apps, who was changed, or who is another one', async () => {
    const world = await created('apigee');
    const change = await lastChange(world);
    world.apps.seed(ann, [{ name: 'a', status: 'approved', createdAt: 0, lastModifiedAt: 0, keys: [] }]);
    expect((await undo(world, change)).kept[0]?.why).toContain('has apps');
    world.apps.seed(ann, []);
    const found = developer(world);
    if (found === undefined) throw new Error('there is no developer');
    world.developers.seed({ ...found, attributes: new Map([...found.attributes, ['MINT_PLAN', 'x']]) });
    expect((await undo(world, change)).kept[0]?.why).toContain('devsync developers deactivate EMAIL');
    world.developers.seed({ ...found, developerId: 'another' });
    expect((await undo(world, change)).kept[0]?.why).toContain('another one');
    expect(developer(world)).toBeDefined();
  });

  test('another portal user who registers with the email counts as new', async () => {
    const world = await created('apigee');
    await undoLast(world);
    world.database.deletePortalDocument('ann');
    world.database.putPortalDocument('ann-2', annDocument);
    await world.run();
    expect(developer(world)).toBeDefined();
    expect(world.database.linkOf(ann)?.hold).toBeUndefined();
  });

  test('survives another hold that comes and goes', async () => {
    const world = await created('apigee');
    await undoLast(world);
    world.database.putPortalDocument('twin', annDocument);
    await world.run();
    expect(world.database.linkOf(ann)?.hold?.reason).toBe('portal-collision');
    world.database.deletePortalDocument('twin');
    await world.run();
    expect(developer(world)).toBeUndefined();
    expect(world.database.linkOf(ann)?.hold?.reason).toBe('undone');
  });

  test('cannot be undone itself: who was deleted does not come back', async () => {
    const world = await created('apigee');
    await undoLast(world, 'undo-1');
    const again = await undoLast(world, 'undo-2');
    expect(again.kept).toMatchObject([{ side: 'apigee', field: 'record' }]);
    expect(again.kept[0]?.why).toContain('cannot come back');
  });

  test('says the same when it is asked for twice', async () => {
    const world = await created('apigee');
    const change = await lastChange(world);
    const first = await undo(world, change);
    expect(await undo(world, change)).toEqual(first);
  });

  test('does not delete somebody who has just registered a second time', async () => {
    const world = await created('apigee');
    const change = await lastChange(world);
    world.database.putPortalDocument('twin', annDocument);
    const undone = await undo(world, change);
    expect(undone.kept[0]?.why).toContain('several records have this email');
    expect(developer(world)).toBeDefined();
  });
});

describe('undoing the creation of a portal user (rule 35)', () => {
  test('forgets no developer whom Apigee did not find once: the creation stays undone (rule 29)', async () => {
    let isBehind = false;
    const world = await created('portal', {
      wrap: (developers) => ({
        ...developers,
        get: async (email) => (isBehind ? { ok: true, value: undefined } : developers.get(email)),
      }),
    });
    isBehind = true;
    await undoLast(world);
    isBehind = false;
    expect(userOfAnn(world)).toBeUndefined();
    expect(world.database.linkOf(ann)).toMatchObject({ presence: 'apigee', hold: { reason: 'undone' } });
    expect(await writesOfRun(world)).toBe(0);
    expect(userOfAnn(world)).toBeUndefined();

    world.developers.remove(ann);
    await world.run();
    expect(world.database.linkOf(ann)?.presence).toBe('none');
    expect(await writesOfRun(world)).toBe(0);
  });

  test('deletes the portal user, and no run makes one again until that is released', async () => {
    const world = await created('portal');
    const { userId } = await lastChange(world);
    const undone = await undoLast(world);
    expect(undone).toMatchObject({
      result: { outcome: 'updated-portal', fields: ['deleted'] },
      restored: [{ side: 'portal', field: 'record' }],
    });
    expect(userOfAnn(world)).toBeUndefined();
    await world.push(userId ?? '');
    const run = await world.run();
    expect(run.totals?.traffic.writes).toBe(0);
    expect((await world.rows(run)).find(({ key }) => key === ann)).toMatchObject({ outcome: 'held' });
    expect(userOfAnn(world)).toBeUndefined();
    expect(developer(world)?.status).toBe('active');
    expect(world.database.linkOf(ann)).toMatchObject({ presence: 'apigee', hold: { reason: 'undone' } });

    await release(world);
    expect(userOfAnn(world)).toBeDefined();
    expect(world.database.linkOf(ann)).toMatchObject({ presence: 'both' });
    expect(await writesOfRun(world)).toBe(0);
  });

  test('keeps an account that is in use, or that was edited', async () => {
    const world = await created('portal');
    const change = await lastChange(world);
    const user = userOfAnn(world);
    if (user === undefined) throw new Error('there is no portal user');
    world.database.putPortalDocument(user.id, { ...user.data, passwordResetRequired: false });
    expect((await undo(world, change)).kept[0]?.why).toContain('a password has been chosen');
    world.database.putPortalDocument(user.id, { ...user.data, lastName: 'Smith' });
    expect((await undo(world, change)).kept[0]?.why).toContain('changed since');
    expect(userOfAnn(world)).toBeDefined();
  });

  test('a new registration with the email counts as new', async () => {
    const world = await created('portal');
    await undoLast(world);
    world.database.putPortalDocument('ann-2', annDocument);
    await world.push('ann-2');
    expect(world.database.linkOf(ann)).toMatchObject({ presence: 'both', userId: 'ann-2' });
    expect(world.database.linkOf(ann)?.tombstone).toBeUndefined();
  });
});

test('a developer who is created again and updated by one run is created by it: undoing it deletes them (rule 35)', async () => {
  let isArmed = false;
  const clock = manualClock();
  const world: InProcess = await created('apigee', {
    clock,
    async around(effect, happen) {
      // Changes of one millisecond have no order.
      if (effect === 'update') clock.advance(1);
      const result = await happen();
      if (isArmed && effect === 'create') {
        isArmed = false;
        world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anna' });
      }
      return result;
    },
  });
  await world.developers.delete(ann);
  isArmed = true;
  const { runId } = await world.run();
  const changes = await changesOfPerson(world.services.changes, ann);
  const ofRun = changes?.filter(({ by }) => by.kind === 'run' && by.runId === runId) ?? [];
  expect(ofRun.map(({ acts }) => acts.apigee)).toEqual(['created', 'updated']);
  const [first, ...later] = ofRun;
  if (first === undefined) throw new Error('the run changed nobody');
  expect(combined([first, ...later])).toMatchObject({
    acts: { apigee: 'created' },
    developerId: developer(world)?.developerId,
  });
});
