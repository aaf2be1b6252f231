import PQueue from 'p-queue';

export interface CallBudget {
  /** Runs the task when calls per minute and concurrency allow. Repetitions go before first tries. */
  run<T>(task: () => Promise<T>, repetition: boolean): Promise<T>;
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
  return { run: (task, repetition) => queue.add(task, { priority: repetition ? 1 : 0 }) };
}
