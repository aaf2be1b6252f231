import { lateness, longestGivingWay, type Lane } from '../core/budget/ledger.ts';
import type { CallLedger } from '../state/call-ledger.ts';

/**
 * Whose turn comes first. An update puts what was read before: the longer it waits behind other calls, the more of others'
 * edits it may undo (rule 13). So a person who is begun is finished before anybody else is begun.
 * - `write`: any write; the person's lease is running, and most often the person has been read.
 * - `begun`: a read under the person's lease.
 * - `waiting`: any other read. Nothing becomes out of date while it waits; but it comes with the begun ones after a while,
 *   or a batch that begins would never get its page while others go on.
 */
export type Turn = 'write' | 'begun' | 'waiting';

/** `repetition`: goes before first tries of the same turn. */
export interface Place {
  readonly turn: Turn;
  readonly repetition: boolean;
}

export interface CallBudget {
  /**
   * Runs the task when calls per minute and concurrency allow. Undefined: they did not within `waitMs`, and the task
   * is not run.
   */
  run<T>(task: () => Promise<T>, place: Place, waitMs: number): Promise<T | undefined>;
  /** Apigee has turned a call away because its quota is used up. `forMs`: what it asked for; undefined: nothing. */
  turnedAway(forMs: number | undefined): void;
  /** A call was answered. */
  answered(): void;
  /** Why the ledger could not be asked the last time; undefined where it could. */
  trouble(): unknown;
}

/** Our own time, and what is to happen in it. A test brings its own. */
export interface Timers {
  /** Ms, of a clock that is never set. */
  readonly now: () => number;
  /** Lets it happen `ms` from now; what is answered calls it off. */
  readonly after: (ms: number, happen: () => void) => () => void;
}

const systemTimers: Timers = {
  now: () => performance.now(),
  after(ms, happen) {
    const timer = setTimeout(happen, ms);
    return () => clearTimeout(timer);
  },
};

export interface CallBudgetOptions {
  readonly ledger: CallLedger;
  readonly lane: Lane;
  /** Calls under way at the same time. */
  readonly maxConcurrent: number;
  readonly timers?: Timers;
}

/** How long a read waits behind those of people who are begun, ms. */
const longestStandingBack = 3000;
/** A person's read and write come one after the other: their moments are asked for together. */
const fewestAtOnce = 2;
/** What was begun within this time, ms, is a guess at what will be. */
const recently = 1000;
/** After a failure of the store, ms. */
const pauseAfterFailure = 500;
const firstGivingWay = 1000;
const longestGuess = 30_000;
const saidOnceIn = 250;

const ranks: Readonly<Record<Turn, number>> = { waiting: 0, begun: 1, write: 2 };

/** A moment of the ledger, by our own clock: a call may be made from then on, and no more behind `until`. */
interface Moment {
  readonly from: number;
  readonly until: number;
}

interface Waiting {
  rank: number;
  readonly nth: number;
  readonly begin: () => void;
}

/**
 * This process's calls, at moments that the ledger of all processes gives it. It asks for as many as it has calls to make, or
 * has lately made in a second, so that whoever works alone gets all there are.
 */
export function createCallBudget(options: CallBudgetOptions): CallBudget {
  const { ledger, lane, maxConcurrent, timers = systemTimers } = options;
  const waiting: Waiting[] = [];
  let moments: Moment[] = [];
  let begun: number[] = [];
  let underWay = 0;
  let asking = false;
  let count = 0;
  let alarm = Infinity;
  let quietUntil = 0;
  let saidUntil = 0;
  let turnedAwayInARow = 0;
  let trouble: unknown;

  const next = (): Waiting | undefined => {
    let best: Waiting | undefined;
    for (const one of waiting)
      if (best === undefined || one.rank > best.rank || (one.rank === best.rank && one.nth < best.nth)) best = one;
    return best;
  };
  const remove = (one: Waiting): void => {
    const place = waiting.indexOf(one);
    if (place >= 0) waiting.splice(place, 1);
  };

  /** Begins whoever may begin now, and sees to it that the others will. */
  function goOn(): void {
    const now = timers.now();
    moments = moments.filter(({ until }) => until >= now);
    while (underWay < maxConcurrent && (moments[0]?.from ?? Infinity) <= now) {
      const one = next();
      if (one === undefined) break;
      moments.shift();
      remove(one);
      underWay += 1;
      begun.push(now);
      one.begin();
    }
    if (waiting.length === 0) return;
    begun = begun.filter((at) => at > now - recently);
    if (!asking && now >= quietUntil && moments.length < Math.max(waiting.length, begun.length) / 2) void ask();
    const from = Math.max(moments[0]?.from ?? Infinity, 0);
    if (underWay < maxConcurrent && from < Infinity) wakeAt(from);
    if (now < quietUntil) wakeAt(quietUntil);
  }

  function wakeAt(at: number): void {
    if (at >= alarm) return;
    alarm = at;
    // A moment may lie between two milliseconds.
    timers.after(Math.max(0, Math.ceil(at - timers.now())), () => {
      if (alarm === at) alarm = Infinity;
      goOn();
    });
  }

  async function ask(): Promise<void> {
    asking = true;
    const wanted = Math.max(fewestAtOnce, waiting.length - moments.length, begun.length - moments.length);
    const asked = timers.now();
    try {
      const { startsInMs, everyMs, calls, madeWithinMs } = await ledger.reserve(lane, wanted);
      const answered = timers.now();
      const earliest = madeWithinMs === undefined ? asked : answered - madeWithinMs;
      trouble = undefined;
      // Between both lies the store's own moment: nothing begins before it, and nothing is later than it allows.
      for (let nth = 0; nth < calls; nth += 1) {
        const behind = startsInMs + nth * everyMs;
        moments.push({ from: answered + behind, until: earliest + behind + lateness });
      }
      moments.sort((a, b) => a.from - b.from);
    } catch (error) {
      trouble = error;
      quietUntil = Math.max(quietUntil, timers.now() + pauseAfterFailure);
    } finally {
      asking = false;
    }
    goOn();
  }

  return {
    async run<T>(task: () => Promise<T>, { turn, repetition }: Place, waitMs: number): Promise<T | undefined> {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const one: Waiting = { rank: rankOf(turn, repetition), nth: (count += 1), begin: () => resolve(true) };
      const stopGivingUp = timers.after(waitMs, () => resolve(false));
      const catchUp = (): void => void (one.rank = rankOf('begun', false));
      const stopCatchingUp = turn === 'waiting' ? timers.after(longestStandingBack, catchUp) : undefined;
      waiting.push(one);
      goOn();
      const mayBegin = await promise;
      stopGivingUp();
      stopCatchingUp?.();
      if (!mayBegin) {
        remove(one);
        return undefined;
      }
      try {
        return await task();
      } finally {
        underWay -= 1;
        goOn();
      }
    },
    turnedAway(forMs) {
      const now = timers.now();
      // What was under way together is turned away together, and says one thing.
      if (now < saidUntil) return;
      saidUntil = now + saidOnceIn;
      const pause = Math.min(longestGivingWay, forMs ?? Math.min(longestGuess, firstGivingWay * 2 ** turnedAwayInARow));
      turnedAwayInARow += 1;
      moments = [];
      // Where the others cannot be told, at least this process gives way.
      void ledger.giveWay(pause).catch((error: unknown) => {
        trouble = error;
        quietUntil = Math.max(quietUntil, now + pause);
      });
    },
    answered() {
      turnedAwayInARow = 0;
    },
    trouble: () => trouble,
  };
}

function rankOf(turn: Turn, repetition: boolean): number {
  return 2 * ranks[turn] + (repetition ? 1 : 0);
}
