import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { expectSettled, useStack, userDocument, type TestStack } from './use-stack.ts';

const stackFor = useStack();
const email = "person-1+x'y@example.com";
const document = userDocument(1, { email: "Person-1+x'Y@Example.com" });
const developer = (stack: TestStack) => stack.apigee.admin.developer(email);

/** One person on both sides, in step; the document id, which no other test uses, so that no late event concerns it. */
async function linked(stack: TestStack): Promise<string> {
  const id = randomUUID();
  await stack.edit(id, () => stack.portal.put(id, document));
  stack.apigee.admin.resetCounters();
  return id;
}

describe('a portal edit on the emulators', () => {
  test('creates a developer under the lower-cased email, whatever characters it has (rules 1, 2, 9)', async (context) => {
    const stack = stackFor(context);
    await linked(stack);
    expect(developer(stack)).toMatchObject({ firstName: 'First 1', status: 'active', userName: email });
  });

  test('costs one GET and one PUT, a status call if that changed, and its echo nothing (rules 2, 12, 14, 23)', async (context) => {
    const stack = stackFor(context);
    const id = await linked(stack);
    await stack.edit(id, () => stack.portal.edit(id, { lastName: 'Edited' }));
    expect(developer(stack)).toMatchObject({ lastName: 'Edited' });
    expect(stack.apigee.admin.counters().requests).toMatchObject({ get: 1, update: 1, status: 0, total: 2 });
    await stack.edit(id, () => stack.portal.edit(id, { lastName: 'Again', status: 'inactive' }));
    expect(developer(stack)).toMatchObject({ lastName: 'Again', status: 'inactive' });
    expect(stack.apigee.admin.counters().requests).toMatchObject({ get: 2, update: 2, status: 1, total: 5 });
    await stack.edit(id, () => stack.portal.edit(id, { lastName: 'Again' }));
    await stack.edit(id, () => stack.portal.edit(id, { unmapped: 'field' }));
    expect(stack.apigee.admin.counters().requests).toMatchObject({ total: 5 });
    await expectSettled(stack);
  });

  test('made while Apigee is down is delivered afterwards (rules 7, 25)', { timeout: 180_000 }, async (context) => {
    const stack = stackFor(context);
    const id = await linked(stack);
    stack.apigee.admin.configure({ outage: true });
    await stack.edit(id, async () => {
      await stack.portal.edit(id, { lastName: 'Edited' });
      while (stack.apigee.admin.counters().requests.total < 3) await nextRequest(stack);
      expect(developer(stack)).toMatchObject({ lastName: 'Last' });
      stack.apigee.admin.configure({ outage: false });
    });
    expect(developer(stack)).toMatchObject({ lastName: 'Edited' });
    await expectSettled(stack);
  });

  test('ends right although every event comes three times, some late (rule 20)', async (context) => {
    const stack = stackFor(context);
    const id = await linked(stack);
    stack.relay.disturb(() => [0, 0, 50]);
    await stack.edit(
      id,
      async () => {
        for (const lastName of ['One', 'Two', 'Three']) await stack.portal.edit(id, { lastName });
      },
      9,
    );
    expect(developer(stack)).toMatchObject({ lastName: 'Three' });
    expect(stack.apigee.admin.developers()).toHaveLength(1);
    await expectSettled(stack);
  });

  test('that no event tells of is found by the next run (rules 3, 20)', async (context) => {
    const stack = stackFor(context);
    const id = await linked(stack);
    stack.relay.disturb(() => []);
    await stack.portal.edit(id, { lastName: 'Edited' });
    await stack.portal.put('user-2', userDocument(2));
    const run = await stack.run();
    expect(run.totals?.counts).toMatchObject({ seen: 2, created: { apigee: 1 }, updated: { apigee: 1 } });
    expect(developer(stack)).toMatchObject({ lastName: 'Edited' });
    await expectSettled(stack);
  });

  test('that deletes a user deactivates the developer, and a late event brings nobody back (rules 15, 20)', async (context) => {
    const stack = stackFor(context);
    const id = await linked(stack);
    stack.relay.pause();
    await stack.edit(
      id,
      async () => {
        await stack.portal.edit(id, { lastName: 'Edited' });
        await stack.portal.delete(id);
        await expect.poll(() => stack.relay.pending).toBe(2);
        stack.relay.resume('reversed');
      },
      2,
    );
    expect(developer(stack)).toMatchObject({ status: 'inactive' });
    await stack.run();
    expect((await stack.portal.all()).size).toBe(0);
    expect(developer(stack)).toMatchObject({ status: 'inactive' });
    await expectSettled(stack);
  });

  test(
    'of many people at once, with two runs in between, leaves every one of them right (rule 21)',
    { timeout: 180_000 },
    async (context) => {
      const stack = stackFor(context);
      const numbers = Array.from({ length: 40 }, (_, index) => index);
      await stack.portal.putAll(numbers.map((index) => [`user-${String(index)}`, userDocument(index)] as const));
      const runs = [stack.run(), stack.run()];
      await Promise.all(
        numbers.map((index) => stack.portal.edit(`user-${String(index)}`, { lastName: `Edited ${String(index)}` })),
      );
      await Promise.all(runs);
      await stack.relay.idle();
      await stack.run();
      const names = stack.apigee.admin.developers().map(({ email: address, lastName }) => [address, lastName]);
      expect(new Map(names as [string, string][])).toEqual(
        new Map(numbers.map((index) => [`person-${String(index)}@example.com`, `Edited ${String(index)}`])),
      );
      await expectSettled(stack);
    },
  );

  test('reaches the portal from Apigee with the next run, and no further (rules 4, 5, 13)', async (context) => {
    const stack = stackFor(context);
    const id = await linked(stack);
    stack.apigee.admin.seed([
      {
        email,
        firstName: 'Apigee',
        lastName: 'Last',
        attributes: { tier: 'silver', MINT_PLAN: 'x' },
        lastModifiedAt: Date.now(),
      },
    ]);
    await stack.edit(id, async () => void (await stack.run()));
    expect(await stack.portal.get(id)).toMatchObject({ firstName: 'Apigee', attributes: { tier: 'silver' } });
    expect(stack.apigee.admin.counters().requests).toMatchObject({ create: 0, update: 0, status: 0 });
    expect(developer(stack)?.attributes).toContainEqual({ name: 'MINT_PLAN', value: 'x' });
    await expectSettled(stack);
  });
});

/** Resolves with the next request the Apigee emulator receives. */
async function nextRequest(stack: TestStack): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = stack.apigee.admin.onRequest(() => resolve());
  await promise;
  stop();
}
