import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../shared/wiring/clock.ts';

/**
 * A clock on which only waiting takes time: when everybody waits, it moves to the moment at which the first of them goes on.
 * So it measures how many waits come one after the other, whatever the machine.
 */
export interface VirtualTime extends Clock {
  advance(ms: number): void;
}

/** How many turns of the event loop nobody may move before everybody counts as waiting. */
const quietTurns = 2;

export function virtualTime(start = Date.UTC(2026, 0, 1)): VirtualTime {
  let time = start;
  let waiting: { readonly at: number; readonly go: () => void }[] = [];
  let moving = false;

  async function move(): Promise<void> {
    moving = true;
    while (waiting.length > 0) {
      const before = waiting.length;
      for (let turns = 0; turns < quietTurns; turns += 1) await turn();
      if (waiting.length !== before) continue;
      const next = waiting.reduce((first, { at }) => Math.min(first, at), Infinity);
      time = Math.max(time, next);
      const due = waiting.filter(({ at }) => at <= time);
      waiting = waiting.filter(({ at }) => at > time);
      for (const { go } of due) go();
    }
    moving = false;
  }

  return {
    now: () => time,
    async wait(ms) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ at: time + ms, go: resolve });
      if (!moving) void move();
      return promise;
    },
    advance(ms) {
      time += ms;
    },
  };
}
