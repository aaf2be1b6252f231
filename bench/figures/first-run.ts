import { developerOf, documentOf, idOf } from '../worlds/person.ts';
import { openWorld, type Cost, type World } from '../worlds/world.ts';

/** Where the people of a first run are. */
export type Sides = 'both' | 'apigee' | 'portal';

/** So many people whom no run has met yet. */
export function newcomers(count: number, sides: Sides): World {
  const world = openWorld();
  for (let index = 0; index < count; index += 1) {
    if (sides !== 'apigee') world.database.putPortalDocument(idOf(index), documentOf(index));
    if (sides !== 'portal') world.developers.seed(developerOf(index));
  }
  return world;
}

/** What the first run over them costs. Throws where somebody was not brought in step. */
export async function firstRun(count: number, sides: Sides): Promise<Cost> {
  const world = newcomers(count, sides);
  const { cost, result } = await world.costOf(() => world.run('full'));
  const counts = result.totals?.counts;
  if (counts?.seen !== count || counts.held + counts.failed > 0)
    throw new Error('the first run did not reach everybody');
  return cost;
}
