import PQueue from 'p-queue';

export interface CallBudget {
  /**
   * Runs the task as soon as calls per minute and concurrency allow it. Repetitions go before first tries. Undefined: the
   * task's turn did not come within `waitMs`, and the task was not run.
   */
  run<T>(task: () => Promise<T>, repetition: boolean, waitMs: number): Promise<T | undefined>;
}

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
  return {
    async run(task, repetition, waitMs) {
      const waiting = new AbortController();
      const timer = setTimeout(() => waiting.abort(), waitMs);
      const begin = (): ReturnType<typeof task> => {
        clearTimeout(timer);
        return task();
      };
      try {
        return await queue.add(begin, { priority: repetition ? 1 : 0, signal: waiting.signal });
      } catch (error) {
        if (waiting.signal.aborted) return undefined;
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
