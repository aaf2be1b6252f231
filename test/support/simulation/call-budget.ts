import { createCallBudget, type Timers, type Turn } from '../../../shared/apigee/call-budget.ts';
import type { Answer, Operation } from '../../../shared/apigee/developers.ts';
import type { CallLedger } from '../../../shared/state/call-ledger.ts';
import type { Process } from './process.ts';
import type { Quota } from './quota.ts';
import { faultsOf, problem, type World } from './world.ts';

/** The way of one invocation's calls to Apigee. */
export interface Calls {
  /** Makes the call when the budget allows; `leftMs`: how long it may still take. */
  send<T>(operation: Operation, turn: Turn, call: (leftMs: number) => Promise<Answer<T>>): Promise<Answer<T>>;
  /** Apigee did not take a call: whether for its quota, is drawn. */
  failed(): void;
}

export function callsOf(world: World, process: Process): Calls {
  const { quota } = world;
  if (quota === undefined) return { send: (_, __, call) => call(Infinity), failed: () => undefined };
  const { lane = 'runs', maxConcurrent, totalTimeoutMs } = process.calls;
  const ledger = distant(world, quota, process);
  const budget = createCallBudget({ ledger, lane, maxConcurrent, timers: timersOf(world, quota, process) });
  const { scheduler } = world;
  return {
    async send(operation, turn, call) {
      const deadline = scheduler.now() + totalTimeoutMs;
      const left = (): number => deadline - scheduler.now();
      const sent = async (): Promise<ReturnType<typeof call> | undefined> => {
        if (left() <= 0) return undefined;
        arrive(world, quota, process);
        const answer = await call(left());
        if (answer.ok) budget.answered();
        return answer;
      };
      return (await budget.run(sent, { turn, repetition: false }, totalTimeoutMs)) ?? unsent(operation);
    },
    failed() {
      const draw = quota.random;
      if (draw.chance(0.3)) budget.turnedAway(draw.chance(0.5) ? undefined : draw.int(500, 20_000));
    },
  };
}

/** The ledger over a network: a process may die or stand still before it has reserved anything, and before it has heard what. */
function distant(world: World, { ledger, random: draw }: Quota, process: Process): CallLedger {
  const around = async <T>(happen: () => Promise<T>): Promise<T> => {
    const away = draw.chance(faultsOf(world).unavailable / 4) && draw.pick(['before', 'after']);
    await process.point();
    if (away === 'before') throw new Error('the store is away');
    const result = await happen();
    await process.point();
    if (away === 'after') throw new Error('the store is away');
    return result;
  };
  return {
    reserve: (lane, calls) =>
      around(async () => {
        const reserved = await ledger.reserve(lane, calls);
        world.trace(() => `  ${process.name} reserves for ${lane} ${JSON.stringify(reserved)}`);
        return reserved;
      }),
    giveWay: (forMs) => around(() => ledger.giveWay(forMs)),
  };
}

/** A process that stands still hears its timers late. */
function timersOf(world: World, { random: draw }: Quota, process: Process): Timers {
  const late = (): number => (draw.chance(faultsOf(world).slow) ? draw.int(0, 6000) : 0);
  return {
    now: world.clocks.ours,
    after: (ms, happen) => world.scheduler.at(ms + late(), happen, process.self),
  };
}

/** How much longer than others a call may be under way, ms; it is part of what the budget promises. */
const mostOnTheWay = 500;
const minute = 60_000;

/** Holds a call that is made now against the quota, in every minute that it is part of. */
function arrive(world: World, { arrived, callsPerMinute, random: draw }: Quota, { name }: Process): void {
  const at = world.clocks.apigee() + draw.int(0, mostOnTheWay);
  const place = arrived.findLastIndex((other) => other <= at) + 1;
  arrived.splice(place, 0, at);
  for (let last = place; last < arrived.length; last += 1) {
    const first = arrived[last - callsPerMinute];
    const took = (arrived[last] ?? 0) - (first ?? -Infinity);
    if (took < minute)
      problem(world, `${name} calls: ${String(callsPerMinute + 1)} calls in ${String(took)} ms are beyond the quota`);
  }
}

/** As a call is answered that did not get its turn in time. */
function unsent(operation: Operation): Answer<never> {
  const message = `${operation}: not sent: the call budget did not let it through in time`;
  const where = { status: undefined, code: undefined, ambiguous: false };
  return { ok: false, error: { kind: 'unavailable', operation, message, suspended: true, ...where } };
}
