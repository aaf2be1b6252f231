import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { newMeter } from '../../shared/state/meter.ts';
import { apigeeEditor } from './apigee-editor.ts';
import { expectSettled, populate, useStack, type TestStack } from './use-stack.ts';

const stackFor = useStack({ env: { ...process.env, PULL: 'audit-log', CREATION_LIMIT: '100000' } });
const emailOf = (index: number): string => `person-${String(index)}@example.com`;
const idOf = (index: number): string => `user-${String(index)}`;
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** `count` people in step, and nothing under way. */
async function inStep(stack: TestStack, count: number): Promise<void> {
  stack.relay.disturb(() => []);
  await populate(stack, count);
  await stack.run();
  stack.relay.disturb(undefined);
  stack.apigee.admin.resetCounters();
}

/** Makes an edit in Apigee and answers how long it took until the portal shows it, ms. */
async function timeToPortal(edit: () => Promise<void>, isThere: () => Promise<boolean>): Promise<number> {
  const made = edit();
  const started = performance.now();
  await made;
  while (!(await isThere())) {
    if (performance.now() - started > 30_000) throw new Error('the edit never came');
    await sleep(10);
  }
  return performance.now() - started;
}

const percentile = (times: readonly number[], part: number): number =>
  times.toSorted((a, b) => a - b)[Math.ceil(times.length * part) - 1] ?? Number.NaN;

async function quiet(stack: TestStack): Promise<void> {
  await stack.pushes.idle();
  await stack.relay.idle();
}

test(
  'an edit in Apigee of any kind is on the portal within a second, without a run, for one GET (rule 40)',
  { timeout: 180_000 },
  async (context) => {
    const stack = stackFor(context);
    await inStep(stack, 20);
    const editor = apigeeEditor(stack);
    const user = async (index: number) => (await stack.portal.get(idOf(index))) ?? {};
    const attributesOf = async (index: number) =>
      new Map(Object.entries(z.record(z.string(), z.string()).parse((await user(index))['attributes'])));
    const baseOf = async (index: number) => {
      const links = await stack.services.people(newMeter()).linksOfPortalUser(idOf(index));
      return links[0]?.link;
    };
    const times: number[] = [];
    const gets = (): number => stack.apigee.admin.counters().requests.get;
    for (const index of numbers(20)) {
      const email = emailOf(index);
      const name = `New ${String(index)}`;
      const before = gets();
      const kinds = [
        () =>
          timeToPortal(
            () => editor.save(email, { firstName: name }),
            async () => (await user(index))['firstName'] === name,
          ),
        () =>
          timeToPortal(
            () => editor.setAttribute(email, 'city', name),
            async () => (await attributesOf(index)).get('city') === name,
          ),
        () =>
          timeToPortal(
            () => editor.removeAttribute(email, 'tier'),
            async () => !(await attributesOf(index)).has('tier'),
          ),
        () =>
          timeToPortal(
            () => editor.setStatus(email, 'inactive'),
            async () => (await baseOf(index))?.base?.developer.status === 'inactive',
          ),
        () =>
          timeToPortal(
            () => editor.create(`new-${email}`),
            async () => [...(await stack.portal.all()).values()].some((one) => one['email'] === `new-${email}`),
          ),
      ] as const;
      times.push(await (kinds[index % kinds.length] ?? kinds[0])());
      await quiet(stack);
      expect([index, gets() - before]).toEqual([index, 1]);
    }
    const { create, update, status } = stack.apigee.admin.counters().writes;
    // What we did not make ourselves: the edits, and no echo of any of them.
    expect([create, update, status]).toEqual([4, 4, 4]);
    const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
    console.log(`edits in Apigee on the portal: p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`);
    expect(p50).toBeLessThan(1000);
    expect(p99).toBeLessThan(5000);

    await timeToPortal(
      () => editor.delete(emailOf(0)),
      async () => stack.apigee.admin.developer(emailOf(0)) !== undefined,
    );
    await quiet(stack);
    await expectSettled(stack);
  },
);

/** How many are made at once; `PULL_EDITS=1000` makes that many within a minute instead. */
const most = Number(process.env['PULL_EDITS'] ?? 50);
const pauseMs = most > 50 ? 60_000 / most : 0;

test(
  `${String(most)} edits all arrive, and what a run writes itself costs no call (rules 23, 40)`,
  { timeout: 600_000 },
  async (context) => {
    const stack = stackFor(context);
    const count = most;
    await inStep(stack, count);
    const editor = apigeeEditor(stack);
    await Promise.all(
      numbers(count).map(async (index) => {
        await sleep(index * pauseMs);
        await editor.save(emailOf(index), { lastName: `L${String(index)}` });
      }),
    );
    const arrived = async (): Promise<number> => {
      const all = await stack.portal.all();
      return numbers(count).filter((index) => all.get(idOf(index))?.['lastName'] === `L${String(index)}`).length;
    };
    await expect.poll(arrived, { timeout: 300_000, interval: 200 }).toBe(count);
    await quiet(stack);
    expect(stack.apigee.admin.counters().requests).toMatchObject({ get: count, update: count, list: 0 });

    // As where the sink leaves nothing out.
    stack.apigee.admin.resetCounters();
    stack.tellOfOwn(true);
    stack.relay.disturb(() => []);
    for (const index of numbers(10)) await stack.portal.edit(idOf(index), { firstName: `F${String(index)}` });
    let told = 0;
    const end = stack.onPulled(() => {
      told += 1;
    });
    const run = await stack.run();
    await expect.poll(() => told, { timeout: 60_000 }).toBe(10);
    await quiet(stack);
    end();
    stack.tellOfOwn(false);
    expect(stack.apigee.admin.counters().requests).toMatchObject({ get: run.totals?.calls.get, update: 10, status: 0 });
  },
);
