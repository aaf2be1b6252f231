import { setTimeout as sleep } from 'node:timers/promises';

/** Our own time, ms. A test brings its own. */
export interface Clock {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

export const systemClock: Clock = { now: Date.now, wait: (ms) => sleep(ms) };
