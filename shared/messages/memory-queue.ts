import { setTimeout as sleep } from 'node:timers/promises';

/** After how long a message that was not acknowledged is delivered again, ms: `first`, then doubled up to `longest`. */
export interface Redelivery {
  readonly first: number;
  readonly longest: number;
}

/** Delivers messages within this process, at least once, and loses none until it is closed. */
export interface MemoryQueue {
  /** Returns at once. Later, `deliver` is called until it answers `done`. */
  enqueue(deliver: () => Promise<'done' | 'again'>): void;
  /** Resolves when every message has been acknowledged. */
  idle(): Promise<void>;
  /** Drops the messages that wait, and resolves when no delivery is under way any more. */
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
      // A handler that throws is like a function that answers 500: the message is delivered again.
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
