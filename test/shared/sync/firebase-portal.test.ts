import { expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';

const mapping = {
  email: '__name__',
  firstName: { path: 'displayName', split: 'first' },
  lastName: { path: 'displayName', split: 'last', default: '–' },
  userName: null,
  status: { path: 'disabled', values: { active: false, inactive: true }, default: 'active' },
  attributes: {
    tier: { path: 'plan.tier', default: 'free', onCreate: 'trial' },
    seats: { path: 'plan.seats', type: 'number' },
  },
  updatedAt: 'metadata.lastRefresh',
  passwordHash: null,
  passwordResetRequired: null,
  onCreate: { role: 'developer', 'metadata.createdAt': { now: 'iso' } },
};
const env = { PORTAL_MAPPING: JSON.stringify(mapping) };

test('a portal with the email as id, one display name and a switch for blocked people links and pushes as it is', async () => {
  const world = inProcess({ env });
  const grace = {
    displayName: 'Grace Brewster Hopper',
    disabled: true,
    plan: { seats: 5, since: 1 },
    metadata: { lastRefresh: 'Tue, 02 Jan 2024 03:04:05 GMT' },
  };
  world.database.putPortalDocument('grace@example.com', grace);
  world.database.putPortalDocument('cher@example.com', { displayName: 'Cher' });
  expect((await world.run()).totals?.counts).toMatchObject({ created: { apigee: 2 }, failed: 0 });
  expect(world.developers.all().toSorted((a, b) => (a.email < b.email ? -1 : 1))).toMatchObject([
    {
      email: 'cher@example.com',
      firstName: 'Cher',
      lastName: '–',
      status: 'active',
      attributes: new Map([['tier', 'free']]),
    },
    {
      email: 'grace@example.com',
      firstName: 'Grace Brewster',
      lastName: 'Hopper',
      status: 'inactive',
      attributes: new Map([
        ['seats', '5'],
        ['tier', 'free'],
      ]),
    },
  ]);
  expect(world.user('grace@example.com')).toEqual(grace);
  expect((await world.run()).totals?.traffic.writes).toBe(0);
  world.database.putPortalDocument('grace@example.com', { ...grace, disabled: false });
  await world.push('grace@example.com');
  expect(world.developers.all().map(({ status }) => status)).toEqual(['active', 'active']);
  expect((await world.run()).totals?.traffic.writes).toBe(0);
});

test('a portal user made from a developer has the email as id, and what the portal expects of a new user', async () => {
  const world = inProcess({ env });
  world.developers.seed(
    {
      email: 'ada@example.com',
      firstName: 'Ada',
      lastName: 'King',
      status: 'inactive',
      attributes: new Map([['seats', '3']]),
    },
    { email: 'a/b@example.com', firstName: 'A', lastName: 'B' },
  );
  expect((await world.run()).totals?.counts).toMatchObject({ created: { portal: 1 }, failed: 1 });
  const [made, ...others] = world.database.portalDocuments();
  expect(others).toEqual([]);
  const now = made?.data['metadata'] as { readonly lastRefresh: Date; readonly createdAt: string };
  expect(made).toMatchObject({
    id: 'ada@example.com',
    data: { displayName: 'Ada King', disabled: true, plan: { seats: 3, tier: 'trial' }, role: 'developer' },
  });
  expect(Date.parse(now.createdAt)).toBe(now.lastRefresh.getTime());
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 2, failed: 1 }, traffic: { writes: 0 } });
  expect(await world.push('ada@example.com')).toMatchObject([{ outcome: 'unchanged' }]);
  expect(world.developers.all().find(({ email }) => email === 'ada@example.com')?.attributes).toEqual(
    new Map([['seats', '3']]),
  );
});
