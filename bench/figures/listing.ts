import { inThousands, rounded, valuesOf, type Figure, type Found, type Plot, type Row } from '../figure.ts';
import { batchesAtOnce, steadyCounts } from './steady-counts.ts';

/** Fewest calls that show everybody: a page has 1,000 developers, the first of which is the last of the page before. */
export function fewestCalls(people: number): number {
  return Math.max(1, Math.ceil((people - 1) / 999));
}

const ofFewest = 'calls of a run without changes, of the fewest possible';
const quicker = `times quicker with ${String(batchesAtOnce)} batches at once than one after the other`;
const roomForTheEnd = 20_000;
const hundredPages = 96_000;

/** How the developers are listed. One call more than the pages proves that the listing is at its end. */
export const listing: Figure = {
  name: 'listing',
  title: 'Listing developers',
  sizes: [10_000, 20_000, 50_000, 100_000],
  async measure(people) {
    const { walk, full, incremental, oneByOne } = await steadyCounts(people);
    const fewest = fewestCalls(people);
    const rows: Row[] = [
      { what: 'fewest list calls possible', value: fewest, unit: 'calls' },
      { what: 'first run, which walks the listing', value: walk.cost.calls.list, unit: 'calls' },
      { what: 'full run without changes', value: full.cost.calls.list, unit: 'calls' },
      { what: 'incremental run without changes', value: incremental.cost.calls.list, unit: 'calls' },
      {
        what: ofFewest,
        value: ratio(full.cost.calls.list, fewest),
        unit: '×',
        ...(people >= roomForTheEnd ? { goal: { most: 1.05 } } : {}),
      },
      {
        what: quicker,
        value: rounded(oneByOne.took / incremental.took),
        unit: '×',
        ...(people >= hundredPages ? { goal: { least: 8 } } : {}),
      },
    ];
    return rows;
  },
  plot: (found: Found): Plot => ({
    title: 'List calls of one run without changes',
    unit: 'calls',
    logarithmic: true,
    bars: [
      ...bars(found, 'fewest list calls possible', 'fewest possible', false),
      ...bars(found, 'first run, which walks the listing', 'first run', false),
      ...bars(found, 'full run without changes', 'each later run', true),
    ].sort((a, b) => a.people - b.people),
  }),
};

function bars(found: Found, what: string, label: string, ours: boolean) {
  return valuesOf(found, what).map(({ people, value }) => ({
    label: `${inThousands(people)} people, ${label}`,
    people,
    value,
    ours,
  }));
}

/** To the thousandth: the goal is that close. */
function ratio(calls: number, fewest: number): number {
  return Math.round((calls / fewest) * 1000) / 1000;
}
