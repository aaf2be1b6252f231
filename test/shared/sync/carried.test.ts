import { expect, test } from 'vitest';
import { ann, annDocument, developer, linked } from './ann.ts';

const members = { accessType: 'read_only', appFamily: 'default', ofTomorrow: { list: [1, null] } };
const entries = [
  { name: 'tier', value: 'gold', note: 'by hand' },
  { name: 'MINT_PLAN', value: 'old' },
  { name: 'MINT_PLAN', value: 'basic', note: 'paid' },
];

test('a portal edit leaves everything of the developer that we do not know as it was (rules 13, 30)', async () => {
  const world = await linked();
  const attributes = new Map(developer(world)?.attributes);
  world.developers.seed({ ...developer(world), email: ann, others: { members, entries } });
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
  await world.push('ann');
  expect(developer(world)).toMatchObject({ lastName: 'Leigh', attributes, others: { members, entries } });
  expect(world.calls).toMatchObject({ get: 1, update: 1, status: 0, list: 0 });
});

test('an edited attribute keeps what its entry has besides the value', async () => {
  const world = await linked();
  world.developers.seed({ ...developer(world), email: ann, others: { members, entries } });
  world.database.putPortalDocument('ann', { ...annDocument, attributes: { tier: 'iron', team: 'red' } });
  await world.push('ann');
  const [tier, ...others] = entries;
  expect(developer(world)?.others).toEqual({
    members,
    entries: [{ ...tier, value: 'iron' }, ...others, { name: 'team', value: 'red' }],
  });
});

test('what we do not know is carried by a run and by a rename on Edge, too, and is no change by itself (rule 12)', async () => {
  const world = await linked({ env: { APIGEE_TYPE: 'edge', APIGEE_USERNAME: 'ops', APIGEE_PASSWORD: 'pass' } });
  world.developers.seed({ ...developer(world), email: ann, others: { members, entries: [] } });
  await world.run();
  expect(world.calls).toMatchObject({ get: 0, update: 0 });
  world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anna', email: 'anna@example.com' });
  await world.run();
  expect(developer(world, 'anna@example.com')).toMatchObject({ firstName: 'Anna', others: { members } });
});
