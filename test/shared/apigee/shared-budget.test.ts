import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countingApigee, distantLedger, serve, work } from '../../../bench/worlds/call-budget.ts';
import { virtualTime } from '../../../bench/worlds/virtual-time.ts';
import { createCallBudget, type CallBudget } from '../../../shared/apigee/call-budget.ts';
import { lateness, type Lane } from '../../../shared/core/budget/ledger.ts';
import type { CallLedger, Reserved } from '../../../shared/state/call-ledger.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';
import { pushCalls } from '../../../shared/wiring/allowances.ts';
import { peopleAtOnce } from '../../../shared/wiring/people-at-once.ts';

describe('one call budget for all processes', () => {
  test.each([1, 4])(
    '%i processes use nearly all of it, and in no minute more; an edit has its turn meanwhile',
    async (processes) => {
      const callsPerMinute = 6000;
      const creates = 10_000;
      const { tookMs, busiestMinute, edits } = await serve({ callsPerMinute, creates, processes, withEdits: true });
      const boundMs = (creates / callsPerMinute) * 60_000;
      expect(tookMs / boundMs).toBeLessThan(1.25);
      expect(busiestMinute).toBeLessThanOrEqual(callsPerMinute);
      expect(edits.length).toBeGreaterThan(100);
      expect(edits[Math.floor(edits.length * 0.99)]).toBeLessThan(2000);
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
          const clock = virtualTime();
          const ledger = createOwnLedger(callsPerMinute, clock.now);
          const apigee = countingApigee(clock, 100);
          let isOver = false;
          const living = processes.map(async ({ comes, lives, stands, lane, atOnce }) => {
            await clock.wait(comes);
            const near = distantLedger(ledger, clock, delay);
            // Who stands still hears of its moments late, and does not know it.
            const slow: CallLedger = {
              ...near,
              reserve: async (...ask) => {
                const reserved = await near.reserve(...ask);
                await clock.wait(stands);
                return reserved;
              },
            };
            const budget = createCallBudget({ ledger: slow, lane, maxConcurrent: atOnce, timers: clock });
            const dies = clock.now() + lives;
            await work(
              budget,
              apigee,
              () => true,
              () => isOver || clock.now() > dies,
            );
          });
          await clock.wait(130_000);
          isOver = true;
          await Promise.all(living);
          expect(apigee.busiestMinute()).toBeLessThanOrEqual(callsPerMinute);
        },
      ),
      { numRuns: 30 },
    );
  }, 120_000);

  test('quota that others use up is given way to: by everybody, and for longer where nothing is said', async () => {
    const clock = virtualTime();
    const ledger = distantLedger(createOwnLedger(600, clock.now), clock, 5);
    const budgets = [1, 2].map(() => createCallBudget({ ledger, lane: 'edits', maxConcurrent: 4, timers: clock }));
    const begun: number[] = [];
    const call = async (budget: CallBudget | undefined): Promise<unknown> =>
      budget?.run(async () => begun.push(clock.now()), { turn: 'write', repetition: false }, 60_000);
    void call(budgets[0]);
    await clock.wait(500);
    const turnedAway = clock.now();
    budgets[0]?.turnedAway(5000);
    await clock.wait(100);
    const all = [call(budgets[0]), call(budgets[1])];
    await clock.wait(10_000);
    await Promise.all(all);
    expect(begun.slice(1).every((at) => at - turnedAway >= 5000)).toBe(true);
    for (const pause of [1000, 2000, 4000]) {
      await clock.wait(1000);
      const at = clock.now();
      budgets[1]?.turnedAway(undefined);
      // Turned away at the same time: one pause.
      budgets[1]?.turnedAway(undefined);
      await clock.wait(50);
      begun.length = 0;
      const next = call(budgets[0]);
      await clock.wait(10_000);
      await next;
      expect((begun[0] ?? 0) - at).toBeGreaterThanOrEqual(pause);
      expect((begun[0] ?? 0) - at).toBeLessThan(pause + lateness);
    }
  });

  test('a moment that a process has lost is not used behind one that it has not lost', async () => {
    const clock = virtualTime();
    const started = clock.now();
    // The second one is as far away, but the process has waited for it: its time is over sooner.
    const answers: readonly (Reserved & { readonly afterMs: number })[] = [
      { afterMs: 0, startsInMs: 5000, everyMs: 1, calls: 1 },
      { afterMs: 1900, startsInMs: 3150, everyMs: 1, calls: 1 },
    ];
    let asked = 0;
    const ledger: CallLedger = {
      async reserve() {
        const { afterMs, ...reserved } = answers[asked++] ?? { afterMs: 60_000, startsInMs: 0, everyMs: 1, calls: 1 };
        await clock.wait(afterMs);
        return reserved;
      },
      giveWay: async () => undefined,
    };
    // It stands still where it is to begin.
    const timers = { now: clock.now, after: (ms: number, happen: () => void) => clock.after(ms + 1000, happen) };
    const budget = createCallBudget({ ledger, lane: 'runs', maxConcurrent: 4, timers });
    const begun: number[] = [];
    const call = () =>
      budget.run(async () => begun.push(clock.now() - started), { turn: 'write', repetition: false }, 30_000);
    await Promise.all([call(), call(), call()]);
    expect(begun[0]).toBe(6000);
    expect(begun.slice(1).filter((at) => at < 60_000)).toEqual([]);
  });

  test('while the store fails nothing is sent, and calls go on once it answers', async () => {
    const clock = virtualTime();
    const own = createOwnLedger(6000, clock.now);
    let isAway = true;
    const ledger: CallLedger = {
      ...own,
      reserve: async (...ask) => {
        if (isAway) throw new Error('the store is away');
        return own.reserve(...ask);
      },
    };
    const budget = createCallBudget({ ledger, lane: 'runs', maxConcurrent: 4, timers: clock });
    const run = (waitMs: number) => budget.run(async () => 'made', { turn: 'write', repetition: false }, waitMs);
    const [soon, late] = [run(2000), run(20_000)];
    await clock.wait(3000);
    isAway = false;
    await clock.wait(3000);
    expect(await Promise.all([soon, late])).toEqual([undefined, 'made']);
  });

  test('a gateway that asks for an hour does not stop everybody for an hour', async () => {
    const clock = virtualTime();
    const ledger = createOwnLedger(3000, clock.now);
    const budgets = [1, 2].map(() => createCallBudget({ ledger, lane: 'edits', maxConcurrent: 4, timers: clock }));
    budgets[0]?.turnedAway(3_600_000);
    await clock.wait(61_000);
    const call = budgets[1]?.run(async () => 'called', { turn: 'write', repetition: false }, 5000);
    await clock.wait(5000);
    expect(await call).toBe('called');
  });

  test('where the others cannot be told that the quota is used up, a process gives way by itself', async () => {
    const clock = virtualTime();
    const ledger = { ...createOwnLedger(3000, clock.now), giveWay: () => Promise.reject(new Error('away')) };
    const budget = createCallBudget({ ledger, lane: 'runs', maxConcurrent: 4, timers: clock });
    budget.turnedAway(5000);
    await clock.wait(1);
    const began = clock.now();
    const call = budget.run(async () => clock.now() - began, { turn: 'write', repetition: false }, 20_000);
    await clock.wait(20_000);
    expect(await call).toBeGreaterThan(4900);
  });

  test('tries of the store that found another process in their way cost no moment', async () => {
    const clock = virtualTime();
    const own = createOwnLedger(3000, clock.now);
    const ledger: CallLedger = {
      ...own,
      async reserve(lane, calls) {
        await clock.wait(5000);
        return { ...(await own.reserve(lane, calls)), madeWithinMs: 0 };
      },
    };
    const budget = createCallBudget({ ledger, lane: 'runs', maxConcurrent: 4, timers: clock });
    const call = budget.run(async () => 'called', { turn: 'write', repetition: false }, 20_000);
    await clock.wait(20_000);
    expect(await call).toBe('called');
  });

  test.each([
    [1, 64],
    [5, 64],
    [4, 16],
  ])('the store is asked a few times in a second by %i processes with %i callers each', async (processes, callers) => {
    const clock = virtualTime();
    const near = distantLedger(createOwnLedger(3000, clock.now), clock, 20);
    const apigee = countingApigee(clock, 150);
    let asks = 0;
    let made = 0;
    const state = { isOver: false };
    const ledger: CallLedger = {
      ...near,
      async reserve(lane, calls) {
        asks += 1;
        return near.reserve(lane, calls);
      },
    };
    const caller = async (budget: CallBudget): Promise<void> => {
      while (!state.isOver)
        if ((await budget.run(() => apigee.call(), { turn: 'begun', repetition: false }, 55_000)) === true) made += 1;
    };
    const all = Array.from({ length: processes }, () => {
      const budget = createCallBudget({ ledger, lane: 'runs', maxConcurrent: 16, timers: clock });
      return Promise.all(Array.from({ length: callers }, () => caller(budget)));
    });
    const seconds = 60;
    await clock.wait(seconds * 1000);
    state.isOver = true;
    await clock.wait(60_000);
    await Promise.all(all);
    expect(asks / seconds).toBeLessThan(8);
    expect(made).toBeGreaterThan(0.8 * 3000);
  });

  test.each([60, 100, 120, 200, 600])(
    'an edit has its turns in its time while a run works, also of %i calls a minute (rule 2)',
    async (callsPerMinute) => {
      const clock = virtualTime();
      const ledger = distantLedger(createOwnLedger(callsPerMinute, clock.now), clock, 20);
      const apigee = countingApigee(clock, 40);
      const state = { isOver: false };
      const people = 4 * peopleAtOnce({ callsPerMinute, batchesAtOnce: 4 });
      const run = Array.from({ length: 5 }, () => {
        const budget = createCallBudget({ ledger, lane: 'runs', maxConcurrent: 16, timers: clock });
        const caller = async (): Promise<void> => {
          while (!state.isOver) await budget.run(() => apigee.call(), { turn: 'begun', repetition: false }, 55_000);
        };
        return Promise.all(Array.from({ length: people }, caller));
      });
      await clock.wait(30_000);
      const push = createCallBudget({ ledger, lane: 'edits', maxConcurrent: 10, timers: clock });
      for (const turn of ['begun', 'write'] as const)
        expect(await push.run(() => apigee.call(), { turn, repetition: false }, pushCalls.totalTimeoutMs)).toBe(true);
      state.isOver = true;
      await clock.wait(60_000);
      await Promise.all(run);
      expect(apigee.busiestMinute()).toBeLessThanOrEqual(callsPerMinute);
    },
  );
});
