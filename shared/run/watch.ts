import type { Stopped } from '../state/control.ts';
import type { Run, Runs } from '../state/runs.ts';

/** How old what is known may be, ms: writes end this long after a stop. */
const freshFor = 1000;
/** A process works on one run at a time, or on a few. */
const mostRuns = 20;

/** What a process has to look at again and again while it writes. Each is asked of the store once in a second at most. */
export interface Watch {
  /** Rule 33: the stop by which an operator has ended every write; undefined where everything goes on. */
  stopped(runs: Pick<Runs, 'control'>): Promise<Stopped | undefined>;
  /** The run as it was within the last second, if it went on then; else as it is. */
  run(runs: Pick<Runs, 'get'>, runId: string): Promise<Run | undefined>;
}

/** One for a process. `now`: our own clock, ms. */
export function newWatch(now: () => number): Watch {
  const stop = lately<Stopped | undefined>(now);
  const known = new Map<string, Lately<Run | undefined>>();
  return {
    stopped: (runs) => stop(async () => (await runs.control()).stopped),
    async run(runs, runId) {
      const [oldest] = known.keys();
      if (!known.has(runId) && known.size >= mostRuns && oldest !== undefined) known.delete(oldest);
      const run = known.get(runId) ?? lately<Run | undefined>(now);
      known.set(runId, run);
      const found = await run(() => runs.get(runId));
      if (found?.state !== 'running') known.delete(runId);
      return found;
    },
  };
}

type Lately<T> = (ask: () => Promise<T>) => Promise<T>;

/** Remembers an answer for a second. Everybody who asks meanwhile gets the same one; a failure is not kept. */
function lately<T>(now: () => number): Lately<T> {
  let kept: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return async (ask) => {
    if (kept === undefined || now() - kept.at >= freshFor || now() < kept.at) kept = { at: now(), answer: ask() };
    const { answer } = kept;
    try {
      return await answer;
    } catch (error) {
      if (kept?.answer === answer) kept = undefined;
      throw error;
    }
  };
}
