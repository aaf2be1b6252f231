import PQueue from 'p-queue';

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
}

/** How long a read waits behind those of people who are begun, ms. */
const longestStandingBack = 3000;

const ranks: Readonly<Record<Turn, number>> = { waiting: 0, begun: 1, write: 2 };

/**
 * At most `callsPerMinute` calls begin in any minute, spread evenly: no more than a second's worth at once.
 * `maxConcurrent`: calls under way at the same time.
 */
export function createCallBudget(callsPerMinute: number, maxConcurrent: number): CallBudget {
  const intervalCap = Math.max(1, Math.floor(callsPerMinute / 60));
  const intervals = Math.max(1, Math.floor(callsPerMinute / intervalCap));
  // `strict`: the cap holds for every stretch of this length, not only from one tick to the next.
  const queue = new PQueue({
    concurrency: maxConcurrent,
    intervalCap,
    interval: Math.ceil(60_000 / intervals),
    strict: true,
  });
  let calls = 0;
  return {
    async run(task, { turn, repetition }, waitMs) {
      const id = String((calls += 1));
      const waiting = new AbortController();
      const timers = [setTimeout(() => waiting.abort(), waitMs)];
      const catchUp = (): void => {
        if (!waiting.signal.aborted) queue.setPriority(id, priorityOf('begun', false));
      };
      if (turn === 'waiting') timers.push(setTimeout(catchUp, longestStandingBack));
      const stopTimers = (): void => {
        for (const timer of timers) clearTimeout(timer);
      };
      const begin = (): ReturnType<typeof task> => {
        stopTimers();
        return task();
      };
      try {
        return await queue.add(begin, { id, priority: priorityOf(turn, repetition), signal: waiting.signal });
      } catch (error) {
        if (waiting.signal.aborted) return undefined;
        throw error;
      } finally {
        stopTimers();
      }
    },
  };
}

function priorityOf(turn: Turn, repetition: boolean): number {
  return 2 * ranks[turn] + (repetition ? 1 : 0);
}
