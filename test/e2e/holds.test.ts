import { expect, test } from 'vitest';
import { expectSettled, populate, useStack } from './use-stack.ts';

const stackFor = useStack({ trigger: 'when-asked' });

test('a held run is listed, approved and goes on in the functions (rule 16)', { timeout: 180_000 }, async (context) => {
  const stack = stackFor(context);
  await populate(stack, 30);
  await stack.run();
  for (const index of [1, 2, 3]) await stack.portal.delete(`user-${String(index)}`);
  stack.apigee.admin.resetCounters();
  const { runId, state } = await stack.run();
  expect(state).toBe('held');
  expect(stack.apigee.admin.counters().requests).toMatchObject({ status: 0, delete: 0 });
  const listed = await stack.devsync('holds');
  expect(listed).toMatchObject({ code: 0, err: '' });
  expect(listed.out).toContain('3 of 30 people would be deactivated or deleted; at most 50 and 5 %');
  expect(listed.out).toContain(`devsync holds approve ${runId}`);

  const { code, out } = await stack.devsync('holds', 'approve', runId, '--yes', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    runId,
    state: 'done',
    counts: { seen: 30, updated: { apigee: 3 }, held: 0 },
  });
  expect(stack.apigee.admin.counters().requests).toMatchObject({ status: 3, delete: 0 });
  expect(stack.apigee.admin.developer('person-2@example.com')).toMatchObject({ status: 'inactive' });
  expect((await stack.devsync('holds')).out).toContain('Nothing is held');

  const released = await stack.devsync('holds', 'release', 'Person-2@example.com');
  expect(released.code).toBe(0);
  expect(released.out).toContain('created on the portal');
  await expectSettled(stack);
});
