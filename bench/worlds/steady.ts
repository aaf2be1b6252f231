import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filedRuns } from './filed-runs.ts';
import { generatedPeople, type Generated } from './generated.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

export const hour = 3_600_000;

/**
 * A world of `count` people in step, none of whom it keeps, behind no run yet: the first one walks the listing and finds
 * everybody as they were. Its batches lie in files, which are gone afterwards.
 */
export async function withSteadyWorld<T>(
  count: number,
  use: (world: World, generated: Generated) => Promise<T>,
  { listing = (_, it) => it, ...options }: Pick<WorldOptions, 'listing' | 'log'> = {},
): Promise<T> {
  const generated = await generatedPeople(count);
  const { developers, people } = generated;
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const world = openWorld({
      ...options,
      people,
      runs: (database, meter) => filedRuns(database, meter, folder),
      listing: (clock) => listing(clock, developers),
    });
    return await use(world, generated);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
