import { expect, test } from 'vitest';
import { manualClock } from '../../support/manual-clock.ts';
import { annDocument, linked, unavailable } from './ann.ts';

test('who is refused for good after a crash costs later runs nothing (rules 12, 25)', async () => {
  const clock = manualClock(Date.now());
  let answer: 'crash' | 'refused' = 'crash';
  const world = await linked({
    clock,
    wrap: (developers) => ({
      ...developers,
      async update() {
        if (answer === 'crash') throw new Error('crashed');
        return { ok: false, error: { ...unavailable.error, kind: 'refused', status: 400 } };
      },
    }),
  });
  world.database.putPortalDocument('ann', { ...annDocument, email: 'anne@example.com', firstName: 'Anne' });
  await expect(world.push('ann')).rejects.toThrow('crashed');
  answer = 'refused';
  clock.advance(3_600_000);
  await world.run();
  expect((await world.run()).totals).toMatchObject({
    counts: { failed: 1 },
    calls: { get: 0 },
    traffic: { writes: 0 },
  });
});
