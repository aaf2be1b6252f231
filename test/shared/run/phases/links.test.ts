import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { handleFanOut } from '../../../../shared/wiring/handlers.ts';
import { peopleOf } from '../../../../shared/state/batch-document.ts';
import type { People } from '../../../../shared/state/people.ts';
import type { BatchPhase } from '../../../../shared/state/batch.ts';
import { crowd, deleteUsers, documentOf, emailOf, idOf } from '../../../support/crowd.ts';
import { inProcess, type InProcess, type InProcessOptions } from '../../../support/in-process.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';

/** A function is killed after this, ms. */
const killedAfter = 540_000;
const request = { mode: 'full', dryRun: false, reason: undefined } as const;
const everybody = { DESTRUCTIVE_LIMIT: '100000', DESTRUCTIVE_LIMIT_PERCENT: '100' };

/** The people whom the batches of a phase name, as often as they do. */
function peopleIn({ database }: InProcess, phase: BatchPhase, runId = 'run'): readonly string[] {
  const batches = [...(database.runs.batches.get(runId)?.values() ?? [])];
  return batches.filter((batch) => batch.phase === phase).flatMap(peopleOf);
}

function addUsers({ database }: InProcess, from: number, to: number): void {
  for (let index = from; index < to; index += 1) database.putPortalDocument(idOf(index), documentOf(index));
}

interface Slow {
  readonly pages: number;
  readonly longest: number;
}

/** Runs with a store that takes a minute for every page of links. */
async function runSlowly(world: InProcess, clock: ManualClock): Promise<Slow> {
  let pages = 0;
  let longest = 0;
  const slow = (people: People): People => {
    const paged = async <T>(page: Promise<T>): Promise<T> => {
      pages += 1;
      clock.advance(60_000);
      return page;
    };
    return {
      ...people,
      linksOnlyOnPortal: (page) => paged(people.linksOnlyOnPortal(page)),
      linksDue: (page) => paged(people.linksDue(page)),
      linksWithDeveloper: (page) => paged(people.linksWithDeveloper(page)),
    };
  };
  const services = {
    ...world.services,
    people: (meter: Parameters<typeof world.services.people>[0]) => slow(world.services.people(meter)),
  };
  await world.services.publisher.requestSync(request, 'run');
  for (let message = world.queue.shift(); message !== undefined; message = world.queue.shift()) {
    const started = clock.now();
    if (message.topic === 'requests') await handleFanOut(services, message.body);
    else await world.deliver(message);
    longest = Math.max(longest, clock.now() - started);
  }
  return { pages, longest };
}

describe('a walk over the links that takes longer than a function may', () => {
  test('goes on where it stopped: people who are only on the portal', async () => {
    const clock = manualClock();
    const world = inProcess({ clock });
    await crowd(world, 3);
    addUsers(world, 3, 6003);
    const { pages, longest } = await runSlowly(world, clock);
    expect(longest).toBeLessThan(killedAfter);
    expect(pages).toBeLessThan(20);
    expect(new Set(peopleIn(world, 'links'))).toHaveLength(6000);
    expect(peopleIn(world, 'links')).toHaveLength(6000);
    expect(world.database.runs.runs.get('run')).toMatchObject({
      state: 'done',
      totals: { counts: { seen: 6003, created: { apigee: 6000 }, unchanged: 3 } },
    });
  });

  test('goes on where it stopped: a search for developers who vanished (rule 15)', async () => {
    const clock = manualClock();
    const world = inProcess({ clock, env: { ...everybody, APIGEE_DELETE_POLICY: 'deactivate' } });
    await crowd(world, 7000);
    clock.advance(3_600_000);
    for (let index = 0; index < 7000; index += 700) world.developers.remove(emailOf(index));
    const { pages, longest } = await runSlowly(world, clock);
    expect(longest).toBeLessThan(killedAfter);
    expect(pages).toBeLessThan(25);
    expect(peopleIn(world, 'links')).toHaveLength(10);
    expect(world.database.runs.runs.get('run')).toMatchObject({
      state: 'done',
      totals: { counts: { seen: 7000, updated: { portal: 10 }, unchanged: 6990 } },
    });
  });
});

/** 600 people who are only on the portal, and 120 who lost their portal user. */
async function worldWithUnseen(around?: InProcessOptions['around']): Promise<InProcess> {
  const clock = manualClock();
  // So many wait at the same time that an hour would go by.
  const wait = async (): Promise<void> => setImmediate();
  const world = inProcess({ clock: { ...clock, wait }, env: everybody, ...(around === undefined ? {} : { around }) });
  await crowd(world, 300);
  clock.advance(3_600_000);
  deleteUsers(world, 0, 120);
  addUsers(world, 300, 900);
  await world.services.publisher.requestSync(request, 'run');
  return world;
}

function expectEverybodyOnce(world: InProcess): void {
  // Who lost their portal user is due.
  expect(peopleIn(world, 'links')).toHaveLength(720);
  expect(new Set(peopleIn(world, 'links'))).toHaveLength(720);
  expect(peopleIn(world, 'destructive')).toHaveLength(120);
  expect(new Set(peopleIn(world, 'destructive'))).toHaveLength(120);
  expect(world.calls).toMatchObject({ create: 600, status: 120 });
  const counts = {
    seen: 900,
    created: { apigee: 600, portal: 0 },
    updated: { apigee: 120, portal: 0 },
    unchanged: 180,
  };
  expect(world.database.runs.runs.get('run')).toMatchObject({ state: 'done', totals: { counts } });
}

describe('everybody whom the listing has not shown is in one batch (rules 20, 24, 26)', () => {
  test('although every message that takes the run on is delivered twice, at the same time', async () => {
    const world = await worldWithUnseen();
    while (world.queue.length > 0) {
      const messages = world.queue
        .splice(0)
        .flatMap((message) => (message.topic === 'requests' ? [message, message] : message));
      const answers = await Promise.all(messages.map((message) => world.deliver(message)));
      world.queue.push(...messages.filter((_, index) => answers[index] === 'again'));
    }
    expectEverybodyOnce(world);
  });

  test.each(['before', 'after'] as const)(
    'although steps crash again and again, %s they have happened',
    async (side) => {
      const steps = ['create-batch', 'publish', 'continue', 'update-run'];
      let [armed, taken, next, gap] = [false, 0, 2, 2];
      const world = await worldWithUnseen(async (effect, happen) => {
        if (!armed || !steps.includes(effect)) return happen();
        taken += 1;
        const crashes = taken === next;
        if (crashes) {
          gap += 1;
          next += gap;
        }
        if (crashes && side === 'before') throw new Error('a crash');
        const result = await happen();
        if (crashes) throw new Error('a crash');
        return result;
      });
      armed = true;
      await world.drain();
      expect(gap).toBeGreaterThan(8);
      expectEverybodyOnce(world);
    },
  );
});
