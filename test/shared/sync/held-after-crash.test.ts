import { expect, test } from 'vitest';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument } from './ann.ts';

const bob = 'bob@example.com';

/** Bob is in step. Ann was being created when the process died, and has taken Bob's email since: she is held. */
async function heldAnn(): Promise<InProcess> {
  const clock = manualClock(Date.now());
  const world = inProcess({
    clock,
    env: { APIGEE_DELETE_POLICY: 'hold' },
    wrap: (developers) => ({
      ...developers,
      async create(body) {
        if (body.email === ann) throw new Error('crashed');
        return developers.create(body);
      },
    }),
  });
  world.database.putPortalDocument('bob', { ...annDocument, email: bob });
  await world.run();
  world.database.putPortalDocument('ann', annDocument);
  await expect(world.push('ann')).rejects.toThrow('crashed');
  clock.advance(3_600_000);
  world.database.putPortalDocument('ann', { ...annDocument, email: bob });
  await world.push('ann');
  expect(world.database.linkOf(ann)).toMatchObject({ hold: { reason: 'rename-collision' } });
  return world;
}

test('a developer who appears under the email of somebody held is noticed (rule 1)', async () => {
  const world = await heldAnn();
  world.developers.seed({ email: ann });
  await world.run();
  expect(world.database.linkOf(ann)).toMatchObject({ presence: 'both' });
  expect((await world.run()).totals).toMatchObject({ traffic: { writes: 0 }, calls: { get: 0 } });
});

test('and hides nobody who was deleted (rule 15)', async () => {
  const world = await heldAnn();
  world.developers.seed({ email: ann });
  world.developers.remove(bob);
  await world.run();
  expect(world.database.linkOf(bob as typeof ann)).toMatchObject({ presence: 'portal' });
});

test.each([
  ['unverified', { id: 'ann', document: { ...annDocument, ok: false } }],
  ['held', { id: 'twin', document: { ...annDocument, ok: true } }],
])(
  'whose developer is deleted while they are %s after a crash costs one look, not one in every run (rule 12)',
  async (_, { id, document }) => {
    const clock = manualClock(Date.now());
    const world = inProcess({
      clock,
      env: { PORTAL_MAPPING: '{"emailVerified":"ok"}' },
      wrap: (developers) => ({
        ...developers,
        async update() {
          throw new Error('crashed');
        },
      }),
    });
    world.database.putPortalDocument('ann', { ...annDocument, ok: true });
    await world.run();
    world.database.putPortalDocument('ann', { ...annDocument, ok: true, lastName: 'Leigh' });
    await expect(world.push('ann')).rejects.toThrow('crashed');
    clock.advance(3_600_000);
    world.database.putPortalDocument(id, document);
    await world.push(id);
    world.developers.remove(ann);
    await world.run();
    expect((await world.run()).totals).toMatchObject({ calls: { get: 0 }, traffic: { writes: 0 } });
  },
);
