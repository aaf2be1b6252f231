import { describe, expect, test } from 'vitest';
import type { Developers } from '../../../shared/apigee/developers.ts';
import { crowd, documentOf, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess, type InProcessOptions } from '../../support/in-process.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { unavailable } from '../sync/ann.ts';

const hour = 3_600_000;
const incremental = { mode: 'incremental' } as const;

interface World extends InProcess {
  readonly clock: ManualClock;
  /** Somebody edits this developer in Apigee. */
  edit(index: number, lastName: string): void;
}

async function crowded(options: InProcessOptions = {}, clock = manualClock()): Promise<World> {
  const world = inProcess({ clock, ...options });
  await crowd(world, 5);
  clock.advance(hour);
  return {
    ...world,
    clock,
    edit(index, lastName) {
      const known = world.developers.all().find(({ email }) => email === emailOf(index));
      if (known !== undefined) world.developers.seed({ ...known, lastName, lastModifiedAt: clock.now() });
    },
  };
}

describe('an incremental run', () => {
  test('is a full one where there has been none', async () => {
    const world = inProcess();
    world.developers.seed({ email: emailOf(1) });
    expect(await world.run(incremental)).toMatchObject({ mode: 'full', state: 'done' });
    expect(await world.run(incremental)).toMatchObject({ mode: 'incremental', state: 'done' });
  });

  test('finds what either side edited since the last one, and reads nobody else (rules 3, 10)', async () => {
    const world = await crowded();
    world.edit(1, 'Apigee');
    const updatedAt = new Date(world.clock.now());
    world.database.putPortalDocument(idOf(2), { ...documentOf(2), lastName: 'Portal', updatedAt });
    const { get } = world.calls;
    const run = await world.run(incremental);
    expect(run.totals?.counts).toMatchObject({ updated: { apigee: 1, portal: 1 }, unchanged: 3 });
    expect(world.user(idOf(1))).toMatchObject({ lastName: 'Apigee' });
    expect(world.developers.all()).toMatchObject([{}, {}, { lastName: 'Portal' }, {}, {}]);
    expect(world.calls.get - get).toBeLessThanOrEqual(2);
  });

  test('finds what was edited while the last one was under way, however long that took (rule 3)', async () => {
    const clock = manualClock();
    let whileRunning: (() => void) | undefined;
    const world = await crowded(
      {
        async around(effect, happen) {
          const result = await happen();
          if (effect === 'complete-batch') {
            whileRunning?.();
            clock.advance(hour);
          }
          return result;
        },
      },
      clock,
    );
    let batches = 0;
    whileRunning = () => {
      batches += 1;
      // The portal's batch, then the page of developers: these have been looked at by now.
      if (batches === 2) world.edit(1, 'Meanwhile');
    };
    expect(await world.run({ mode: 'full' })).toMatchObject({ state: 'done' });
    whileRunning = undefined;
    expect(world.user(idOf(1))).toMatchObject({ lastName: 'Last' });
    await world.run(incremental);
    expect(world.user(idOf(1))).toMatchObject({ lastName: 'Meanwhile' });
  });

  test.each(['full', 'incremental'] as const)(
    'finds what a %s dry run only looked at, and what a failed one did not see (rule 25)',
    async (mode) => {
      let isDenied = false;
      const denied = { ...unavailable.error, kind: 'denied', operation: 'list', status: 403 } as const;
      const world = await crowded({
        wrap: (developers): Developers => ({
          ...developers,
          listEmails: async (page) => (isDenied ? { ok: false, error: denied } : developers.listEmails(page)),
          listDevelopers: async (page) => (isDenied ? { ok: false, error: denied } : developers.listDevelopers(page)),
        }),
      });
      world.edit(1, 'Edited');
      world.clock.advance(hour);
      expect(await world.run({ mode, dryRun: true })).toMatchObject({
        state: 'done',
        totals: { counts: { updated: { portal: 1 } } },
      });
      world.clock.advance(hour);
      isDenied = true;
      expect(await world.run({ mode })).toMatchObject({ state: 'failed' });
      isDenied = false;
      world.clock.advance(hour);
      expect(world.user(idOf(1))).toMatchObject({ lastName: 'Last' });
      await world.run(incremental);
      expect(world.user(idOf(1))).toMatchObject({ lastName: 'Edited' });
    },
  );

  test('tries again the people who are due, although neither side was edited since (rule 7)', async () => {
    let isAway = true;
    const world = await crowded({
      wrap: (developers) => ({
        ...developers,
        update: async (email, body) => (isAway ? unavailable : developers.update(email, body)),
      }),
    });
    const updatedAt = new Date(world.clock.now());
    world.database.putPortalDocument(idOf(1), { ...documentOf(1), lastName: 'Late', updatedAt });
    expect(await world.push(idOf(1))).toMatchObject([{ outcome: 'failed', disposition: 'retry' }]);
    world.clock.advance(hour);
    // The next watermark is behind the edit.
    expect(await world.run(incremental)).toMatchObject({ totals: { counts: { failed: 1 } } });
    world.clock.advance(hour);
    isAway = false;
    expect(await world.run(incremental)).toMatchObject({ totals: { counts: { updated: { apigee: 1 }, failed: 0 } } });
    expect(world.developers.all()[1]).toMatchObject({ lastName: 'Late' });
  });
});
