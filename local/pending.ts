/** Counts what is under way, so that one can wait until nothing is. */
export interface Pending {
  readonly count: number;
  begin(): void;
  end(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export function newPending(): Pending {
  const waiting = new Set<() => void>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    begin() {
      count += 1;
    },
    end() {
      count -= 1;
      if (count > 0) return;
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
    idle: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.add(() => resolve()))),
  };
}
