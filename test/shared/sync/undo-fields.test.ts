import { describe, expect, test } from 'vitest';
import { nothingElse, type Developer } from '../../../shared/core/model/profile.ts';
import { linkFacts } from '../../../shared/operator/words/person.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked, unavailable } from './ann.ts';
import { lastChange, undo, undoLast, writesOfRun } from './undoing.ts';

/** Ann on both sides, after a push of another first name. */
async function pushed(options: Parameters<typeof linked>[0] = {}): Promise<InProcess> {
  const world = await linked(options);
  world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Annie' });
  await world.push('ann');
  expect(developer(world)?.firstName).toBe('Annie');
  return world;
}

async function editInApigee(world: InProcess, change: Partial<Developer>): Promise<void> {
  const found = developer(world);
  if (found === undefined) throw new Error('there is no developer');
  const { email, userName, firstName = '', lastName = '', attributes } = { ...found, ...change };
  await world.developers.update(email, {
    email,
    userName: userName ?? email,
    firstName,
    lastName,
    attributes,
    others: nothingElse,
  });
}

/** What an undo that is not done must not leave on the link. */
function leftOnLink(world: InProcess): readonly unknown[] {
  const link = world.database.linkOf(ann);
  return [link?.lease, link?.undoIntent, link?.failure];
}

describe('undoing an update (rule 35)', () => {
  test('puts the value back on the side that was written, and the next run writes nothing', async () => {
    const world = await pushed();
    const undone = await undoLast(world);
    expect(undone).toMatchObject({
      result: { outcome: 'updated-apigee', situation: 'undone', fields: ['firstName'], disposition: 'final' },
      restored: [{ side: 'apigee', field: 'firstName' }],
      kept: [],
    });
    expect(developer(world)).toMatchObject({ firstName: 'Ann' });
    expect(world.user('ann')).toMatchObject({ firstName: 'Annie' });
    expect(await writesOfRun(world)).toBe(0);
    await world.push('ann');
    expect(developer(world)).toMatchObject({ firstName: 'Ann' });
  });

  test('keeps what is not synchronised, and what was edited there meanwhile (rules 13, 30)', async () => {
    const world = await pushed();
    await editInApigee(world, { lastName: 'Smith' });
    await undoLast(world);
    expect(developer(world)).toMatchObject({ firstName: 'Ann', lastName: 'Smith' });
    expect(developer(world)?.attributes.get('MINT_PLAN')).toBe('basic');
    await world.run();
    expect(world.user('ann')).toMatchObject({ firstName: 'Annie', lastName: 'Smith' });
    expect(developer(world)).toMatchObject({ firstName: 'Ann', lastName: 'Smith' });
    expect(await writesOfRun(world)).toBe(0);
  });

  test('keeps a field that moved on since, and says so', async () => {
    const world = await pushed();
    const change = await lastChange(world);
    await editInApigee(world, { firstName: 'Anna' });
    const undone = await undo(world, change);
    expect(undone.result).toMatchObject({ outcome: 'unchanged', situation: 'undone' });
    expect(undone.kept).toEqual([{ side: 'apigee', field: 'firstName', why: 'it has been changed since' }]);
    await world.run();
    expect(world.user('ann')).toMatchObject({ firstName: 'Anna' });
  });

  test('an edit of the other side that was not synchronised yet still travels (rules 10, 11)', async () => {
    const world = await pushed();
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Annie', lastName: 'Smith' });
    await undoLast(world);
    await world.run();
    expect(developer(world)).toMatchObject({ firstName: 'Ann', lastName: 'Smith' });
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anna', lastName: 'Smith' });
    await world.run();
    expect(developer(world)).toMatchObject({ firstName: 'Anna', lastName: 'Smith' });
    expect(world.database.linkOf(ann)?.undone).toBeUndefined();
  });

  test('an edit of the same field on the other side that was not synchronised yet travels, too', async () => {
    const world = await pushed();
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anna' });
    await undoLast(world);
    expect(developer(world)).toMatchObject({ firstName: 'Ann' });
    await world.run();
    expect(developer(world)).toMatchObject({ firstName: 'Anna' });
  });

  test('shows what is kept apart, until the field is edited', async () => {
    const world = await pushed();
    await undoLast(world);
    const facts = (): readonly string[] => {
      const link = world.database.linkOf(ann);
      return link === undefined ? [] : linkFacts(link, Date.now()).map(({ words }) => words);
    };
    expect(facts()).toContain('kept apart by an undo: firstName');
    await editInApigee(world, { lastName: 'Smith' });
    await world.run();
    expect(facts()).toContain('kept apart by an undo: firstName');
    await editInApigee(world, { firstName: 'Anna' });
    await world.run();
    expect(world.user('ann')).toMatchObject({ firstName: 'Anna' });
    expect(facts()).not.toContain('kept apart by an undo: firstName');
  });

  test('can be undone itself, and then both sides are in step again', async () => {
    const world = await pushed();
    await undoLast(world, 'undo-1');
    const again = await undoLast(world, 'undo-2');
    expect(again.restored).toEqual([{ side: 'apigee', field: 'firstName' }]);
    expect(developer(world)).toMatchObject({ firstName: 'Annie' });
    expect(world.database.linkOf(ann)?.undone).toBeUndefined();
    expect(await writesOfRun(world)).toBe(0);
  });

  test('says the same when it is asked for twice, and writes once', async () => {
    const world = await pushed();
    const change = await lastChange(world);
    const first = await undo(world, change);
    const { update } = world.calls;
    expect(await undo(world, change)).toEqual(first);
    expect(world.calls.update).toBe(update);
    const another = await undo(world, change, 'undo-2');
    expect(another).toMatchObject({ result: { outcome: 'unchanged' }, kept: [{ field: 'firstName' }] });
  });

  test('is done once where two ask for it at the same time', async () => {
    const world = await pushed({ clock: manualClock(Date.now()) });
    const change = await lastChange(world);
    const { update } = world.calls;
    const both = await Promise.all([undo(world, change, 'undo-1'), undo(world, change, 'undo-2')]);
    expect(both.map(({ result }) => result.outcome).toSorted()).toEqual(['unchanged', 'updated-apigee']);
    expect(world.calls.update).toBe(update + 1);
    const changes = await world.services.changes.ofPerson(ann, { before: undefined, limit: 100 });
    expect(changes.filter(({ situation }) => situation === 'undone')).toHaveLength(1);
  });

  test('of a run that changed the portal user puts the value back there', async () => {
    const world = await linked();
    await editInApigee(world, { firstName: 'Annie' });
    await world.run();
    expect(world.user('ann')).toMatchObject({ firstName: 'Annie' });
    const undone = await undoLast(world);
    expect(undone.result.outcome).toBe('updated-portal');
    expect(world.user('ann')).toMatchObject({ firstName: 'Ann' });
    expect(developer(world)).toMatchObject({ firstName: 'Annie' });
    expect(await writesOfRun(world)).toBe(0);
  });

  test('goes round again where the portal user is saved while it is being written', async () => {
    let save: (() => void) | undefined;
    const world = await linked({
      async around(effect, happen) {
        const result = await happen();
        if (effect === 'transact') {
          save?.();
          save = undefined;
        }
        return result;
      },
    });
    await editInApigee(world, { firstName: 'Annie' });
    await world.run();
    const change = await lastChange(world);
    save = () => world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anna', lastName: 'Smith' });
    const undone = await undo(world, change);
    expect(undone.kept).toMatchObject([{ side: 'portal', field: 'firstName', why: 'it has been changed since' }]);
    expect(world.user('ann')).toMatchObject({ firstName: 'Anna', lastName: 'Smith' });
    await world.run();
    expect(developer(world)).toMatchObject({ firstName: 'Anna', lastName: 'Smith' });
  });

  test('of a status sets it back, and no push sets it again (rule 14)', async () => {
    const world = await linked();
    world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
    await world.push('ann');
    expect(developer(world)?.status).toBe('inactive');
    await undoLast(world);
    expect(developer(world)?.status).toBe('active');
    await world.push('ann');
    expect(await writesOfRun(world)).toBe(0);
    expect(developer(world)?.status).toBe('active');
  });

  test('of a deactivation because the portal user was deleted makes the developer active for good (rule 28)', async () => {
    const world = await linked();
    world.database.deletePortalDocument('ann');
    await world.push('ann');
    expect(developer(world)?.status).toBe('inactive');
    expect((await undoLast(world)).result.outcome).toBe('updated-apigee');
    expect(developer(world)?.status).toBe('active');
    expect(world.database.linkOf(ann)?.tombstone).toMatchObject({ side: 'portal', deactivated: false });
    expect(await writesOfRun(world)).toBe(0);
    expect(developer(world)?.status).toBe('active');
  });

  test('does not put back an attribute for which there is no room (rule 18)', async () => {
    const world = await linked();
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Annie', attributes: {} });
    await world.push('ann');
    const change = await lastChange(world);
    const attributes = new Map(Array.from({ length: 18 }, (_, index) => [`a${String(index)}`, 'x'] as const));
    await editInApigee(world, { attributes });
    const undone = await undo(world, change);
    expect(undone.kept).toEqual([
      { side: 'apigee', field: 'attributes.tier', why: 'Apigee takes at most 18 attributes' },
    ]);
    expect(developer(world)).toMatchObject({ firstName: 'Ann' });
    expect(developer(world)?.attributes.size).toBe(18);
  });

  test('keeps everything where the mapping has changed', async () => {
    const world = await pushed();
    const change = await lastChange(world);
    const other = inProcess({ sharing: world, env: { PORTAL_MAPPING: '{"lastName":"familyName"}' } });
    const undone = await undo(other, change);
    expect(undone.kept).toEqual([{ side: 'apigee', field: 'record', why: 'the mapping has changed since' }]);
    expect(developer(world)?.firstName).toBe('Annie');
  });

  test('writes nothing once every write is stopped (rule 33)', async () => {
    const world = await pushed();
    const change = await lastChange(world);
    const watch = { ...world.services.watch, stopped: async () => ({ by: 'ann', at: 0, reason: undefined }) };
    const stopped = { ...world, services: { ...world.services, watch } };
    const undone = await undo(stopped, change);
    expect(undone.result.disposition).toBe('suspended');
    expect(developer(world)?.firstName).toBe('Annie');
    expect(leftOnLink(world)).toEqual([undefined, undefined, undefined]);
    expect((await undo(world, change)).result.outcome).toBe('updated-apigee');
  });

  test('leaves nothing behind where Apigee does not do it, and is done when asked again', async () => {
    let isAway = false;
    const world = await pushed({
      clock: manualClock(Date.now()),
      wrap: (developers) => ({
        ...developers,
        update: async (email, draft) => (isAway ? unavailable : developers.update(email, draft)),
      }),
    });
    const change = await lastChange(world);
    isAway = true;
    expect((await undo(world, change)).result).toMatchObject({ outcome: 'failed', disposition: 'retry' });
    expect(leftOnLink(world)).toEqual([undefined, undefined, undefined]);
    isAway = false;
    expect((await undo(world, change)).result.outcome).toBe('updated-apigee');
    expect(await writesOfRun(world)).toBe(0);
  });
});
