import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startStack, type Stack } from '../../local/stack.ts';
import { followRun } from '../../shared/operator/views/progress.ts';
import type { Run } from '../../shared/state/runs.ts';
import { temporaryFolder } from './temporary-folder.ts';

const count = 1500;
const numbers = Array.from({ length: count }, (_, index) => index);
const emailOf = (index: number): string => `person-${String(index)}@example.com`;
const idOf = (index: number): string => `user-${String(index)}`;

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
let stack: Stack;
let apigee: NonNullable<Stack['apigee']>;

beforeEach(async () => {
  temporary = await temporaryFolder();
  stack = await startStack({ folder: temporary.path, kind: 'memory', trigger: 'when-asked' });
  if (stack.apigee === undefined) throw new Error('the stack has no Apigee of its own');
  apigee = stack.apigee;
  const names = (index: number) => ({ email: emailOf(index), firstName: `F${String(index)}`, lastName: 'Last' });
  apigee.admin.seed(numbers.map((index) => ({ ...names(index), lastModifiedAt: Date.now() - 3_600_000 })));
  await stack.portal.putAll(numbers.map((index) => [idOf(index), { ...names(index), status: 'active' }] as const));
});

afterEach(async () => {
  await stack[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

async function run(): Promise<Run> {
  return followRun(stack.runs, await stack.publish({ mode: 'full' }), { pollMs: 20 });
}

describe('a listing of more than a page, over HTTP', () => {
  test.for(['insertion', 'reverse', { shuffled: 7 }] as const)(
    'shows everybody once in any stable order, walked and in ranges: %j (rules 12, 16, 26)',
    async (order) => {
      apigee.admin.configure({ order });
      for (const calls of [5, 3]) {
        apigee.admin.resetCounters();
        const { state, totals } = await run();
        expect({ state, ...totals?.counts }).toMatchObject({ state: 'done', seen: count, unchanged: count });
        expect(apigee.admin.counters().requests).toMatchObject({ list: calls, get: 0 });
      }
    },
  );

  test('shows everybody where the order changes from one run to the next', async () => {
    await run();
    apigee.admin.configure({ order: { shuffled: 7 } });
    const { state, totals } = await run();
    expect({ state, ...totals?.counts }).toMatchObject({ state: 'done', seen: count, unchanged: count });
  });

  test.for([
    ['walked', 'not-found'],
    ['walked', 'continue'],
    ['in ranges', 'not-found'],
    ['in ranges', 'continue'],
  ] as const)(
    'loses nobody when the developer of a start key is deleted, %s, where Apigee then answers %s (rule 25)',
    async ([how, vanishedStartKey]) => {
      if (how === 'in ranges') await run();
      apigee.admin.configure({ vanishedStartKey });
      const stop = apigee.admin.onRequest(({ operation, params }) => {
        const startKey = params.get('startKey');
        if (operation !== 'list' || startKey === null) return;
        stop();
        apigee.admin.remove(startKey);
      });
      const first = await run();
      stop();
      // Who was deleted just after their batch had looked at them is the next run's.
      const next = await run();
      for (const { state, totals } of [first, next]) {
        expect(state).toBe('done');
        expect(totals?.counts).toMatchObject({ seen: count, created: { portal: 0 } });
      }
      const created = [first, next].map(({ totals }) => totals?.counts.created.apigee ?? 0);
      expect(created.reduce((sum, one) => sum + one, 0)).toBe(1);
      expect(apigee.admin.developers()).toHaveLength(count);
      expect((await stack.portal.all()).size).toBe(count);
    },
  );

  test.for([
    ['walked', { afterItems: 0, length: 0 }],
    ['walked', { afterItems: 999, length: 1 }],
    ['in ranges', { afterItems: 0, length: 0 }],
    ['in ranges', { afterItems: 980, length: 1 }],
  ] as const)('takes no short or empty page for its end, %s: %j (rule 25)', async ([how, shortPage]) => {
    if (how === 'in ranges') await run();
    apigee.admin.configure({ shortPage: { ...shortPage, times: 1 } });
    const { state, totals } = await run();
    expect({ state, ...totals?.counts }).toMatchObject({ state: 'done', seen: count, unchanged: count });
    expect(apigee.admin.counters().writes.total).toBe(0);
    expect((await stack.portal.all()).size).toBe(count);
  });
});
