import { setImmediate as turn } from 'node:timers/promises';
import type { Timers } from '../../shared/apigee/call-budget.ts';
import type { Clock } from '../../shared/wiring/clock.ts';

/**
 * A clock on which only waiting takes time: when everybody waits, it moves to the moment at which the first of them goes on.
 * So it measures how many waits come one after the other, whatever the machine.
 */
export interface VirtualTime extends Clock, Timers {
  advance(ms: number): void;
}

interface Waiting {
  readonly at: number;
  readonly go: () => void;
}

/** How many turns of the event loop nobody may move before everybody counts as waiting. */
const quietTurns = 2;

export function virtualTime(start = Date.UTC(2026, 0, 1)): VirtualTime {
  let time = start;
  let waiting: Waiting[] = [];
  let moves = 0;
  let moving = false;

  async function move(): Promise<void> {
    moving = true;
    while (waiting.length > 0) {
      const before = moves;
      for (let turns = 0; turns < quietTurns; turns += 1) await turn();
      if (moves !== before) continue;
      const next = waiting.reduce((first, { at }) => Math.min(first, at), Infinity);
      time = Math.max(time, next);
      for (const due of waiting.filter(({ at }) => at <= time)) {
        // One that goes on may call another off.
        if (!waiting.includes(due)) continue;
        waiting.splice(waiting.indexOf(due), 1);
        due.go();
      }
    }
    moving = false;
  }

  const after: Timers['after'] = (ms, go) => {
    const one = { at: time + ms, go };
    moves += 1;
    waiting.push(one);
    if (!moving) void move();
    return () => {
      moves += 1;
      waiting = waiting.filter((other) => other !== one);
    };
  };

  return {
    now: () => time,
    after,
    wait: (ms) => new Promise((resolve) => void after(ms, resolve)),
    advance(ms) {
      time += ms;
    },
  };
}
