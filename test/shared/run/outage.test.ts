import { describe, expect, onTestFinished, test } from 'vitest';
import { startApigeeEmulator, type ApigeeEmulator } from '../../../local/apigee-emulator/server.ts';
import type { BreakerChange } from '../../../shared/apigee/breaker.ts';
import { developersOf } from '../../../shared/apigee/client.ts';
import { createApigeeConnection } from '../../../shared/apigee/connection.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { batchCalls } from '../../../shared/wiring/allowances.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';

const count = 300;

interface World extends InProcess {
  readonly apigee: ApigeeEmulator;
  readonly clock: ManualClock;
  readonly changes: readonly BreakerChange[];
}

/** The product in one process over the real client and an Apigee that can be down. Waiting takes no time. */
async function worldWithApigee(): Promise<World> {
  const apigee = await startApigeeEmulator({ mode: 'x', org: 'acme' });
  const clock = manualClock();
  const changes: BreakerChange[] = [];
  const connection = createApigeeConnection({
    type: 'x',
    endpoint: apigee.url,
    org: 'acme',
    credentials: { kind: 'token', token: 'very-secret-token' },
    ledger: createOwnLedger(600_000),
    ...batchCalls,
    clock: { now: clock.now, sleep: clock.wait, random: () => 0.5 },
    onBreaker: (change) => changes.push(change),
  });
  onTestFinished(async () => {
    connection.close();
    await apigee.close();
  });
  const world = inProcess({ clock, wrap: () => developersOf(connection) });
  for (let n = 0; n < count; n += 1) {
    const user = { email: `person-${String(n)}@example.com`, firstName: 'First', lastName: 'Last', status: 'active' };
    world.database.putPortalDocument(`user-${String(n)}`, user);
  }
  return { ...world, apigee, clock, changes };
}

/** Delivers everything once, and keeps what is to come again. */
async function deliverOnce(world: World): Promise<void> {
  const again: InProcess['queue'][number][] = [];
  for (let message = world.queue.shift(); message !== undefined; message = world.queue.shift()) {
    if ((await world.deliver(message)) === 'again') again.push(message);
  }
  world.queue.push(...again);
}

async function runOf(world: World, runId: string): Promise<Run | undefined> {
  return world.services.runs(newMeter()).get(runId);
}

/** Apigee goes down, and stays down, with this create. */
function downFromCreate(world: World, nth: number, change: () => void): void {
  let creates = 0;
  const stop = world.apigee.admin.onRequest(({ operation }) => {
    if (operation !== 'create') return;
    creates += 1;
    if (creates < nth) return;
    stop();
    change();
  });
}

describe('an outage in the middle of a run', () => {
  test('costs few calls while it lasts, and the run completes by redelivery with nobody failed (rules 7, 24, 25)', async () => {
    const world = await worldWithApigee();
    const { admin } = world.apigee;
    downFromCreate(world, 100, () => admin.configure({ outage: true }));
    const request = { mode: 'full', dryRun: false, reason: undefined } as const;
    await world.services.publisher.requestSync(request, 'run');
    await deliverOnce(world);
    const { total, create } = admin.counters().requests;
    // What was under way when it began, and who they were.
    expect(create - 100).toBeLessThanOrEqual(2 * batchCalls.maxConcurrent);
    expect(world.changes.map(({ kind }) => kind)).toEqual(['opened']);
    expect(await runOf(world, 'run')).toMatchObject({ state: 'running', phase: 'links' });

    for (let redelivery = 1; redelivery <= 8; redelivery += 1) {
      world.clock.advance(10_000);
      await deliverOnce(world);
      expect(world.queue).toHaveLength(1);
    }
    // One probe each at most.
    expect(admin.counters().requests.total - total).toBeLessThanOrEqual(8);
    expect(world.changes).toHaveLength(1);

    admin.configure({ outage: false });
    world.clock.advance(300_000);
    for (let redelivery = 1; redelivery <= 2; redelivery += 1) await deliverOnce(world);
    expect(world.queue).toEqual([]);
    expect(await runOf(world, 'run')).toMatchObject({
      state: 'done',
      totals: { counts: { seen: count, created: { apigee: count, portal: 0 }, failed: 0, held: 0, unchanged: 0 } },
    });
    expect(world.changes.map(({ kind }) => kind)).toEqual(['opened', 'closed']);
    expect(admin.developers()).toHaveLength(count);

    admin.resetCounters();
    const again = await world.run();
    expect(again.totals?.counts).toMatchObject({ seen: count, unchanged: count });
    expect(admin.counters().writes.total).toBe(0);
  });

  test('leaves the people it did not ask about due, not failed', async () => {
    const world = await worldWithApigee();
    downFromCreate(world, 100, () => world.apigee.admin.configure({ outage: true }));
    const request = { mode: 'full', dryRun: false, reason: undefined } as const;
    await world.services.publisher.requestSync(request, 'run');
    await deliverOnce(world);
    const people = world.services.people(newMeter());
    const failed = await people.troubledLinks({ after: undefined, limit: count });
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThanOrEqual(2 * batchCalls.maxConcurrent);
    expect(failed.every(({ link }) => link.failure?.attempts === 1)).toBe(true);
    world.clock.advance(120_000);
    const due = await people.linksDue({ after: undefined, limit: count, at: world.clock.now() });
    expect(due.length).toBeGreaterThanOrEqual(count - 100);
    expect(due.every(({ link }) => link.failure?.message.includes('not sent') !== true)).toBe(true);
  });
});

test('a run that Apigee denies in the middle fails at once, and the next one works (rule 25)', async () => {
  const world = await worldWithApigee();
  const { admin } = world.apigee;
  downFromCreate(world, 50, () => admin.addFault({ answer: 403, times: 'always' }));
  expect(await world.run()).toMatchObject({ state: 'failed', problem: expect.stringContaining('HTTP 403') });
  expect(admin.counters().requests.create).toBeLessThanOrEqual(50 + 2 * batchCalls.maxConcurrent);
  // Those under way when it failed have ended too.
  await expect.poll(() => world.changes).toEqual([expect.objectContaining({ kind: 'opened', trouble: 'denied' })]);

  admin.clearFaults();
  world.clock.advance(10_000);
  expect(await world.run()).toMatchObject({
    state: 'done',
    totals: { counts: { seen: count, failed: 0, held: 0 } },
  });
  expect(admin.developers()).toHaveLength(count);
});
