import { expect, test } from 'vitest';
import { newRun } from '../../../shared/run/lifecycle/start-run.ts';
import { newWatch } from '../../../shared/run/watch.ts';
import type { Run, RunState } from '../../../shared/state/runs.ts';
import { manualClock } from '../../support/manual-clock.ts';

const request = { mode: 'full', dryRun: false, reason: undefined } as const;

/** A run that is in this state, and how often it was asked for. */
function store(state: RunState) {
  const asked: string[] = [];
  const found = { state };
  const get = async (runId: string): Promise<Run> => {
    asked.push(runId);
    return { ...newRun(runId, request, 0, 'destructive'), ...found };
  };
  return { asked, found, runs: { get } };
}

test('a run that goes on is asked for once in a second, by however many', async () => {
  const clock = manualClock();
  const watch = newWatch(clock.now);
  const { asked, found, runs } = store('running');
  await Promise.all([watch.run(runs, 'r'), watch.run(runs, 'r')]);
  found.state = 'failed';
  clock.advance(999);
  expect(await watch.run(runs, 'r')).toMatchObject({ state: 'running' });
  expect(asked).toEqual(['r']);
  clock.advance(1);
  expect(await watch.run(runs, 'r')).toMatchObject({ state: 'failed' });
  expect(asked).toEqual(['r', 'r']);
});

test('one that does not go on is asked for each time: it may any moment', async () => {
  const watch = newWatch(manualClock().now);
  const { found, runs } = store('held');
  expect(await watch.run(runs, 'r')).toMatchObject({ state: 'held' });
  found.state = 'running';
  expect(await watch.run(runs, 'r')).toMatchObject({ state: 'running' });
});

test('runs are known apart, and a failure of the store is not kept', async () => {
  const watch = newWatch(manualClock().now);
  const { asked, runs } = store('running');
  await expect(watch.run({ get: async () => Promise.reject(new Error('away')) }, 'a')).rejects.toThrow('away');
  expect(await watch.run(runs, 'a')).toMatchObject({ runId: 'a' });
  expect(await watch.run(runs, 'b')).toMatchObject({ runId: 'b' });
  expect(asked).toEqual(['a', 'b']);
});

test('a process that has seen many runs remembers the last ones only', async () => {
  const watch = newWatch(manualClock().now);
  const { asked, runs } = store('running');
  for (let nth = 0; nth < 30; nth += 1) await watch.run(runs, `r${String(nth)}`);
  await watch.run(runs, 'r29');
  await watch.run(runs, 'r0');
  expect(asked.slice(30)).toEqual(['r0']);
});
