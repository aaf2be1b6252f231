import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { expectSettled, populate, useStack, userDocument, type TestStack } from './use-stack.ts';

const stackFor = useStack();

/** Waits until `isSo`, and answers how long that took, ms. */
async function until(isSo: () => boolean, mostMs: number): Promise<number> {
  const started = performance.now();
  while (!isSo()) {
    if (performance.now() - started > mostMs) throw new Error(`not so after ${String(mostMs)} ms`);
    await sleep(20);
  }
  return performance.now() - started;
}

const firstNameOf = (stack: TestStack, index: number): string | null | undefined =>
  stack.apigee.admin.developer(`person-${String(index)}@example.com`)?.firstName;

test('a portal that saves one user twenty times in a row never waits for us, and the last value arrives (rules 2, 21)', async (context) => {
  const stack = stackFor(context);
  await stack.edit('user-0', () => stack.portal.put('user-0', userDocument(0)));
  stack.apigee.admin.resetCounters();
  const saves: PromiseSettledResult<void>[] = [];
  for (let save = 1; save <= 20; save += 1)
    saves.push(...(await Promise.allSettled([stack.portal.edit('user-0', { firstName: `Save ${String(save)}` })])));
  expect(saves.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(await until(() => firstNameOf(stack, 0) === 'Save 20', 60_000)).toBeLessThan(3000);
  await stack.relay.idle();
  expect(stack.apigee.admin.counters().requests.update).toBeLessThanOrEqual(20);
  expect(firstNameOf(stack, 0)).toBe('Save 20');
  await expectSettled(stack);
});

test('sixty people saved five times each at once all arrive (rule 2)', { timeout: 240_000 }, async (context) => {
  const stack = stackFor(context);
  await populate(stack, 60);
  await stack.relay.idle();
  await stack.run();
  await stack.relay.idle();
  const people = Array.from({ length: 60 }, (_, index) => index);
  const saved = new Map<number, number>();
  const arrived = new Map<number, number>();
  const saves = people.map(async (index) => {
    for (let save = 1; save <= 5; save += 1)
      await stack.portal.edit(`user-${String(index)}`, { firstName: `Save ${String(save)}` });
    saved.set(index, performance.now());
  });
  await Promise.all(saves);
  await until(() => {
    for (const index of people)
      if (!arrived.has(index) && firstNameOf(stack, index) === 'Save 5') arrived.set(index, performance.now());
    return arrived.size === people.length;
  }, 120_000);
  const waits = people.map((index) => (arrived.get(index) ?? 0) - (saved.get(index) ?? 0)).toSorted((a, b) => a - b);
  expect(waits[Math.floor(waits.length * 0.99)]).toBeLessThan(60_000);
  await stack.relay.idle();
  await expectSettled(stack);
});

test('every document of an import is pushed (rule 2)', { timeout: 240_000 }, async (context) => {
  const stack = stackFor(context);
  const count = 300;
  await stack.portal.putAll(
    Array.from({ length: count }, (_, index) => [`user-${String(index)}`, userDocument(index)] as const),
  );
  await until(() => stack.apigee.admin.counters().requests.create >= count, 180_000);
  await stack.relay.idle();
  expect(stack.apigee.admin.developers()).toHaveLength(count);
});

test('of edits made on both sides at once, both survive (rule 11)', async (context) => {
  const stack = stackFor(context);
  await stack.edit('user-0', () => stack.portal.put('user-0', userDocument(0)));
  await stack.run();
  const made = stack.edit('user-0', () => stack.portal.edit('user-0', { firstName: 'Portal' }));
  const record = stack.apigee.admin.developer('person-0@example.com');
  stack.apigee.admin.seed([
    {
      email: 'person-0@example.com',
      firstName: 'First 0',
      ...record,
      lastName: 'Apigee',
      lastModifiedAt: Date.now() + 1000,
    },
  ]);
  await made;
  await stack.run();
  await stack.relay.idle();
  expect(stack.apigee.admin.developer('person-0@example.com')).toMatchObject({
    firstName: 'Portal',
    lastName: 'Apigee',
  });
  expect(await stack.portal.get('user-0')).toMatchObject({ firstName: 'Portal', lastName: 'Apigee' });
  await expectSettled(stack);
});
