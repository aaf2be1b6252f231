import { expect, test } from 'vitest';
import { useStack } from './use-stack.ts';

const stackFor = useStack({ trigger: 'when-asked', env: { ...process.env, CREATION_LIMIT: '500' } });

const people = 700;

test(
  'a first run creates exactly as many as the limit, is held, and completes with everybody once approved (rule 32)',
  { timeout: 120_000 },
  async (context) => {
    const stack = stackFor(context);
    stack.apigee.admin.seed(
      Array.from({ length: people }, (_, index) => ({
        email: `person-${String(index)}@example.com`,
        firstName: 'First',
        lastName: 'Last',
        lastModifiedAt: Date.now() - 3_600_000,
      })),
    );
    const onPortal = async () => (await stack.portal.all()).size;

    const held = await stack.run();
    expect(held).toMatchObject({ state: 'held', gate: { uncreated: people - 500, approved: false } });
    expect(held.totals?.counts).toMatchObject({
      seen: people,
      created: { portal: 500, apigee: 0 },
      held: people - 500,
    });
    expect(await onPortal()).toBe(500);

    const refused = await stack.devsync('holds', 'approve', held.runId);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('200 people would be created beyond CREATION_LIMIT');
    expect(await onPortal()).toBe(500);

    const approved = await stack.devsync('holds', 'approve', held.runId, '--yes', '--json');
    expect(approved.code).toBe(0);
    expect(JSON.parse(approved.out)).toMatchObject({ state: 'done', counts: { seen: people, held: 0, failed: 0 } });
    expect(await onPortal()).toBe(people);
    const { create, update, status, delete: deleted } = stack.apigee.admin.counters().writes;
    expect([create, update, status, deleted]).toEqual([0, 0, 0, 0]);
  },
);
