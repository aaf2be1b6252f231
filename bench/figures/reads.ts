import { inThousands, rounded, valuesOf, type Figure, type Row } from '../figure.ts';
import { callsIn, type Cost } from '../worlds/world.ts';
import { firstRun } from './first-run.ts';
import { pulledEdit, pushedEdit } from './one-edit.ts';
import { steadyCounts } from './steady-counts.ts';

/** More people than this change nothing of what one of them costs in a first run, but take minutes. */
const mostNewcomers = 2000;

const perThousand = 'incremental run without changes, bookkeeping included';
const perPerson = 'full run without changes';

/** What Firestore bills. */
export const reads: Figure = {
  name: 'reads',
  title: 'Documents read and written in Firestore',
  sizes: [10_000, 100_000],
  async measure(people) {
    const { full, incremental } = await steadyCounts(people);
    const some = Math.min(people, mostNewcomers);
    const [both, onlyApigee, onlyPortal] = [
      await firstRun(some, 'both'),
      await firstRun(some, 'apigee'),
      await firstRun(some, 'portal'),
    ];
    const push = await pushedEdit();
    const pull = await pulledEdit();
    const rows: Row[] = [
      ...ofPeople('first run, on both sides', both, some, { reads: 4, writes: 1.1 }),
      ...ofPeople('first run, only in Apigee', onlyApigee, some),
      ...ofPeople('first run, only on the portal', onlyPortal, some),
      ...ofPeople(perPerson, full.cost, people, { reads: 2.1, writes: 0 }),
      {
        what: perThousand,
        value: rounded((1000 * (incremental.cost.people.reads + incremental.cost.bookkeeping.reads)) / people),
        unit: 'reads for 1,000 people',
        goal: { most: 5 },
      },
      {
        what: 'incremental run without changes',
        value: incremental.cost.people.writes,
        unit: 'writes to links and portal users',
        goal: { most: 0 },
      },
      {
        what: 'incremental run without changes, bookkeeping only',
        value: rounded((1000 * incremental.cost.bookkeeping.writes) / people),
        unit: 'writes for 1,000 people',
      },
      ...ofEdit('an edit on the portal, pushed', push),
      ...ofEdit('an edit in Apigee, pulled', pull),
    ];
    return rows;
  },
  plot: (found) => ({
    title: 'Documents read by a run without changes, for 1,000 people',
    unit: 'reads',
    logarithmic: true,
    bars: [
      ...valuesOf(found, `${perPerson}: reads`).map(({ people, value }) => ({
        label: `full run, ${inThousands(people)} people`,
        value: value * 1000,
        ours: true,
      })),
      ...valuesOf(found, perThousand).map(({ people, value }) => ({
        label: `incremental run, ${inThousands(people)} people`,
        value,
        ours: true,
      })),
    ],
  }),
};

function ofPeople(
  what: string,
  { people, bookkeeping }: Cost,
  count: number,
  most?: { readonly reads: number; readonly writes: number },
): readonly Row[] {
  return [
    {
      what: `${what}: reads`,
      value: rounded((people.reads + bookkeeping.reads) / count),
      unit: 'a person, bookkeeping included',
      ...(most === undefined ? {} : { goal: { most: most.reads } }),
    },
    {
      what: `${what}: writes`,
      value: rounded(people.writes / count),
      unit: 'a person, links and portal users',
      ...(most === undefined ? {} : { goal: { most: most.writes } }),
    },
  ];
}

function ofEdit(what: string, cost: Cost): readonly Row[] {
  const { people, bookkeeping } = cost;
  return [
    { what: `${what}: reads`, value: people.reads + bookkeeping.reads, unit: 'bookkeeping included' },
    { what: `${what}: writes`, value: people.writes, unit: 'links and portal users' },
    { what: `${what}: calls`, value: callsIn(cost), unit: 'to Apigee' },
  ];
}
