import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { newMeter } from '../../shared/state/meter.ts';
import { apigeeEditor } from './apigee-editor.ts';
import { expectSettled, populate, useStack, type TestStack } from './use-stack.ts';

const stackFor = useStack({ env: { ...process.env, CREATION_LIMIT: '100000' } });
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
    const attributesOf = async (index: number) => new Map(Object.entries(Object((await user(index))['attributes'])));
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

test('1,000 edits within a minute all arrive, for one GET each at most', { timeout: 240_000 }, async (context) => {
  const stack = stackFor(context);
  const count = 1000;
  await inStep(stack, count);
  const editor = apigeeEditor(stack);
  const started = performance.now();
  for (const start of numbers(count / 20)) {
    await Promise.all(
      numbers(20).map((offset) =>
        editor.save(emailOf(start * 20 + offset), { lastName: `L${String(start * 20 + offset)}` }),
      ),
    );
  }
  const made = performance.now() - started;
  const arrived = async (): Promise<number> => {
    const all = await stack.portal.all();
    return numbers(count).filter((index) => all.get(idOf(index))?.['lastName'] === `L${String(index)}`).length;
  };
  await expect.poll(arrived, { timeout: 120_000, interval: 500 }).toBe(count);
  const took = performance.now() - started;
  await quiet(stack);
  const { get, list, update } = stack.apigee.admin.counters().requests;
  console.log(
    `1,000 edits made in ${(made / 1000).toFixed(1)} s, all on the portal after ${(took / 1000).toFixed(1)} s: ${String(get)} GET, ${String(list)} listings`,
  );
  expect(made).toBeLessThan(60_000);
  expect(get).toBeLessThanOrEqual(count);
  expect(update).toBe(count);
});

test(
  'a full run that writes 1,000 developers costs one read of a link each where the sink leaves nothing out, and no call',
  { timeout: 240_000 },
  async (context) => {
    const stack = stackFor(context);
    const count = 1000;
    await inStep(stack, count);
    stack.tellOfOwn(true);
    stack.relay.disturb(() => []);
    await Promise.all(numbers(count).map((index) => stack.portal.edit(idOf(index), { lastName: `L${String(index)}` })));
    const entries = { taken: 0 };
    const end = stack.onPulled(() => {
      entries.taken += 1;
    });
    const run = await stack.run();
    await expect.poll(() => entries.taken, { timeout: 120_000 }).toBe(count);
    await quiet(stack);
    end();
    stack.tellOfOwn(false);
    expect(run.totals?.counts.updated.apigee).toBe(count);
    const { get, update } = stack.apigee.admin.counters().requests;
    console.log(
      `a run wrote ${String(update)} developers for ${String(get)} GET, and ${String(entries.taken)} entries told of it`,
    );
    expect(get).toBe(run.totals?.calls.get);
    const log = await stack.logs();
    expect(log).not.toContain('"event":"pull_completed"');
  },
);
