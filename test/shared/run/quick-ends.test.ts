import { expect, test } from 'vitest';
import { approveRun } from '../../../shared/run/lifecycle/approve-run.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { fanOutAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { annDocument } from '../sync/ann.ts';

const bobDocument = { ...annDocument, email: 'bob@example.com' };

test('a batch that is delivered twice at once, and whose second delivery fails, lets its run go on (rule 24)', async () => {
  let completions = 0;
  const isFirstDone = Promise.withResolvers<undefined>();
  const world = inProcess({
    async around(effect, happen) {
      completions += effect === 'complete-batch' ? 1 : 0;
      if (effect !== 'complete-batch' || completions !== 2) return happen();
      await isFirstDone.promise;
      throw new Error('Firestore is away');
    },
  });
  world.database.putPortalDocument('ann', annDocument);
  await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'twice');
  for (const message of world.queue.splice(0)) await world.deliver(message);
  const batch = world.queue.find(({ topic }) => topic === 'batches');
  world.queue.splice(0);
  if (batch === undefined) throw new Error('there is no batch');
  const [first, second] = [world.deliver(batch), world.deliver(batch)];
  // Acknowledged: Pub/Sub has no message any more that the second delivery could give back.
  expect(await first).toBe('done');
  isFirstDone.resolve(undefined);
  expect(await second).toBe('again');
  await world.drain();
  expect(await world.services.runs(newMeter()).get('twice')).toMatchObject({ state: 'done' });
});

test('the report names every call once where the gate and the end are in one invocation (rule 26)', async () => {
  let isQuick = false;
  const world: InProcess = inProcess({
    env: { DESTRUCTIVE_LIMIT_PERCENT: '100' },
    async around(effect, happen) {
      const result = await happen();
      if (isQuick && effect === 'publish') await world.drain();
      return result;
    },
  });
  world.database.putPortalDocument('ann', annDocument);
  world.database.putPortalDocument('bob', bobDocument);
  await world.run();
  world.database.deletePortalDocument('ann');
  isQuick = true;
  const before = { ...world.calls };
  const { totals } = await world.run();
  const made = Object.entries(world.calls).map(([name, count]) => [name, count - before[name as keyof typeof before]]);
  expect(totals).toMatchObject({ counts: { updated: { apigee: 1 } }, calls: Object.fromEntries(made) as object });
});

test('a run that is approved goes on at once, also where a late message was told a moment before that it is held', async () => {
  const env = { CREATION_LIMIT: '1' };
  const world = inProcess({ env });
  world.database.putPortalDocument('ann', annDocument);
  world.database.putPortalDocument('bob', bobDocument);
  const { runId, state } = await world.run();
  expect(state).toBe('held');
  const other = inProcess({ env, sharing: world });
  await other.services.publisher.publishBatch({ runId, phase: 'portal', seq: 0 });
  await other.drain();
  await approveRun(openSession(other.services, fanOutAllowance), runId);
  await other.drain();
  expect(other.logs.filter(({ message }) => message.includes('stopped'))).toEqual([]);
  expect(await world.services.runs(newMeter()).get(runId)).toMatchObject({ state: 'done' });
});
