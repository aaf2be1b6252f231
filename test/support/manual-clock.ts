import type { Clock } from '../../shared/wiring/clock.ts';

/** Time that moves only when told to, or when somebody waits. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function manualClock(start = Date.UTC(2026, 0, 1)): ManualClock {
  let time = start;
  return {
    now: () => time,
    async wait(ms) {
      time += ms;
    },
    advance(ms) {
      time += ms;
    },
  };
}
