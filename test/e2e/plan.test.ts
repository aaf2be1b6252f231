import { expect, test } from 'vitest';
import type { PlanJson } from '../../shared/operator/json/plan.ts';
import { expectSettled, populate, userDocument, useStack, type TestStack } from './use-stack.ts';

const stackFor = useStack({ trigger: 'when-asked' });

const people = 300;

/** As the portal's own save of these people. */
const rename = ({ portal }: TestStack, from: number, to: number, lastName: string): Promise<void> =>
  portal.putAll(
    Array.from({ length: to - from }, (_, place) => from + place).map(
      (person) => [`user-${String(person)}`, userDocument(person, { lastName })] as const,
    ),
  );

test(
  'a plan is applied exactly: whoever was edited on either side meanwhile is stale, told, and not written (rule 36)',
  { timeout: 180_000 },
  async (context) => {
    const stack = stackFor(context);
    await populate(stack, people);
    expect(await stack.run()).toMatchObject({ state: 'done' });
    await rename(stack, 0, people, 'New');

    const { out, code } = await stack.devsync('plan', '--full', '--json');
    const plan = JSON.parse(out) as PlanJson;
    expect({ code, kinds: plan.kinds }).toEqual({
      code: 0,
      kinds: { create: 0, update: people, deactivate: 0, delete: 0 },
    });
    expect(stack.apigee.admin.counters().requests.update).toBe(0);

    // Ten on each side.
    await rename(stack, 0, 10, 'Newer');
    for (const { email, firstName } of stack.apigee.admin.developers()) {
      const person = Number(/\d+/.exec(email)?.[0]);
      const seed = { email, firstName, lastName: 'Else', attributes: { tier: 'gold' } };
      if (person >= 10 && person < 20) stack.apigee.admin.seed([{ ...seed, lastModifiedAt: Date.now() }]);
    }

    const applied = await stack.devsync('apply', plan.planId, '--hash', plan.hash, '--yes', '--json');
    expect(applied.code).toBe(2);
    expect(JSON.parse(applied.out)).toMatchObject({
      state: 'done',
      planId: plan.planId,
      stale: 20,
      counts: { seen: people, updated: { apigee: people - 20, portal: 0 }, held: 20, failed: 0 },
    });
    const names = stack.apigee.admin.developers().map(({ lastName }) => lastName);
    const count = (name: string): number => names.filter((one) => one === name).length;
    expect([count('New'), count('Last'), count('Else')]).toEqual([people - 20, 10, 10]);
    expect((await stack.devsync('apply', plan.planId, '--yes')).err).toContain('was applied before');

    // Taken back: everybody is as before but for those who were edited, and no run evens that out (rule 35).
    const undone = await stack.devsync('undo', `${plan.planId}.applied`, '--yes', '--json', '--reason', 'a try');
    expect(JSON.parse(undone.out)).toMatchObject({ kept: 0, counts: { updated: { apigee: people - 20 }, failed: 0 } });
    const back = stack.apigee.admin.developers().map(({ lastName }) => lastName);
    expect(back.filter((name) => name === 'Last')).toHaveLength(people - 10);
    expect(back.filter((name) => name === 'Else')).toHaveLength(10);

    // The next run brings those who were edited in step, and then there is nothing left to do.
    await stack.run();
    await expectSettled(stack);
  },
);
