/**
 * What Google Cloud asked in US dollars in 2026, in a multi-region; in one region documents cost about half. Prices differ by
 * region and change: check yours.
 */
export const prices = {
  /** cloud.google.com/firestore/pricing, `nam5` and `eur3`. */
  read: 0.06 / 100_000,
  write: 0.18 / 100_000,
  /** cloud.google.com/run/pricing: an instance with one CPU and 1 GiB, for a second in which it answers. */
  instanceSecond: 0.000_026_5,
} as const;

/** Assumed, and not counting that an instance works on several batches at once: seconds that a batch takes. */
export const assumedSeconds = { developers: 1.5, portalUsers: 2, push: 0.3 } as const;
