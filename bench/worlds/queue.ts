import PQueue from 'p-queue';

/** Delivers messages within this process until each is done, so many at the same time at most. */
export interface BoundedQueue {
  add(deliver: () => Promise<'done' | 'again'>): void;
  /** From now on so many. */
  atOnce(count: number): void;
  /** Resolves when nothing is left. Throws what a delivery threw, and where one is never done. */
  idle(): Promise<void>;
}

const mostTries = 10;

export function boundedQueue(concurrency: number): BoundedQueue {
  const queue = new PQueue({ concurrency });
  const failures: unknown[] = [];

  async function deliverTry(deliver: () => Promise<'done' | 'again'>, tries: number): Promise<void> {
    if ((await deliver()) === 'done') return;
    if (tries === mostTries) throw new Error('a message of the bench is never done');
    enqueue(deliver, tries + 1);
  }

  function enqueue(deliver: () => Promise<'done' | 'again'>, tries: number): void {
    queue.add(() => deliverTry(deliver, tries)).catch((error: unknown) => failures.push(error));
  }

  return {
    add: (deliver) => enqueue(deliver, 1),
    atOnce(count) {
      queue.concurrency = count;
    },
    async idle() {
      await queue.onIdle();
      if (failures.length > 0) throw failures[0];
    },
  };
}
