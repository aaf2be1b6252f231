import { expect, test } from 'vitest';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer } from './ann.ts';

const env = {
  PORTAL_SELECT: 'role == "developer"',
  PORTAL_MAPPING: '{"onCreate":{"role":"developer"}}',
  DESTRUCTIVE_LIMIT_PERCENT: '100',
};
const customer = { ...annDocument, role: 'customer' };
const selected = { ...annDocument, role: 'developer' };

async function still(world: InProcess): Promise<void> {
  expect((await world.run()).totals).toMatchObject({ counts: { failed: 0 }, traffic: { writes: 0 } });
}

test('a portal user who is not selected is neither linked nor pushed, and no second one is made for the developer', async () => {
  const world = inProcess({ env });
  world.database.putPortalDocument('ann', { ...customer, email: 'Ann@Example.com' });
  world.database.putPortalDocument('bob', { ...customer, email: 'bob@example.com' });
  expect(await world.push('bob')).toMatchObject([{ situation: 'unselected', outcome: 'unchanged' }]);
  world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Other' });
  await world.run();
  expect(world.database.portalDocuments().map(({ id }) => id)).toEqual(['ann', 'bob']);
  expect(world.developers.all()).toMatchObject([{ email: ann, lastName: 'Other' }]);
  await still(world);

  world.database.putPortalDocument('bob', { ...selected, email: 'bob@example.com' });
  expect(await world.push('bob')).toMatchObject([{ outcome: 'created-apigee' }]);
  await still(world);
});

test('PORTAL_UNSELECT_POLICY=keep: who stops being selected stays as they are, and goes on where they left', async () => {
  const world = inProcess({ env });
  world.database.putPortalDocument('ann', selected);
  await world.run();
  world.database.putPortalDocument('ann', { ...customer, lastName: 'Miller' });
  expect(await world.push('ann')).toMatchObject([{ situation: 'unselected', outcome: 'unchanged' }]);
  expect(developer(world)).toMatchObject({ lastName: 'Lee', status: 'active' });
  await still(world);
  world.database.putPortalDocument('ann', { ...selected, lastName: 'Miller' });
  expect(await world.push('ann')).toMatchObject([{ outcome: 'updated-apigee' }]);
  expect(developer(world)).toMatchObject({ lastName: 'Miller', status: 'active' });
  await still(world);
});

test.each([true, false])(
  'PORTAL_UNSELECT_POLICY=deactivate: the developer is made inactive once, and active by a new selection; a status is mapped: %s',
  async (hasStatus) => {
    const noStatus = '{"status":null,"onCreate":{"role":"developer"}}';
    const more = { PORTAL_UNSELECT_POLICY: 'deactivate', ...(hasStatus ? {} : { PORTAL_MAPPING: noStatus }) };
    const world = inProcess({ env: { ...env, ...more } });
    world.database.putPortalDocument('ann', selected);
    await world.run();
    world.database.putPortalDocument('ann', customer);
    await world.run();
    expect(developer(world)).toMatchObject({ status: 'inactive' });
    expect(world.user('ann')).toEqual(customer);
    await still(world);
    const blocked = developer(world);
    if (blocked !== undefined) world.developers.seed({ ...blocked, status: 'active' });
    await world.run();
    expect(developer(world)).toMatchObject({ status: 'active' });
    if (blocked !== undefined) world.developers.seed({ ...blocked, status: 'inactive' });
    await world.run();
    world.database.putPortalDocument('ann', selected);
    await world.push('ann');
    expect(developer(world)).toMatchObject({ status: 'active' });
    await still(world);
  },
);

test.each(['before', 'while'] as const)(
  'PORTAL_UNSELECT_POLICY=deactivate: who was blocked in Apigee %s they stopped being selected stays so by a new selection (rules 14, 28)',
  async (when) => {
    const world = inProcess({ env: { ...env, PORTAL_UNSELECT_POLICY: 'deactivate' } });
    world.database.putPortalDocument('ann', selected);
    await world.run();
    const known = developer(world);
    if (known === undefined) throw new Error('no developer');
    world.developers.seed({ ...known, status: 'inactive' });
    if (when === 'before') await world.run();
    world.database.putPortalDocument('ann', customer);
    await world.run();
    await still(world);
    world.database.putPortalDocument('ann', selected);
    await world.push('ann');
    await still(world);
    expect(developer(world)).toMatchObject({ status: 'inactive' });

    world.database.putPortalDocument('ann', { ...selected, status: 'inactive' });
    await world.push('ann');
    world.database.putPortalDocument('ann', selected);
    await world.push('ann');
    expect(developer(world)).toMatchObject({ status: 'active' });
  },
);

test('PORTAL_UNSELECT_POLICY=deactivate: a deactivation of which nobody has heard is ours, and a new selection ends it (rule 24)', async () => {
  let isLost = false;
  const clock = manualClock(Date.now());
  const world = inProcess({
    env: { ...env, PORTAL_UNSELECT_POLICY: 'deactivate' },
    around: async (effect, happen) => {
      const result = await happen();
      if (isLost && effect === 'set-status') throw new Error('crashed');
      return result;
    },
    clock,
  });
  world.database.putPortalDocument('ann', selected);
  await world.run();
  world.database.putPortalDocument('ann', customer);
  isLost = true;
  await world.push('ann').catch(() => undefined);
  isLost = false;
  expect(developer(world)).toMatchObject({ status: 'inactive' });
  clock.advance(600_000);
  await world.run();
  world.database.putPortalDocument('ann', selected);
  await world.push('ann');
  expect(developer(world)).toMatchObject({ status: 'active' });
  await still(world);
});

test('PORTAL_UNSELECT_POLICY=deactivate: many who stop being selected at once are not blocked before an operator approves (rule 16)', async () => {
  const unselect = { ...env, PORTAL_UNSELECT_POLICY: 'deactivate', DESTRUCTIVE_LIMIT: '2' };
  const world = inProcess({ env: unselect });
  for (const name of ['a', 'b', 'c'])
    world.database.putPortalDocument(name, { ...selected, email: `${name}@example.com` });
  await world.run();
  for (const name of ['a', 'b', 'c'])
    world.database.putPortalDocument(name, { ...customer, email: `${name}@example.com` });
  expect(await world.run()).toMatchObject({ state: 'held' });
  expect(world.developers.all().map(({ status }) => status)).toEqual(['active', 'active', 'active']);
});

test('two documents with one email, of which one is not selected, are no collision', async () => {
  const world = inProcess({ env });
  world.database.putPortalDocument('a-customer', customer);
  world.database.putPortalDocument('ann', selected);
  await world.run();
  expect(world.database.linkOf(ann)).toMatchObject({ userId: 'ann', presence: 'both' });
  expect(world.database.linkOf(ann)?.hold).toBeUndefined();
  await still(world);
});
