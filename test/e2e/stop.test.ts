import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { expectSettled, useStack, userDocument, type TestStack } from './use-stack.ts';

const stackFor = useStack({ env: { ...process.env, CREATION_LIMIT: '100000' } });

/** Rule 33 says seconds. */
const stopTakes = 5000;
const people = 600;
const edited = 30;

const emailOf = (index: number): string => `person-${String(index)}@example.com`;

/** When Apigee was asked to write, ms. */
function watchWrites(stack: TestStack) {
  const times: number[] = [];
  const writes = new Set(['create', 'update', 'status', 'delete', 'attributes']);
  const end = stack.apigee.admin.onRequest(({ operation }) => {
    if (writes.has(operation)) times.push(Date.now());
  });
  return { times, end };
}

async function until(isSo: () => boolean | Promise<boolean>, mostMs: number): Promise<void> {
  const started = performance.now();
  while (!(await isSo())) {
    if (performance.now() - started > mostMs) throw new Error(`not so after ${String(mostMs)} ms`);
    await sleep(50);
  }
}

test(
  'stop ends every write of a run and of pushes within seconds, and after resume everything arrives (rule 33)',
  { timeout: 120_000 },
  async (context) => {
    const stack = stackFor(context);
    // People to be edited are in step on both sides; the others are to be created on the portal by the run.
    const ids = Array.from({ length: edited }, (_, index) => index);
    await stack.portal.putAll(ids.map((index) => [`user-${String(index)}`, userDocument(index)] as const));
    await until(() => stack.apigee.admin.developers().length === edited, 60_000);
    await stack.relay.idle();
    stack.apigee.admin.seed(
      Array.from({ length: people }, (_, index) => ({
        email: emailOf(edited + index),
        firstName: 'First',
        lastName: 'Last',
        lastModifiedAt: Date.now() - 3_600_000,
      })),
    );

    const watched = watchWrites(stack);
    const runId = await stack.publish({ mode: 'full' });
    const onPortal = async () => (await stack.portal.all()).size;
    await until(async () => (await onPortal()) > edited, 60_000);
    const editing = Promise.all(
      ids.map((index) => stack.portal.edit(`user-${String(index)}`, { firstName: `Edited ${String(index)}` })),
    );
    expect((await stack.devsync('stop', '--reason', 'wrong mapping')).code).toBe(0);
    const stopped = Date.now();
    await editing;
    await sleep(stopTakes);
    const created = await onPortal();
    expect(created).toBeLessThan(edited + people);
    // What is edited while everything is stopped waits as well.
    await stack.portal.edit('user-0', { lastName: 'Stopped' });
    await sleep(stopTakes);
    expect(watched.times.filter((at) => at > stopped + stopTakes)).toEqual([]);
    expect(await onPortal()).toBe(created);
    expect(stack.apigee.admin.developer(emailOf(0))?.lastName).toBe('Last');

    expect((await stack.devsync('resume')).code).toBe(0);
    const isDone = async () => (await stack.runs.get(runId))?.state === 'done';
    await until(isDone, 60_000);
    await stack.relay.idle();
    await stack.run();
    watched.end();
    expect(await onPortal()).toBe(edited + people);
    for (const index of ids)
      expect(stack.apigee.admin.developer(emailOf(index))?.firstName).toBe(`Edited ${String(index)}`);
    expect(stack.apigee.admin.developer(emailOf(0))?.lastName).toBe('Stopped');
    await expectSettled(stack);
  },
);
