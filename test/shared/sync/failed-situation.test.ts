import { expect, test } from 'vitest';
import type { Developers } from '../../../shared/apigee/developers.ts';
import { annDocument, linked, unavailable } from './ann.ts';

const failing = (operation: 'get' | 'update') => (developers: Developers) =>
  operation === 'get'
    ? { ...developers, get: async () => unavailable }
    : { ...developers, update: async () => unavailable };

test.each([
  ['get', { situation: 'unknown', fields: [] }],
  ['update', { situation: 'portal-changed', fields: ['lastName'] }],
] as const)(
  'where Apigee does not answer a %s, the result says what was found: %j (rule 7)',
  async (operation, found) => {
    const world = await linked({ wrap: failing(operation) });
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    expect(await world.push('ann')).toMatchObject([{ ...found, outcome: 'failed', disposition: 'retry' }]);
  },
);

test.each([
  ['get', 'unknown'],
  ['update', 'portal-changed'],
] as const)('a run reports the same where Apigee does not answer a %s: %s (rule 26)', async (operation, situation) => {
  const world = await linked({ wrap: failing(operation) });
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
  const run = await world.run();
  expect(await world.rows(run)).toMatchObject([{ situation, outcome: 'failed' }]);
});
