import { expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, unavailable } from './ann.ts';

test('what somebody adds to a developer whose creation was never heard of reaches the portal (rules 10, 24)', async () => {
  const clock = manualClock(Date.now());
  const world = inProcess({
    clock,
    wrap: (developers) => ({
      ...developers,
      async create(body) {
        await developers.create(body);
        return { ok: false, error: { ...unavailable.error, operation: 'create', ambiguous: true } };
      },
    }),
  });
  // The portal's clock is ahead: as a first contact it would win.
  world.database.putPortalDocument('ann', { ...annDocument, updatedAt: new Date(clock.now() + 86_400_000) });
  await world.push('ann');
  const created = developer(world);
  if (created === undefined) throw new Error('not created');
  clock.advance(60_000);
  await world.developers.update(ann, {
    ...created,
    userName: ann,
    firstName: 'Ann',
    lastName: 'Lee',
    attributes: new Map([...created.attributes, ['company', 'Acme']]),
  });
  clock.advance(3_600_000);
  await world.run();
  expect(world.user('ann')?.['attributes']).toEqual({ tier: 'gold', company: 'Acme' });
  expect((await world.run()).totals).toMatchObject({ counts: { unchanged: 1 }, traffic: { writes: 0 } });
});

test('a conflict that may be our own first try, whose answer was lost, is no first contact (rules 10, 24)', async () => {
  const clock = manualClock(Date.now());
  const world = inProcess({
    clock,
    wrap: (developers) => ({
      ...developers,
      async create(body) {
        await developers.create(body);
        // Meanwhile the user goes on typing.
        const document = { ...annDocument, firstName: 'Anne', updatedAt: new Date(0) };
        world.database.putPortalDocument('ann', document);
        const error = {
          ...unavailable.error,
          kind: 'conflict',
          operation: 'create',
          status: 409,
          ambiguous: true,
        } as const;
        return { ok: false, error };
      },
    }),
  });
  world.database.putPortalDocument('ann', { ...annDocument, updatedAt: new Date(0) });
  await world.push('ann');
  clock.advance(3_600_000);
  await world.run();
  expect(developer(world)).toMatchObject({ firstName: 'Anne' });
  expect(world.user('ann')).toMatchObject({ firstName: 'Anne' });
});
