import { setTimeout as sleep } from 'node:timers/promises';

/** When a message that was not taken is delivered again, ms: doubled each time from `first` up to `longest`. */
export interface Redelivery {
  readonly first: number;
  readonly longest: number;
}

/** Delivers in this process, at least once: until it is closed nothing is lost, and nothing is left to wait for. */
export interface MemoryQueue {
  /** Returns at once. `deliver` is called, soon and outside this call, until it answers `done`. */
  enqueue(deliver: () => Promise<'done' | 'again'>): void;
  /** Resolves when every message has been taken. */
  idle(): Promise<void>;
  /** Gives up what waits, and resolves when nothing is under way any more. */
  close(): Promise<void>;
}

const defaultRedelivery: Redelivery = { first: 200, longest: 10_000 };

export function createMemoryQueue({ first, longest }: Redelivery = defaultRedelivery): MemoryQueue {
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();

  async function deliverUntilDone(deliver: () => Promise<'done' | 'again'>): Promise<void> {
    const { signal } = closing;
    for (let wait = 0; ; wait = Math.min(longest, wait === 0 ? first : wait * 2)) {
      await sleep(wait, undefined, { signal });
      // A handler that throws has not taken the message, as one that answers 500.
      if ((await deliver().catch(() => 'again')) === 'done') return;
    }
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return {
    enqueue(deliver) {
      if (closing.signal.aborted) return;
      // Rejects only when the queue is closed.
      const delivery = deliverUntilDone(deliver).catch(() => undefined);
      underWay.add(delivery);
      void delivery.then(() => underWay.delete(delivery));
    },
    idle,
    close() {
      closing.abort();
      return idle();
    },
  };
}
