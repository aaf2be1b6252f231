import { expect, test } from 'vitest';
import { syncPerson } from '../../../shared/sync/sync-person.ts';
import { batchAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

test('a PUT carries what was added in Apigee since the listing was made (rule 13)', async () => {
  const world = await linked();
  const listed = developer(world);
  if (listed === undefined) throw new Error('there is no developer');
  const attributes = new Map([...listed.attributes, ['MINT_LATE', 'yes'] as const]);
  // As if within the same millisecond: not even the times tell that the listing is out of date.
  world.developers.seed({ ...listed, attributes });
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
  const deps = {
    ...openSession(world.services, batchAllowance),
    by: { kind: 'run', runId: 'run' },
    gate: { kind: 'closed' },
  } as const;
  const result = await syncPerson(deps, { key: ann, hints: [] }, { kind: 'developer', developer: listed });
  expect(result.outcome).toBe('updated-apigee');
  expect(developer(world)).toMatchObject({ lastName: 'Leigh', attributes });
});

test('the read under the lease goes before reads of people who are not begun (rule 13)', async () => {
  const turns: unknown[] = [];
  const world = await linked({
    wrap: (developers) => ({
      ...developers,
      get(email, turn) {
        turns.push([turn, world.database.linkOf(ann)?.lease !== undefined]);
        return developers.get(email, turn);
      },
    }),
  });
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
  await world.push('ann');
  expect(turns).toEqual([['begun', true]]);
});
