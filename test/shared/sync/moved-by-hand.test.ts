import { describe, expect, test } from 'vitest';
import type { CanonicalEmail } from '../../../shared/core/model/email.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import type { InProcess } from '../../support/in-process.ts';
import { ann, annDocument, linked } from './ann.ts';

const anne = 'anne@example.com' as CanonicalEmail;

/** Ann took another email, and Apigee X does not rename. */
async function refused(): Promise<{ world: InProcess; clock: ManualClock }> {
  const clock = manualClock(Date.now());
  const world = await linked({ clock });
  world.database.putPortalDocument('ann', { ...annDocument, email: anne });
  await world.push('ann');
  expect(world.database.linkOf(ann)?.hold?.reason).toBe('rename-refused');
  return { world, clock };
}

async function expectMoved(world: InProcess, clock: ManualClock): Promise<void> {
  await world.run();
  expect(world.database.linkOf(anne)).toMatchObject({ presence: 'both', userId: 'ann' });
  expect(world.database.linkOf(anne)?.hold).toBeUndefined();
  clock.advance(3_600_000);
  await world.run();
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, held: 0 }, traffic: { writes: 0 } });
  expect(world.developers.all().map(({ email }) => email)).toEqual([anne]);
  expect(world.database.portalDocuments().map(({ id }) => id)).toEqual(['ann']);
}

describe('an operator makes the new developer and deletes the old one, as the runbook says (rule 17)', () => {
  test('with a run in between', async () => {
    const { world, clock } = await refused();
    world.developers.seed({ email: anne, firstName: 'Ann', lastName: 'Lee', lastModifiedAt: clock.now() });
    clock.advance(3_600_000);
    await world.run();
    world.developers.remove(ann);
    clock.advance(3_600_000);
    await expectMoved(world, clock);
  });

  test('before any run saw both', async () => {
    const { world, clock } = await refused();
    world.developers.seed({ email: anne, firstName: 'Ann', lastName: 'Lee', lastModifiedAt: clock.now() });
    world.developers.remove(ann);
    clock.advance(3_600_000);
    await world.run();
    await expectMoved(world, clock);
  });

  test('after which edits go on under the new email', async () => {
    const { world, clock } = await refused();
    world.developers.seed({ email: anne, firstName: 'Ann', lastName: 'Lee', lastModifiedAt: clock.now() });
    world.developers.remove(ann);
    clock.advance(3_600_000);
    await world.run();
    await world.run();
    clock.advance(3_600_000);
    world.database.putPortalDocument('ann', { ...annDocument, email: anne, firstName: 'Anne' });
    await world.push('ann');
    expect(world.developers.all()).toMatchObject([{ email: anne, firstName: 'Anne' }]);
  });
});
