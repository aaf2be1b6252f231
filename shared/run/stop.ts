import type { Stopped } from '../state/control.ts';
import type { Runs } from '../state/runs.ts';

/** How old what is known of a stop may be, ms: writes end this long after it. */
const freshFor = 1000;

/** Rule 33: whether an operator has stopped every write. */
export interface StopSwitch {
  /** The stop, or undefined where everything goes on. Asks the store once in a second at most. */
  stopped(runs: Pick<Runs, 'control'>): Promise<Stopped | undefined>;
}

/** One switch for a process. `now`: our own clock, ms. */
export function watchStop(now: () => number): StopSwitch {
  const stop = lately(now);
  return { stopped: (runs) => stop(async () => (await runs.control()).stopped) };
}

/** Remembers an answer for a second. Everybody who asks meanwhile gets the same one; a failure is not kept. */
export function lately(now: () => number): <T>(ask: () => Promise<T>) => Promise<T> {
  let kept: { readonly at: number; readonly answer: Promise<unknown> } | undefined;
  return async <T>(ask: () => Promise<T>): Promise<T> => {
    if (kept === undefined || now() - kept.at >= freshFor || now() < kept.at) kept = { at: now(), answer: ask() };
    const { answer } = kept;
    try {
      return (await answer) as T;
    } catch (error) {
      if (kept?.answer === answer) kept = undefined;
      throw error;
    }
  };
}
