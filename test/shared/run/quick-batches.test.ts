import { expect, test } from 'vitest';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { annDocument } from '../sync/ann.ts';

/** Every batch is done before its walk goes on. */
function withQuickBatches(env: Readonly<Record<string, string>> = {}): InProcess {
  const world: InProcess = inProcess({
    env,
    async around(effect, happen) {
      const result = await happen();
      if (effect === 'publish') await world.drain();
      return result;
    },
  });
  return world;
}

test('a run does not search for the developers it has just created: they came after the listing', async () => {
  const world = withQuickBatches();
  world.database.putPortalDocument('ann', annDocument);
  const run = await world.run();
  expect(run.totals).toMatchObject({ counts: { seen: 1, created: { apigee: 1 } }, calls: { get: 0, create: 1 } });
});

test('a dry run does not take a developer it would have created for deleted in Apigee (rule 15)', async () => {
  const world = withQuickBatches({ APIGEE_DELETE_POLICY: 'hold' });
  world.database.putPortalDocument('ann', annDocument);
  const run = await world.run({ dryRun: true });
  expect(run.totals?.counts).toMatchObject({ seen: 1, created: { apigee: 1 }, held: 0 });
});
