import { describe, expect, test } from 'vitest';
import { crowd, documentOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess, type InProcessOptions } from '../../support/in-process.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { unavailable } from '../sync/ann.ts';

const minute = 60_000;

interface World extends InProcess {
  readonly clock: ManualClock;
  /** Somebody edits this portal user, and then the time passes. */
  edit(lastName: string, passes: number): void;
  /** How many edits a run found that no event had brought. */
  missed(): number;
}

async function crowded(options: InProcessOptions = {}): Promise<World> {
  const clock = manualClock();
  const world = inProcess({ clock, ...options });
  await crowd(world, 3);
  clock.advance(60 * minute);
  return {
    ...world,
    clock,
    edit(lastName, passes) {
      world.database.putPortalDocument(idOf(1), { ...documentOf(1), lastName, updatedAt: new Date(clock.now()) });
      clock.advance(passes);
    },
    missed: () => world.logs.filter(({ event }) => event === 'edit_missed').length,
  };
}

describe('a run that brings over an edit of the portal says that the trigger did not', () => {
  test('once, where the edit has had every chance', async () => {
    const world = await crowded();
    world.edit('Missed', 16 * minute);
    await world.run({ mode: 'incremental' });
    await world.run({ mode: 'full' });
    expect(world.missed()).toBe(1);
    expect(world.logs.find(({ event }) => event === 'edit_missed')).toMatchObject({
      fields: ['lastName'],
      dryRun: false,
    });
  });

  test('and nothing where the edit is only just made', async () => {
    const world = await crowded();
    world.edit('Quick', minute);
    await world.run({ mode: 'incremental' });
    expect(world.developers.all()).toMatchObject([{}, { lastName: 'Quick' }, {}]);
    expect(world.missed()).toBe(0);
  });

  test('nor where a push has brought it', async () => {
    const world = await crowded();
    world.edit('Pushed', 16 * minute);
    await world.push(idOf(1));
    await world.run();
    expect(world.missed()).toBe(0);
  });

  test('nor where a push tried, and Apigee did not answer', async () => {
    let isDown = true;
    const world = await crowded({
      wrap: (developers) => ({
        ...developers,
        update: (...args) => (isDown ? Promise.resolve(unavailable) : developers.update(...args)),
      }),
    });
    world.edit('Late', 16 * minute);
    await world.push(idOf(1));
    isDown = false;
    await world.run();
    expect(world.developers.all()).toMatchObject([{}, { lastName: 'Late' }, {}]);
    expect(world.missed()).toBe(0);
  });
});
