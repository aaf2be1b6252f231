import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { followRun } from '../../shared/operator/views/progress.ts';
import type { RequestListener } from '../../local/apigee-emulator/state.ts';
import type { FunctionProcess } from '../../local/function-process.ts';
import { canonicalEmail } from '../../shared/core/model/email.ts';
import { newMeter } from '../../shared/state/meter.ts';
import type { BatchId } from '../../shared/state/batch.ts';
import type { Run } from '../../shared/state/runs.ts';
import { expectSettled, populate, useStack, userDocument, type TestStack } from './use-stack.ts';

const stackFor = useStack({
  relay: { first: 100, longest: 2000, deadline: 10_000 },
  backoff: { minimum: 1, maximum: 1 },
  maxDeliveryAttempts: 6,
});

/** A batch works on so many. */
const peopleAtOnce = 16;

const functionOf = ({ processes }: TestStack, wanted: string): FunctionProcess => {
  const found = processes.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`the stack has no ${wanted}`);
  return found;
};

/**
 * People on the portal alone, whom no event has told of. Answers their documents' ids, which no other test uses, so that no
 * late event concerns them.
 */
async function onPortalOnly({ portal, relay }: TestStack, count: number): Promise<readonly string[]> {
  relay.disturb(() => []);
  const numbers = Array.from({ length: count }, (_, index) => index);
  const ids = numbers.map(() => randomUUID());
  await portal.putAll(ids.map((id, index) => [id, userDocument(index)] as const));
  return ids;
}

type Request = Parameters<RequestListener>[0];

/**
 * Keeps these calls waiting until there are so many, then acts, and lets them go. Killed while all of it waits for Apigee, a
 * process leaves no transaction open: Firestore itself would keep such a one for a minute.
 */
function atCalls(
  { apigee: { admin } }: TestStack,
  isMeant: (request: Request) => boolean,
  count: number,
  act: () => Promise<void>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let calls = 0;
  const stop = admin.onRequest(async (request) => {
    if (!isMeant(request)) return;
    calls += 1;
    if (calls === count) {
      stop();
      await act().then(resolve, reject);
    }
    await promise;
  });
  return promise;
}

const isCreate = ({ operation }: Request): boolean => operation === 'create';
/** The walk's own calls begin with the page's last key from the second on. */
const isLaterWalk = ({ operation, params }: Request): boolean =>
  operation === 'list' && params.get('expand') !== 'true' && params.has('startKey');

/** As if the leases that dead processes left behind had run out. */
async function expireLeases({ services, portal }: TestStack): Promise<void> {
  const people = services.people(newMeter());
  const emails = [...(await portal.all()).values()].flatMap(({ email }) => canonicalEmail(email) ?? []);
  const links = await people.links(emails);
  const keys = [...links.values()].flatMap(({ link }) => (link.lease === undefined ? [] : [link.key]));
  expect(keys.length).toBeGreaterThan(0);
  await people.transact({ links: keys, userIds: [] }, ({ links: found }) => ({
    result: undefined,
    links: [...found.values()].map(({ link }) => ({ ...link, lease: undefined })),
  }));
}

/** Both sides say the same of everybody, and a further run finds nothing to write. */
async function expectAgreement(stack: TestStack, count: number): Promise<void> {
  await stack.relay.idle();
  await expectSettled(stack);
  const users = [...(await stack.portal.all()).values()].map(({ email, firstName, lastName, status, attributes }) => ({
    email,
    firstName,
    lastName,
    status,
    tier: (attributes as { readonly tier?: string }).tier,
  }));
  const developers = stack.apigee.admin.developers().map(({ email, firstName, lastName, status, attributes }) => ({
    email,
    firstName,
    lastName,
    status,
    tier: attributes.find(({ name }) => name === 'tier')?.value,
  }));
  const byEmail = (a: { readonly email: unknown }, b: { readonly email: unknown }): number =>
    String(a.email).localeCompare(String(b.email));
  expect(developers).toHaveLength(count);
  expect(developers.toSorted(byEmail)).toEqual(users.toSorted(byEmail));
}

async function batchesOf(stack: TestStack, runId: string): Promise<readonly BatchId[]> {
  const batches: BatchId[] = [];
  for await (const { phase, seq } of stack.runs.batches(runId)) batches.push({ runId, phase, seq });
  return batches;
}

const follow = (stack: TestStack, runId: string): Promise<Run> =>
  followRun(stack.runs, runId, { stillLimitMs: 60_000, pollMs: 100 });

describe('on the emulators nothing is lost', { timeout: 180_000 }, () => {
  test('when reconcile-batch is killed while Apigee carries out its calls (rules 21, 24)', async (context) => {
    const stack = stackFor(context);
    const reconcile = functionOf(stack, 'reconcile-batch');
    await onPortalOnly(stack, 40);
    const restarted = atCalls(stack, isCreate, peopleAtOnce, async () => {
      await reconcile.kill();
      await expireLeases(stack);
    }).then(() => reconcile.restart());
    const run = await stack.run();
    await restarted;
    expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: 40, failed: 0, held: 0 } } });
    await expectAgreement(stack, 40);
  });

  test('when fan-out is killed in the middle of its walk (rule 24)', async (context) => {
    const stack = stackFor(context);
    const fanOut = functionOf(stack, 'fan-out');
    stack.relay.disturb(() => []);
    await populate(stack, 20);
    const restarted = atCalls(stack, isLaterWalk, 1, () => fanOut.kill()).then(() => fanOut.restart());
    const run = await stack.run();
    await restarted;
    expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: 20, unchanged: 20 } } });
    await expectAgreement(stack, 20);
  });

  test("when push-portal-edit is killed between Apigee's write and ours (rules 21, 23, 24)", async (context) => {
    const stack = stackFor(context);
    const id = randomUUID();
    const push = functionOf(stack, 'push-portal-edit');
    const restarted = atCalls(stack, isCreate, 1, async () => {
      await push.kill();
      await expireLeases(stack);
    }).then(() => push.restart());
    await stack.edit(id, () => stack.portal.put(id, userDocument(1)));
    await restarted;
    expect(stack.apigee.admin.counters().requests).toMatchObject({ create: 1, update: 0 });
    await stack.edit(id, () => stack.portal.edit(id, { lastName: 'Edited' }));
    await expectAgreement(stack, 1);
  });

  test('when one person is pushed again and again while runs are on (rules 21, 22)', async (context) => {
    const stack = stackFor(context);
    const [id = ''] = await onPortalOnly(stack, 10);
    stack.relay.disturb(undefined);
    const runs = [stack.run(), stack.run()];
    await stack.edit(
      id,
      async () => {
        for (let n = 1; n <= 8; n += 1) {
          await stack.portal.edit(id, { lastName: `Edited ${String(n)}`, attributes: { tier: String(n) } });
        }
      },
      8,
    );
    for (const run of await Promise.all(runs)) expect(run.state).toBe('done');
    expect(stack.apigee.admin.developer('person-0@example.com')).toMatchObject({ lastName: 'Edited 8' });
    await stack.run();
    await expectAgreement(stack, 10);
  });

  test('when Apigee is away for longer than every retry of a push and of a run (rules 7, 25)', async (context) => {
    const stack = stackFor(context);
    const { admin } = stack.apigee;
    const [id = ''] = await onPortalOnly(stack, 10);
    stack.relay.disturb(undefined);
    admin.configure({ outage: true });
    let run: Promise<Run> | undefined;
    await stack.edit(id, async () => {
      await stack.portal.edit(id, { lastName: 'Edited' });
      run = stack.run();
      // Five tries each: the event and the message have been given back at least once.
      const { requests } = admin.counters();
      await untilRequests(stack, () => admin.counters().requests.get - requests.get > 10);
      expect(admin.developers()).toEqual([]);
      admin.configure({ outage: false });
    });
    expect(admin.developer('person-0@example.com')).toMatchObject({ lastName: 'Edited' });
    expect(await run).toMatchObject({ state: 'done', totals: { counts: { seen: 10, failed: 0, held: 0 } } });
    await expectAgreement(stack, 10);
  });

  test('when messages of both topics were given up: replayed, they let their run complete (rule 25)', async (context) => {
    const stack = stackFor(context);
    const { requestsTopic, batchesTopic } = stack.config;
    await onPortalOnly(stack, 3);
    stack.apigee.admin.seed([{ email: 'only-apigee@example.com', attributes: { tier: 'gold' } }]);
    // With this start key the walk goes on, and the batch reads its page.
    stack.apigee.admin.addFault({
      match: { operation: 'list', email: 'only-apigee@example.com' },
      answer: 'html-404',
      times: 'always',
    });
    const missing = new Set([requestsTopic, batchesTopic]);
    const givenUp = new Promise<void>((resolve) => {
      stack.onDeadLetter((topic) => {
        missing.delete(topic);
        if (missing.size === 0) resolve();
      });
    });
    const runId = await stack.publish();
    await givenUp;
    expect(await stack.runs.get(runId)).toMatchObject({ state: 'running', phase: 'apigee' });
    stack.apigee.admin.clearFaults();

    expect(await stack.devsync('replay', '--topic', 'batches', '--dry-run')).toMatchObject({
      code: 0,
      out: `${batchesTopic}: 1 dead letter: 1 would be published again, 0 would be rejected\n`,
    });
    const words = '1 dead letter: 1 published again, 0 rejected\n';
    expect(await stack.devsync('replay')).toMatchObject({
      code: 0,
      out: `${requestsTopic}: ${words}${batchesTopic}: ${words}`,
    });
    expect(await follow(stack, runId)).toMatchObject({
      state: 'done',
      totals: { counts: { seen: 4, created: { apigee: 3, portal: 1 }, failed: 0 } },
    });
    expect((await stack.devsync('replay', '--topic', 'batches')).out).toBe(`${batchesTopic}: no dead letters\n`);
    await expectAgreement(stack, 4);
  });

  test('when messages of both topics come many times and in another order (rules 20, 26)', async (context) => {
    const stack = stackFor(context);
    const { publisher } = stack.services;
    await onPortalOnly(stack, 40);
    stack.apigee.admin.seed([{ email: 'only-apigee@example.com', attributes: { tier: 'gold' } }]);
    const runId = await stack.publish();
    const again: Promise<unknown>[] = [];
    const stop = stack.apigee.admin.onRequest(async () => {
      if (again.length >= 200) return;
      const batches = (await batchesOf(stack, runId)).toReversed();
      again.push(publisher.continueRun(runId), ...batches.map((batch) => publisher.publishBatch(batch)));
      again.push(publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, runId));
    });
    const run = await follow(stack, runId);
    stop();
    for (const batch of (await batchesOf(stack, runId)).toReversed()) again.push(publisher.publishBatch(batch));
    await Promise.all(again);
    expect(run).toMatchObject({
      state: 'done',
      totals: { counts: { seen: 41, created: { apigee: 40, portal: 1 }, failed: 0, held: 0, unchanged: 0 } },
    });
    expect(again.length).toBeGreaterThan(20);
    expect(stack.apigee.admin.counters().writes).toMatchObject({ create: 40, update: 0 });
    // What was still being worked on when the run ended ends with this one.
    await stack.run();
    await expectAgreement(stack, 41);
  });
});

/** Resolves at the first request for which it is true. */
async function untilRequests(stack: TestStack, isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = stack.apigee.admin.onRequest(() => resolve());
    await promise;
    stop();
    await turn();
  }
}
