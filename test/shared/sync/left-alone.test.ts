import { describe, expect, test } from 'vitest';
import { newMeter } from '../../../shared/state/meter.ts';
import { verifyPeople } from '../../../shared/verify/verify-people.ts';
import { policyOf } from '../../../shared/config/policy-of.ts';
import { readStatus } from '../../../shared/operator/views/status.ts';
import type { Finding } from '../../../shared/verify/finding.ts';
import { manualClock } from '../../support/manual-clock.ts';
import type { InProcess } from '../../support/in-process.ts';
import { ann, annDocument, developer, linked } from './ann.ts';
import { lastChange, undo, undoLast } from './undoing.ts';

async function findings(world: InProcess): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  const { config } = world.services;
  const deps = { people: world.services.people(newMeter()), developers: world.developers, policy: policyOf(config) };
  await verifyPeople({ ...deps, now: world.services.clock.now }, (finding) => found.push(finding));
  return found;
}

test.each([
  ['an attribute', { attributes: { tier: Number.NaN, team: 'red' } }, 'attributes.tier', { tier: 'gold', team: 'red' }],
  ['all attributes', { attributes: ['tier'] }, 'attributes', { tier: 'gold' }],
  ['a name', { firstName: { given: 'Anne' }, attributes: { tier: 'tin' } }, 'firstName', { tier: 'tin' }],
] as const)(
  '%s that cannot be read fails alone: named, left alone on both sides, and everything else goes on (rule 18)',
  async (_, wrong, field, attributes) => {
    const clock = manualClock(Date.now());
    const world = await linked({ clock });
    clock.advance(3_600_000);
    const document = { ...annDocument, ...wrong, lastName: 'Miller' };
    world.database.putPortalDocument('ann', document);
    expect(await world.push('ann')).toMatchObject([
      {
        outcome: 'updated-apigee',
        reason: expect.stringContaining(`left alone on both sides: The field "${field}" must`) as string,
      },
    ]);
    expect(developer(world)).toMatchObject({ firstName: 'Ann', lastName: 'Miller' });
    expect(Object.fromEntries(developer(world)?.attributes ?? [])).toEqual({ ...attributes, MINT_PLAN: 'basic' });
    const status = await readStatus(world.services);
    expect(status).toMatchObject({ leftAlone: [{ key: ann }], failed: { people: 0 }, held: { people: 0 } });
    expect(status.leftAlone[0]?.problems.join()).toContain(`The field "${field}" must`);
    expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });

    clock.advance(3_600_000);
    const now = developer(world);
    if (now === undefined) throw new Error('no developer');
    const elsewhere = new Map([...now.attributes, ['tier', 'steel']]);
    world.developers.seed({
      ...now,
      firstName: 'Anna',
      lastName: 'Mills',
      attributes: elsewhere,
      lastModifiedAt: clock.now(),
    });
    clock.advance(3_600_000);
    await world.run();
    const kept = field === 'firstName' ? { firstName: wrong.firstName } : { attributes: wrong.attributes };
    expect(world.user('ann')).toMatchObject({ ...kept, lastName: 'Mills' });
    expect((await world.run()).totals?.traffic.writes).toBe(0);
    for (const { because } of await findings(world))
      expect(because).toEqual({ kind: 'explained', explanation: { kind: 'left-alone' } });

    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Mills' });
    await world.push('ann');
    const edited = field === 'firstName' ? { firstName: 'Anna' } : { attributes: { tier: 'steel' } };
    expect(world.user('ann')).toMatchObject(edited);
    expect((await readStatus(world.services)).leftAlone).toEqual([]);
    expect((await world.run()).totals?.traffic.writes).toBe(0);
    expect(await findings(world)).toEqual([]);
  },
);

test('a value in Apigee that the portal’s field cannot hold is left alone until somebody mends it (rule 18)', async () => {
  const clock = manualClock(Date.now());
  const world = await linked({
    clock,
    env: { PORTAL_MAPPING: '{"attributes":{"seats":{"path":"seats","type":"number"}}}' },
  });
  world.database.putPortalDocument('ann', { ...annDocument, seats: 5 });
  await world.push('ann');
  const set = async (seats: string): Promise<void> => {
    clock.advance(3_600_000);
    const now = developer(world);
    if (now === undefined) throw new Error('no developer');
    world.developers.seed({
      ...now,
      attributes: new Map([...now.attributes, ['seats', seats]]),
      lastModifiedAt: clock.now(),
    });
    clock.advance(3_600_000);
    await world.run();
  };
  await set('many');
  expect(world.user('ann')).toMatchObject({ seats: 5 });
  expect(world.database.linkOf(ann)?.leftAlone).toEqual([
    'The field "seats" must be a number, and the value for it is not.',
  ]);
  expect((await world.run()).totals).toMatchObject({ counts: { unchanged: 1 }, traffic: { writes: 0 } });
  expect(await findings(world)).toMatchObject([{ because: { explanation: { kind: 'left-alone' } } }]);
  await set('7');
  expect(world.user('ann')).toMatchObject({ seats: 7 });
  expect(world.database.linkOf(ann)?.leftAlone).toBeUndefined();
});

test('who has no developer yet and a name that cannot be read fails, and is told which field it is (rule 18)', async () => {
  const world = await linked({ env: { PORTAL_MAPPING: '{"lastName":{"path":"lastName","default":"–"}}' } });
  world.developers.remove(ann);
  world.database.deletePortalDocument('ann');
  await world.run();
  world.database.putPortalDocument('bob', { ...annDocument, email: 'bob@example.com', lastName: 7 });
  expect(await world.push('bob')).toMatchObject([
    { outcome: 'failed', reason: expect.stringMatching(/lastName missing.*"lastName" must be text/u) as string },
  ]);
  world.database.putPortalDocument('bob', { ...annDocument, email: 'bob@example.com', lastName: null });
  expect(await world.push('bob')).toMatchObject([{ outcome: 'created-apigee' }]);
  expect(developer(world, 'bob@example.com')).toMatchObject({ lastName: '–' });
  expect((await world.run()).totals?.traffic.writes).toBe(0);
});

test.each(['portal', 'apigee'] as const)(
  'an undo leaves what cannot be read on the portal as it is: %s',
  async (side) => {
    const clock = manualClock(Date.now());
    const world = await linked({ clock });
    clock.advance(3_600_000);
    if (side === 'portal') {
      const now = developer(world);
      if (now === undefined) throw new Error('no developer');
      world.developers.seed({ ...now, attributes: new Map([['MINT_PLAN', 'basic']]), lastModifiedAt: clock.now() });
      await world.run();
      expect(world.user('ann')).toMatchObject({ attributes: {} });
    } else {
      world.database.putPortalDocument('ann', { ...annDocument, attributes: { tier: 'tin' } });
      await world.push('ann');
      expect(developer(world)?.attributes.get('tier')).toBe('tin');
    }
    const tier = Buffer.from('photo');
    world.database.putPortalDocument('ann', { ...annDocument, attributes: { tier } });
    const undone = await undoLast(world);
    expect(undone.restored).toEqual([]);
    expect(undone.kept).toMatchObject([
      { side, field: 'attributes.tier', why: expect.stringContaining('cannot be read on the portal') as string },
    ]);
    expect(world.user('ann')).toMatchObject({ attributes: { tier } });
    expect(developer(world)?.attributes.get('tier')).toBe(side === 'portal' ? undefined : 'tin');
  },
);

test('a portal user whom we made and of whom something cannot be read by now is not deleted by an undo', async () => {
  const world = await linked();
  world.developers.seed({ email: 'bob@example.com', firstName: 'Bob', lastName: 'Lee' });
  await world.run();
  const made = world.database.portalDocuments().find(({ id }) => id !== 'ann');
  if (made === undefined) throw new Error('nobody was made');
  world.database.putPortalDocument(made.id, { ...made.data, attributes: { photo: Buffer.from('photo') } });
  const undone = await undo(world, await lastChange(world, 'bob@example.com' as typeof ann));
  expect(undone.kept).toMatchObject([{ side: 'portal', why: 'the portal user has been changed since' }]);
  expect(world.user(made.id)).toBeDefined();
});

describe('a field that takes another type on the portal', () => {
  const text = '+44 20';
  const started = async (attributes: object): Promise<InProcess> => {
    const world = await linked();
    world.database.putPortalDocument('ann', { ...annDocument, attributes });
    await world.push('ann');
    return world;
  };

  test('travels as ever: that Apigee has the text before it keeps nothing apart', async () => {
    const world = await started({ tier: text });
    world.database.putPortalDocument('ann', { ...annDocument, attributes: { tier: 4420 } });
    await world.push('ann');
    expect(developer(world)?.attributes.get('tier')).toBe('4420');
    expect(world.database.linkOf(ann)?.leftAlone).toBeUndefined();
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });

  test('is left alone where Apigee was edited, too, to what it cannot hold (rule 18)', async () => {
    const world = await started({ tier: text });
    const found = developer(world);
    if (found === undefined) throw new Error('no developer');
    const attributes = new Map([...found.attributes, ['tier', 'none']]);
    world.developers.seed({ ...found, attributes, lastModifiedAt: Date.now() + 60_000 });
    world.database.putPortalDocument('ann', { ...annDocument, attributes: { tier: 4420 } });
    await world.run();
    expect(developer(world)?.attributes.get('tier')).toBe('none');
    expect(world.user('ann')).toMatchObject({ attributes: { tier: 4420 } });
    expect(world.database.linkOf(ann)?.leftAlone).toHaveLength(1);
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });

  test('of another portal user by now is no edit: the two meet for the first time', async () => {
    const world = await started({ tier: text });
    world.database.deletePortalDocument('ann');
    world.database.putPortalDocument('ann2', { ...annDocument, attributes: { tier: 4420 } });
    await world.run();
    expect(world.user('ann2')).toMatchObject({ attributes: { tier: 4420 } });
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });
});
