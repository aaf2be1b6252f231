/** Work by key, one at a time: calls that come while one is under way share the next one. */
export interface Coalescer<T> {
  /**
   * Begins `work` at once, or when the work under way for this key is over. All calls that wait for the same key are one:
   * it begins after each of them came, so that it sees whatever made them come.
   */
  run(key: string, work: () => Promise<T>): Promise<T>;
}

export function newCoalescer<T>(): Coalescer<T> {
  const underWay = new Map<string, Promise<T>>();
  const waiting = new Map<string, Promise<T>>();

  const begin = (key: string, work: () => Promise<T>): Promise<T> => {
    waiting.delete(key);
    const current = work().finally(() => {
      if (underWay.get(key) === current) underWay.delete(key);
    });
    underWay.set(key, current);
    return current;
  };

  return {
    run(key, work) {
      const current = underWay.get(key);
      if (current === undefined) return begin(key, work);
      const shared = waiting.get(key);
      if (shared !== undefined) return shared;
      const next = current.then(
        () => begin(key, work),
        () => begin(key, work),
      );
      waiting.set(key, next);
      return next;
    },
  };
}
