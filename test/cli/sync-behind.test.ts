import { describe, expect, test } from 'vitest';
import { newMeter } from '../../shared/state/meter.ts';
import type { Run } from '../../shared/state/runs.ts';
import { crowd } from '../support/crowd.ts';
import { inProcess, type InProcess } from '../support/in-process.ts';
import { manualClock, type ManualClock } from '../support/manual-clock.ts';
import { say, type Said } from './command-world.ts';

const minute = 60_000;

interface Stalled {
  readonly world: InProcess;
  readonly clock: ManualClock;
  readonly devsync: (...args: readonly string[]) => Promise<Said>;
  readonly runOf: (runId: string) => Promise<Run | undefined>;
}

/** A run that has begun and lost all its messages; whoever waits waits by a clock that messages are delivered by. */
async function stalledRun(): Promise<Stalled> {
  const clock = manualClock(Date.UTC(2026, 0, 1, 12));
  const world = inProcess({ clock });
  await crowd(world, 5);
  await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'lost');
  const request = world.queue.shift();
  if (request !== undefined) await world.deliver(request);
  world.queue.length = 0;
  const waiting = {
    now: clock.now,
    async wait() {
      clock.advance(minute / 2);
      await world.drain();
    },
  };
  const services = { ...world.services, clock: waiting };
  const runs = services.runs(newMeter());
  return { world, clock, devsync: (...args) => say(args, { services }), runOf: (runId) => runs.get(runId) };
}

describe('devsync sync behind a run that stands still', () => {
  test('says which run is in the way and since when, sets it going again when it may, and gets its turn', async () => {
    const { clock, devsync, runOf } = await stalledRun();
    clock.advance(5 * minute);
    const { code, out, err } = await devsync('sync');
    expect(code).toBe(0);
    expect(out).toContain('is complete and adds up');
    const lines = err.split('\n');
    const began = 'queued behind the run lost, which began 2026-01-01T12:00:00Z';
    const said = (words: string): boolean => lines.some((line) => line.startsWith(began) && line.endsWith(words));
    expect(said('it has stood still for 5 min, at 20 min whoever waits or asks sets it going again')).toBe(true);
    expect(said('it has stood still for 20 min, it is set going again now')).toBe(true);
    expect(await runOf('lost')).toMatchObject({ state: 'done', resumes: 1 });
  });

  test('with --background says so as well, and with --json only beside the answer', async () => {
    const { world, clock, devsync } = await stalledRun();
    clock.advance(5 * minute);
    const plain = await devsync('sync', '--background');
    expect(plain).toMatchObject({ code: 0, out: expect.stringMatching(/^Requested the run cli-/u) });
    expect(plain.err).toMatch(/^It waits for the run lost, which began .*; it has stood still for 5 min, at 20 min /u);
    const json = await devsync('sync', '--background', '--json');
    expect(JSON.parse(json.out)).toEqual({ runId: expect.any(String) });
    expect(json.err).toContain('the run lost');
    await world.drain();
  });

  test('with --background says nothing where nothing is in the way', async () => {
    const clock = manualClock();
    const world = inProcess({ clock });
    expect((await say(['sync', '--background'], { services: world.services })).err).toBe('');
  });
});
