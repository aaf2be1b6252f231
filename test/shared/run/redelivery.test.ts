import { expect, test } from 'vitest';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { crowd, deleteUsers, documentOf, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';

const crash = new Error('a crash');
const request = { mode: 'full', dryRun: false, reason: undefined } as const;

/** After a crash around one of these nobody can know any more who did what is there: it may count as unchanged. */
const onPeople = new Set(['transact', 'create', 'update', 'set-status', 'delete']);

interface Played {
  /** By name. */
  readonly effects: readonly string[];
  readonly run: Run | undefined;
}

/** How the run lists the developers: as an earlier one remembers that it can be cut, or as if none did. */
type Listing = 'in ranges' | 'page after page';

/** One run with something to do on both sides, and a crash around one of its effects. Nobody asks for another run. */
async function play(listing: Listing, at: number | undefined, side: 'before' | 'after'): Promise<Played> {
  const clock = manualClock();
  const effects: string[] = [];
  let armed = false;
  const world: InProcess = inProcess({
    clock,
    env: { DESTRUCTIVE_LIMIT_PERCENT: '100' },
    async around(effect, happen) {
      const isHere = armed && effects.length === at;
      if (armed) effects.push(effect);
      if (isHere && side === 'before') throw crash;
      const result = await happen();
      if (isHere) throw crash;
      return result;
    },
  });
  await crowd(world, 4);
  clock.advance(3_600_000);
  world.database.putPortalDocument(idOf(0), { ...documentOf(0), lastName: 'Edited' });
  deleteUsers(world, 1, 2);
  world.database.putPortalDocument('new', documentOf(7));
  world.developers.seed({ email: emailOf(8) });
  if (listing === 'page after page') world.database.runs.listing = undefined;
  armed = true;
  await world.services.publisher.requestSync(request, 'crashed');
  await world.drain();
  return { effects, run: await world.services.runs(newMeter()).get('crashed') };
}

test.each<Listing>(['in ranges', 'page after page'])(
  'wherever a run that lists %s crashes, redelivery alone brings it to its end, with everyone counted (rules 24, 26)',
  async (listing) => {
    const smooth = await play(listing, undefined, 'before');
    const counts = {
      seen: 6,
      created: { apigee: 1, portal: 1 },
      updated: { apigee: 2, portal: 0 },
      unchanged: 2,
      held: 0,
      failed: 0,
    };
    expect(smooth.run).toMatchObject({ state: 'done', totals: { counts } });
    for (const [at, effect] of smooth.effects.entries()) {
      for (const side of ['before', 'after'] as const) {
        const { run } = await play(listing, at, side);
        const expected = onPeople.has(effect) ? { seen: 6, held: 0, failed: 0 } : counts;
        expect({ at, side, effect, run }).toMatchObject({ run: { state: 'done', totals: { counts: expected } } });
      }
    }
  },
);
