import { expect, test } from 'vitest';
import { crowd, deleteUsers, inactive } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';

test('the gate counts the whole run, where each batch for itself is under the limit (rule 16)', async () => {
  const world = inProcess({ env: { DESTRUCTIVE_LIMIT: '550', DESTRUCTIVE_LIMIT_PERCENT: '100' } });
  await crowd(world, 700);
  deleteUsers(world, 0, 600);
  const run = await world.run();
  expect(run).toMatchObject({ state: 'held', gate: { planned: 600, seen: 700, open: false } });
  expect(run.walks.links.batches).toBeGreaterThan(1);
  expect(inactive(world)).toEqual([]);
});
