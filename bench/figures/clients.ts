import { inThousands, valuesOf, type Figure, type Row } from '../figure.ts';
import { documentOf, idOf } from '../worlds/person.ts';
import { callsIn } from '../worlds/world.ts';
import { hour } from '../worlds/steady.ts';
import { newcomers } from './first-run.ts';
import { fewest, fourConnections, oneAfterTheOther, oneAfterTheOtherCold, type ClientCalls } from './other-clients.ts';
import { batchesAtOnce } from './steady-counts.ts';

/** More people than this are not edited one by one: what they would cost is computed from what these do. */
const mostCounted = 10_000;
const partChanged = 0.01;
/** Ranges are cut so that there is room for newcomers. */
const rangeSize = 980;

/** The same work, done by others: counted by models of what their sources do. */
export const clients: Figure = {
  name: 'clients',
  title: 'Calls to Apigee, compared with other clients',
  sizes: [10_000, 1_000_000],
  async measure(people) {
    const changed = Math.round(people * partChanged);
    return [
      ...(await rowsOf({ people, changed: 0 }, 'nobody changed')),
      ...(await rowsOf({ people, changed }, '1 % edited on the portal')),
    ];
  },
  plot: (found) => ({
    title: 'Calls that wait for one another, in a run that finds 1 % edited on the portal',
    unit: 'calls',
    logarithmic: true,
    bars: [...names].flatMap((name) =>
      valuesOf(found, `1 % edited on the portal, ${name}: in sequence`).map(({ people, value }) => ({
        label: `${inThousands(people)}, ${name}`,
        value,
        ours: name === ours,
      })),
    ),
  }),
};

const ours = 'this product';
const names = [
  ours,
  'the fewest possible',
  'Drupal module, everybody cached',
  'Drupal module, cache run out',
  'apigeecli, four connections',
];

async function rowsOf(
  work: { readonly people: number; readonly changed: number },
  what: string,
): Promise<readonly Row[]> {
  const bound = fewest(work, batchesAtOnce);
  const own = await oursFor(work);
  const all: readonly ClientCalls[] = [
    own,
    bound,
    oneAfterTheOther(work),
    oneAfterTheOtherCold(work),
    fourConnections(work),
  ];
  return all.flatMap(({ calls, inSequence }, place) => [
    { what: `${what}, ${names[place] ?? ''}: calls`, value: calls, unit: 'calls' },
    { what: `${what}, ${names[place] ?? ''}: in sequence`, value: inSequence, unit: 'calls' },
  ]);
}

/** Counted in a run of the product, or, of more people than can be kept here, what follows from that. */
async function oursFor({
  people,
  changed,
}: {
  readonly people: number;
  readonly changed: number;
}): Promise<ClientCalls> {
  const calls =
    people <= mostCounted
      ? await countedCalls(people, changed)
      : Math.ceil(people / rangeSize) + 1 + changed * (await callsForOne());
  const list = Math.ceil(people / rangeSize) + 1;
  return { calls, inSequence: Math.ceil(list / batchesAtOnce) + Math.ceil((calls - list) / batchesAtOnce) };
}

async function callsForOne(): Promise<number> {
  const some = 100;
  const none = await countedCalls(mostCounted / 10, 0);
  return ((await countedCalls(mostCounted / 10, some)) - none) / some;
}

/** What an incremental run costs of which so many people were edited on the portal. */
async function countedCalls(people: number, changed: number): Promise<number> {
  const world = newcomers(people, 'both');
  await world.run('full');
  world.clock.advance(hour);
  for (let index = 0; index < changed; index += 1)
    world.database.putPortalDocument(idOf(index), {
      ...documentOf(index),
      lastName: 'Edited',
      updatedAt: world.clock.now(),
    });
  const { cost, result } = await world.costOf(() => world.run('incremental'));
  if (result.totals?.counts.updated.apigee !== changed) throw new Error('not every edit reached Apigee');
  return callsIn(cost);
}
