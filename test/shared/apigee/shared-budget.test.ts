import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCallBudget, type CallBudget, type Turn } from '../../../shared/apigee/call-budget.ts';
import { lateness, type Lane } from '../../../shared/core/budget/ledger.ts';
import type { CallLedger } from '../../../shared/state/call-ledger.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';

const after = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** A ledger that answers after a while, as over a network: `delays` before and after its own moment, ms. */
function distant(ledger: CallLedger, delay: () => number): CallLedger {
  const around = async <T>(happen: () => Promise<T>): Promise<T> => {
    await after(delay());
    const result = await happen();
    await after(delay());
    return result;
  };
  return {
    reserve: (lane, calls) => around(() => ledger.reserve(lane, calls)),
    giveWay: (forMs) => around(() => ledger.giveWay(forMs)),
  };
}

/** Everything that reached Apigee, by its own clock, ms. */
class Apigee {
  readonly seen: number[] = [];
  private readonly latency: number;

  constructor(latency: number) {
    this.latency = latency;
  }

  async call(): Promise<true> {
    await after(this.latency / 2);
    this.seen.push(Date.now());
    await after(this.latency / 2);
    return true;
  }

  /** The most calls of any minute. */
  busiestMinute(): number {
    const sorted = this.seen.toSorted((a, b) => a - b);
    let first = 0;
    let most = 0;
    sorted.forEach((at, index) => {
      while (at - (sorted[first] ?? 0) >= 60_000) first += 1;
      most = Math.max(most, index - first + 1);
    });
    return most;
  }
}

/** A batch's worth of people at a time, each with one call, until nobody is left. */
async function work(budget: CallBudget, apigee: Apigee, take: () => boolean, isOver = () => false): Promise<void> {
  const worker = async (): Promise<void> => {
    while (!isOver() && take()) {
      const made = (): Promise<true | undefined> =>
        budget.run(() => apigee.call(), { turn: 'write', repetition: false }, 60_000);
      while ((await made()) === undefined && !isOver());
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

describe('one call budget for all processes', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function until(done: Promise<unknown>, mostMs: number): Promise<number> {
    const started = Date.now();
    const state = { isDone: false };
    void done.then(() => (state.isDone = true));
    while (!state.isDone && Date.now() - started < mostMs) await vi.advanceTimersByTimeAsync(1000);
    expect(state.isDone).toBe(true);
    return Date.now() - started;
  }

  test.each([1, 4])(
    '%i processes use nearly all of it, and in no minute more; an edit has its turn meanwhile',
    async (processes) => {
      const callsPerMinute = 6000;
      const creates = 10_000;
      const ledger = createOwnLedger(callsPerMinute);
      const apigee = new Apigee(40);
      const budgetOf = (lane: Lane): CallBudget =>
        createCallBudget({ ledger: distant(ledger, () => 20), lane, maxConcurrent: 16 });
      let left = creates;
      const take = (): boolean => (left -= 1) >= 0;
      const runs = Array.from({ length: processes }, () => work(budgetOf('runs'), apigee, take));
      const state = { isOver: false };
      const all = Promise.all(runs).then(() => (state.isOver = true));
      const edits: number[] = [];
      const pushing = (async () => {
        const budget = budgetOf('edits');
        while (!state.isOver) {
          const started = Date.now();
          for (const turn of ['begun', 'write'] satisfies Turn[])
            await budget.run(() => apigee.call(), { turn, repetition: false }, 6000);
          edits.push(Date.now() - started);
          await after(700);
        }
      })();
      const tookMs = await until(all, 300_000);
      await until(pushing, 5000);
      const boundMs = (creates / callsPerMinute) * 60_000;
      expect(tookMs / boundMs).toBeLessThan(1.25);
      expect(apigee.busiestMinute()).toBeLessThanOrEqual(callsPerMinute);
      expect(edits.length).toBeGreaterThan(100);
      expect(edits.toSorted((a, b) => a - b)[Math.floor(edits.length * 0.99)]).toBeLessThan(2000);
    },
  );

  test('no minute sees more calls than the budget, whatever processes come, go, stand still and die', async () => {
    const process = fc.record({
      comes: fc.integer({ min: 0, max: 60_000 }),
      lives: fc.integer({ min: 500, max: 100_000 }),
      stands: fc.integer({ min: 0, max: 8000 }),
      lane: fc.constantFrom<Lane>('edits', 'runs'),
      atOnce: fc.integer({ min: 1, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 20, max: 600 }),
        fc.array(process, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 300 }),
        async (callsPerMinute, processes, delay) => {
          const ledger = createOwnLedger(callsPerMinute);
          const apigee = new Apigee(100);
          let isOver = false;
          const living = processes.map(async ({ comes, lives, stands, lane, atOnce }) => {
            await after(comes);
            const near = distant(ledger, () => delay);
            // Who stands still hears of its moments late, and does not know it.
            const slow: CallLedger = {
              ...near,
              reserve: async (...ask) => {
                const reserved = await near.reserve(...ask);
                await after(stands);
                return reserved;
              },
            };
            const budget = createCallBudget({ ledger: slow, lane, maxConcurrent: atOnce });
            const dies = Date.now() + lives;
            await work(
              budget,
              apigee,
              () => true,
              () => isOver || Date.now() > dies,
            );
          });
          await vi.advanceTimersByTimeAsync(130_000);
          isOver = true;
          await vi.advanceTimersByTimeAsync(70_000);
          await Promise.all(living);
          expect(apigee.busiestMinute()).toBeLessThanOrEqual(callsPerMinute);
        },
      ),
      { numRuns: 6 },
    );
  }, 120_000);

  test('quota that others use up is given way to: by everybody, and for longer where nothing is said', async () => {
    const ledger = createOwnLedger(600);
    const budgets = [1, 2].map(() =>
      createCallBudget({ ledger: distant(ledger, () => 5), lane: 'edits', maxConcurrent: 4 }),
    );
    const begun: number[] = [];
    const call = async (budget: CallBudget | undefined): Promise<unknown> =>
      budget?.run(async () => begun.push(Date.now()), { turn: 'write', repetition: false }, 60_000);
    void call(budgets[0]);
    await vi.advanceTimersByTimeAsync(500);
    const turnedAway = Date.now();
    budgets[0]?.turnedAway(5000);
    await vi.advanceTimersByTimeAsync(100);
    const all = [call(budgets[0]), call(budgets[1])];
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all(all);
    expect(begun.slice(1).every((at) => at - turnedAway >= 5000)).toBe(true);
    for (const pause of [1000, 2000, 4000]) {
      await vi.advanceTimersByTimeAsync(1000);
      const at = Date.now();
      budgets[1]?.turnedAway(undefined);
      // Turned away at the same time: one pause.
      budgets[1]?.turnedAway(undefined);
      await vi.advanceTimersByTimeAsync(50);
      begun.length = 0;
      const next = call(budgets[0]);
      await vi.advanceTimersByTimeAsync(10_000);
      await next;
      expect((begun[0] ?? 0) - at).toBeGreaterThanOrEqual(pause);
      expect((begun[0] ?? 0) - at).toBeLessThan(pause + lateness);
    }
  });

  test('while the store fails nothing is sent, and calls go on once it answers', async () => {
    const own = createOwnLedger(6000);
    let isAway = true;
    const ledger: CallLedger = {
      ...own,
      reserve: async (...ask) => {
        if (isAway) throw new Error('the store is away');
        return own.reserve(...ask);
      },
    };
    const budget = createCallBudget({ ledger, lane: 'runs', maxConcurrent: 4 });
    const run = (waitMs: number) => budget.run(async () => 'made', { turn: 'write', repetition: false }, waitMs);
    const [soon, late] = [run(2000), run(20_000)];
    await vi.advanceTimersByTimeAsync(3000);
    isAway = false;
    await vi.advanceTimersByTimeAsync(3000);
    expect(await Promise.all([soon, late])).toEqual([undefined, 'made']);
  });
});
