import { expect, test, vi } from 'vitest';
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

test('a run that was approved is not held once more by an invocation that had counted it before (rules 16, 24)', async () => {
  const isApproved = Promise.withResolvers<undefined>();
  let holds = 0;
  const env = { CREATION_LIMIT: '1' };
  const world: InProcess = inProcess({
    env,
    async around(effect, happen) {
      const run = effect === 'update-run' ? [...world.database.runs.runs.values()][0] : undefined;
      if (run?.phase === 'links' && run.walks.links.complete && (holds += 1) === 1) await isApproved.promise;
      return happen();
    },
  });
  world.database.putPortalDocument('ann', annDocument);
  world.database.putPortalDocument('bob', bobDocument);
  const other = inProcess({ env, sharing: world });
  await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'slow');
  const slow = world.drain();
  await vi.waitFor(() => expect(holds).toBe(1));
  await other.services.publisher.continueRun('slow');
  await other.drain();
  const runs = world.services.runs(newMeter());
  expect(await runs.get('slow')).toMatchObject({ state: 'held' });
  expect(await approveRun(openSession(other.services, fanOutAllowance), 'slow')).toMatchObject({ kind: 'approved' });
  const [turn, ...more] = other.queue.splice(0);
  if (turn === undefined || more.length > 0) throw new Error('the approved run has one message');
  await other.deliver(turn);
  expect(await runs.get('slow')).toMatchObject({ state: 'running', phase: 'destructive' });
  isApproved.resolve(undefined);
  await slow;
  expect(world.logs.filter(({ event }) => event === 'run_held')).toEqual([]);
  await other.drain();
  expect(await runs.get('slow')).toMatchObject({ state: 'done' });
});
