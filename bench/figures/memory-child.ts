import { hour, withSteadyWorld } from '../worlds/steady.ts';

/**
 * One process that does everything for as many people as its argument says: the first run, a full and an incremental one, with
 * stores that keep nobody. Prints the most memory that it had, in bytes, at the end of each.
 */
const people = Number(process.argv[2]);

await withSteadyWorld(people, async (world) => {
  const peaks: number[] = [];
  for (const mode of ['full', 'full', 'incremental'] as const) {
    await world.run(mode);
    world.clock.advance(hour);
    peaks.push(process.resourceUsage().maxRSS * 1024);
  }
  console.log(JSON.stringify(peaks));
});
