import { expect, test } from 'vitest';
import { ann, annDocument, linked } from './ann.ts';

test('who registers after both sides were deleted and is refused for good costs no write in later runs (rules 12, 25)', async () => {
  const error = {
    kind: 'refused',
    operation: 'create',
    status: 400,
    code: undefined,
    message: 'create: refused',
    ambiguous: false,
  } as const;
  const world = await linked({
    env: { PORTAL_DELETE_POLICY: 'keep' },
    wrap: (developers) => ({ ...developers, create: async () => ({ ok: false, error }) }),
  });
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  world.developers.remove(ann);
  world.database.putPortalDocument('again', annDocument);
  await world.push('again');
  await world.run();
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, failed: 1 }, traffic: { writes: 0 } });
});
