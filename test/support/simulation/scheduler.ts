/**
 * Virtual time and everything that is going to happen in it. One thing happens at a time: it runs until everybody waits
 * for something again, then the next one is due. So a seed that draws the delays decides the whole interleaving.
 */
export interface Scheduler {
  /** True time, ms. */
  now(): number;
  /** `owner`: goes with it when its process dies. What is answered calls it off. */
  at(delay: number, happen: () => void, owner?: object): () => void;
  sleep(delay: number, owner?: object): Promise<void>;
  /** Nothing that this owner waits for happens any more. */
  kill(owner: object): void;
  /** Lets everything happen that is due within `ms` from now; false where `stop` asked to end before. */
  advance(ms: number, stop: () => boolean): Promise<boolean>;
  /** Lets things happen until nothing is waited for, for `ms` at most. False where there is still something. */
  drain(ms: number, stop: () => boolean): Promise<boolean>;
}

interface Due {
  readonly time: number;
  readonly order: number;
  readonly happen: () => void;
  readonly owner: object | undefined;
}

export function newScheduler(start: number): Scheduler {
  let time = start;
  let order = 0;
  let queue: Due[] = [];

  function insert(due: Due): void {
    let low = 0;
    let high = queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = queue[middle];
      if (other !== undefined && (other.time > due.time || (other.time === due.time && other.order > due.order)))
        low = middle + 1;
      else high = middle;
    }
    queue.splice(low, 0, due);
  }

  const at: Scheduler['at'] = (delay, happen, owner) => {
    order += 1;
    const due = { time: time + delay, order, happen, owner };
    insert(due);
    return () => {
      const place = queue.indexOf(due);
      if (place >= 0) queue.splice(place, 1);
    };
  };

  /** The queue is kept with the next one last. */
  async function until(end: number, stop: () => boolean): Promise<boolean> {
    for (;;) {
      if (stop()) return false;
      const next = queue.at(-1);
      if (next === undefined || next.time > end) return true;
      queue.pop();
      time = next.time;
      next.happen();
      await everybodyWaits();
    }
  }

  return {
    now: () => time,
    at,
    sleep: (delay, owner) => new Promise((resolve) => void at(delay, resolve, owner)),
    kill(owner) {
      queue = queue.filter((due) => due.owner !== owner);
    },
    async advance(ms, stop) {
      const end = time + ms;
      const done = await until(end, stop);
      if (done) time = end;
      return done;
    },
    async drain(ms, stop) {
      return (await until(time + ms, stop)) && queue.length === 0;
    },
  };
}

/**
 * After every microtask, without a turn of the event loop, which would take a fifth of the time: the product does nothing
 * else by itself, it has no timers and no threads here.
 */
function everybodyWaits(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
