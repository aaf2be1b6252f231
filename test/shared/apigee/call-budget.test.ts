import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCallBudget, type CallBudget, type Place, type Turn } from '../../../shared/apigee/call-budget.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';

const first: Place = { turn: 'waiting', repetition: false };

/** The budget of a process that works alone. */
function budgetOf(callsPerMinute: number, maxConcurrent: number): CallBudget {
  return createCallBudget({ ledger: createOwnLedger(callsPerMinute), lane: 'edits', maxConcurrent });
}

describe('the call budget', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function startsOf(callsPerMinute: number, calls: number, minutes: number): Promise<readonly number[]> {
    const budget = budgetOf(callsPerMinute, 1000);
    const starts: number[] = [];
    const all = Array.from({ length: calls }, () => budget.run(async () => starts.push(Date.now()), first, 600_000));
    await vi.advanceTimersByTimeAsync(minutes * 60_000);
    expect(starts).toHaveLength(calls);
    await Promise.all(all);
    return starts;
  }

  test('no minute sees more calls than its budget, and few less', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20, max: 400 }), async (budget) => {
        const starts = await startsOf(budget, budget * 2, 5);
        for (const [index, start] of starts.entries()) {
          const beyond = starts[index + budget];
          expect(beyond === undefined || beyond - start >= 60_000).toBe(true);
        }
        expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeLessThan(60_000 * 2.2);
      }),
      { numRuns: 30 },
    );
  });

  test('what was not used in time is lost: after a pause nothing is made up for', async () => {
    const budget = budgetOf(600, 1000);
    const starts: number[] = [];
    const call = (): Promise<unknown> => budget.run(async () => starts.push(Date.now()), first, 600_000);
    const before = Array.from({ length: 40 }, call);
    await vi.advanceTimersByTimeAsync(60_000);
    await Promise.all(before);
    starts.length = 0;
    const behind = Array.from({ length: 60 }, call);
    await vi.advanceTimersByTimeAsync(60_000);
    await Promise.all(behind);
    const [started = 0] = starts;
    expect(starts.filter((at) => at < started + 1000).length).toBeLessThanOrEqual(12);
  });

  test('calls are spread: no second sees more than a second’s worth', async () => {
    const starts = await startsOf(3000, 500, 1);
    for (const [index, start] of starts.entries()) {
      const beyond = starts[index + 51];
      expect(beyond === undefined || beyond - start >= 1000).toBe(true);
    }
  });

  test('no more calls are under way than allowed, and a failed one makes room', async () => {
    const budget = budgetOf(600_000, 3);
    let underWay = 0;
    let most = 0;
    const results = Array.from({ length: 20 }, (_, index) =>
      budget.run(
        async () => {
          most = Math.max(most, ++underWay);
          await new Promise((resolve) => setTimeout(resolve, 10));
          underWay -= 1;
          if (index % 2 === 0) throw new Error('failed');
        },
        first,
        600_000,
      ),
    );
    const settled = Promise.allSettled(results);
    await vi.advanceTimersByTimeAsync(1000);
    await settled;
    expect(most).toBe(3);
  });

  test('a repetition goes before first tries that wait', async () => {
    const budget = budgetOf(60, 1);
    const order: string[] = [];
    const run = (name: string, repetition: boolean) =>
      budget.run(async () => void order.push(name), { ...first, repetition }, 600_000);
    const all = [run('one', false), run('two', false), run('three', false), run('again', true)];
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all(all);
    expect(order).toEqual(['again', 'one', 'two', 'three']);
  });

  test('writes go before reads of people who are begun, and those before all others; repetitions before first tries', async () => {
    const budget = budgetOf(600, 1);
    const order: string[] = [];
    const all: Promise<unknown>[] = [];
    for (const turn of ['waiting', 'begun', 'write'] as const)
      for (const repetition of [false, true])
        for (const nth of [1, 2]) {
          const name = `${turn}${repetition ? ' again' : ''} ${String(nth)}`;
          all.push(budget.run(async () => void order.push(name), { turn, repetition }, 600_000));
        }
    await vi.advanceTimersByTimeAsync(20_000);
    await Promise.all(all);
    expect(order).toEqual([
      'write again 1',
      'write again 2',
      'write 1',
      'write 2',
      'begun again 1',
      'begun again 2',
      'begun 1',
      'begun 2',
      'waiting again 1',
      'waiting again 2',
      'waiting 1',
      'waiting 2',
    ]);
  });

  test('between the read of a person and the write, few calls begin, however many people wait (rule 13)', async () => {
    const people = 300;
    const atOnce = 10;
    const budget = budgetOf(3000, atOnce);
    const begun: string[] = [];
    const between: number[] = [];
    const waits: number[] = [];
    const call = (name: string, turn: Turn): Promise<unknown> =>
      budget.run(
        async () => {
          begun.push(name);
          await new Promise((resolve) => setTimeout(resolve, 120));
          return true;
        },
        { turn, repetition: false },
        600_000,
      );
    const edit = async (name: string): Promise<void> => {
      await call(`read ${name}`, 'begun');
      const [calls, at] = [begun.length, Date.now()];
      await call(`write ${name}`, 'write');
      between.push(begun.indexOf(`write ${name}`) - calls);
      waits.push(Date.now() - at - 120);
    };
    const names = Array.from({ length: people }, (_, index) => String(index));
    // A run lists and reads people who are not begun, all the while.
    const others = names.map((name) => call(`look at ${name}`, 'waiting'));
    const edits = names.map(edit);
    await vi.advanceTimersByTimeAsync(60_000);
    await Promise.all([...edits, ...others]);
    expect(between).toHaveLength(people);
    expect(Math.max(...between)).toBeLessThanOrEqual(atOnce);
    expect(Math.max(...waits)).toBeLessThan(1000);
  });

  test('a read of nobody who is begun has its turn, too, however long those who are begun go on', async () => {
    const budget = budgetOf(3000, 10);
    const over = new AbortController();
    const call = (turn: Turn): Promise<unknown> =>
      budget.run(
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 120));
          return true;
        },
        { turn, repetition: false },
        600_000,
      );
    // As many people at work as four batches have: each one who is done makes room for the next.
    const workers = Array.from({ length: 64 }, async () => {
      while (!over.signal.aborted) {
        await call('begun');
        await call('write');
      }
    });
    await vi.advanceTimersByTimeAsync(1000);
    const started = Date.now();
    const page = call('waiting').then(() => Date.now() - started);
    await vi.advanceTimersByTimeAsync(20_000);
    over.abort();
    await vi.advanceTimersByTimeAsync(20_000);
    await Promise.all(workers);
    expect(await page).toBeLessThan(6000);
  });

  test('a call whose turn does not come in time is not made, and takes no turn', async () => {
    const ledger = createOwnLedger(200);
    const budget = createCallBudget({ ledger, lane: 'runs', maxConcurrent: 10 });
    const made: string[] = [];
    const run = (name: string, leaseWaitMs: number) => budget.run(async () => made.push(name) > 0, first, leaseWaitMs);
    const all = [run('at once', 100), run('in time', 430), run('too late', 680), run('later', 5000)];
    await vi.advanceTimersByTimeAsync(700);
    expect(made).toEqual(['at once', 'in time']);
    await vi.advanceTimersByTimeAsync(500);
    expect(await Promise.all(all)).toEqual([true, true, undefined, true]);
    expect(made).toEqual(['at once', 'in time', 'later']);
  });
});
