import { createCallBudget, type CallBudget } from '../../shared/apigee/call-budget.ts';
import type { Lane } from '../../shared/core/budget/ledger.ts';
import type { CallLedger } from '../../shared/state/call-ledger.ts';
import { createOwnLedger } from '../../shared/state/own-call-ledger.ts';
import { virtualTime, type VirtualTime } from './virtual-time.ts';

/** A ledger that answers after a while, as over a network: `delayMs` before and behind its own moment. */
export function distantLedger(ledger: CallLedger, { wait }: VirtualTime, delayMs: number): CallLedger {
  const around = async <T>(happen: () => Promise<T>): Promise<T> => {
    await wait(delayMs);
    const result = await happen();
    await wait(delayMs);
    return result;
  };
  return {
    reserve: (lane, calls) => around(() => ledger.reserve(lane, calls)),
    giveWay: (forMs) => around(() => ledger.giveWay(forMs)),
  };
}

/** Apigee, which only counts what reaches it. */
export interface CountingApigee {
  call(): Promise<true>;
  /** The most calls of any minute, by its own clock. */
  busiestMinute(): number;
}

export function countingApigee({ now, wait }: VirtualTime, latencyMs: number): CountingApigee {
  const seen: number[] = [];
  return {
    async call() {
      await wait(latencyMs / 2);
      seen.push(now());
      await wait(latencyMs / 2);
      return true;
    },
    busiestMinute() {
      let first = 0;
      return seen.reduce((most, at, last) => {
        while (at - (seen[first] ?? at) >= minute) first += 1;
        return Math.max(most, last - first + 1);
      }, 0);
    },
  };
}

/** As many people at a time as a batch has, each with one call, until `take` says that nobody is left. */
export async function work(budget: CallBudget, apigee: CountingApigee, take: () => boolean, isOver = () => false) {
  const worker = async (): Promise<void> => {
    while (!isOver() && take()) {
      const made = (): Promise<true | undefined> =>
        budget.run(() => apigee.call(), { turn: 'write', repetition: false }, minute);
      while ((await made()) === undefined && !isOver());
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

export interface Load {
  readonly callsPerMinute: number;
  /** People who are created, by all processes together. */
  readonly creates: number;
  readonly processes: number;
  /** One more process has an edit to push, again and again. */
  readonly withEdits: boolean;
}

export interface Served {
  readonly tookMs: number;
  readonly busiestMinute: number;
  /** How long each edit took, with the read before its write, ms; the quickest first. */
  readonly edits: readonly number[];
}

const minute = 60_000;
const atOnce = 16;
const latencyMs = 40;
/** To Firestore, or back. */
const ledgerDelayMs = 20;
const betweenEditsMs = 700;

/** What a load takes with one budget for all processes, on a clock that only waiting moves. */
export async function serve({ callsPerMinute, creates, processes, withEdits }: Load): Promise<Served> {
  const clock = virtualTime();
  const started = clock.now();
  const ledger = distantLedger(createOwnLedger(callsPerMinute, clock.now), clock, ledgerDelayMs);
  const apigee = countingApigee(clock, latencyMs);
  const budgetOf = (lane: Lane): CallBudget => createCallBudget({ ledger, lane, maxConcurrent: atOnce, timers: clock });
  let left = creates;
  const take = (): boolean => (left -= 1) >= 0;
  const created = Promise.all(Array.from({ length: processes }, () => work(budgetOf('runs'), apigee, take)));
  const state = { isOver: false };
  const edits: number[] = [];
  const pushing = async (): Promise<void> => {
    const budget = budgetOf('edits');
    while (!state.isOver) {
      const began = clock.now();
      for (const turn of ['begun', 'write'] as const)
        await budget.run(() => apigee.call(), { turn, repetition: false }, minute);
      edits.push(clock.now() - began);
      await clock.wait(betweenEditsMs);
    }
  };
  const pushed = withEdits ? pushing() : undefined;
  await created;
  const tookMs = clock.now() - started;
  state.isOver = true;
  await pushed;
  return { tookMs, busiestMinute: apigee.busiestMinute(), edits: edits.toSorted((a, b) => a - b) };
}
