/** Our own time, and what is to happen in it. A test brings its own. */
export interface Timers {
  /** Ms, of a clock that is never set. */
  readonly now: () => number;
  /** Lets it happen `ms` from now; what is answered calls it off. */
  readonly after: (ms: number, happen: () => void) => () => void;
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after(ms, happen) {
    const timer = setTimeout(happen, ms);
    return () => clearTimeout(timer);
  },
};
