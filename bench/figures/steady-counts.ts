import type { Developers } from '../../shared/apigee/developers.ts';
import { hour, withSteadyWorld } from '../worlds/steady.ts';
import type { VirtualTime } from '../worlds/virtual-time.ts';
import type { Cost, World } from '../worlds/world.ts';

/** Five instances with four batches each: what terraform deploys unless it is told otherwise. */
export const batchesAtOnce = 20;
/** How long a page of the listing takes, ms. */
const pageTakes = 1000;

/** A run, and how long the pages of its listing took, those listed at the same time counted once, in ms. */
export interface SteadyRun {
  readonly cost: Cost;
  readonly took: number;
}

/** Runs over people of whom nobody changed. */
export interface SteadyCounts {
  /** The first one knows nothing of the listing, and walks it. */
  readonly walk: SteadyRun;
  readonly full: SteadyRun;
  readonly incremental: SteadyRun;
  /** The same as `incremental`, one range after the other. */
  readonly oneByOne: SteadyRun;
}

const counted = new Map<number, Promise<SteadyCounts>>();

/** Counted once for each number of people: several figures ask for it. */
export function steadyCounts(people: number): Promise<SteadyCounts> {
  const known = counted.get(people) ?? withSteadyWorld(people, count, { listing: slowly });
  counted.set(people, known);
  return known;
}

async function count(world: World): Promise<SteadyCounts> {
  const timed = async (mode: 'full' | 'incremental', atOnce: number): Promise<SteadyRun> => {
    world.workOn(atOnce);
    const began = world.clock.now();
    const { cost } = await world.costOf(() => world.run(mode));
    const took = world.clock.now() - began;
    world.clock.advance(hour);
    return { cost, took };
  };
  return {
    walk: await timed('full', batchesAtOnce),
    full: await timed('full', batchesAtOnce),
    incremental: await timed('incremental', batchesAtOnce),
    oneByOne: await timed('incremental', 1),
  };
}

function slowly(clock: VirtualTime, developers: Developers): Developers {
  return {
    ...developers,
    async listEmails(page) {
      await clock.wait(pageTakes);
      return developers.listEmails(page);
    },
    async listDevelopers(page) {
      await clock.wait(pageTakes);
      return developers.listDevelopers(page);
    },
  };
}
