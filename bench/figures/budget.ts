import { inThousands, rounded, valuesOf, type Figure, type Found, type Plot, type Row } from '../figure.ts';
import { serve, type Served } from '../worlds/call-budget.ts';

/** What Apigee allows everybody in an organisation. */
const callsPerMinute = 6000;
const together = 4;
const minute = 60_000;

const least = 'least time that the quota allows';
const timeOf = (who: string): string => `${who}: time`;
const oneProcess = 'one process';
const several = `${String(together)} processes`;

/** How the one budget of calls is shared: how much of it is used, and whether anybody takes more, or has to wait too long. */
export const budget: Figure = {
  name: 'budget',
  title: 'One budget of calls for all processes',
  sizes: [10_000],
  async measure(people) {
    const load = { callsPerMinute, creates: people };
    const bound = (people / callsPerMinute) * minute;
    const one = await serve({ ...load, processes: 1, withEdits: true });
    const four = await serve({ ...load, processes: together, withEdits: true });
    const alone = await serve({ ...load, processes: 1, withEdits: false });
    return [
      { what: least, value: rounded(bound / 1000), unit: 'seconds' },
      ...rowsOf(oneProcess, one, bound),
      ...rowsOf(several, four, bound),
      {
        what: `${oneProcess}, nobody edits: what it gets`,
        value: rounded((bound / alone.tookMs) * 100),
        unit: '% of the quota',
      },
    ];
  },
  plot: (found: Found): Plot => ({
    title: `Time to create people at ${inThousands(callsPerMinute)} calls a minute`,
    unit: 'seconds',
    bars: [
      ...bars(found, least, 'least', false),
      ...bars(found, timeOf(oneProcess), oneProcess, true),
      ...bars(found, timeOf(several), several, true),
    ].sort((a, b) => a.people - b.people),
  }),
};

function rowsOf(who: string, { tookMs, busiestMinute, edits }: Served, bound: number): readonly Row[] {
  const slow = edits[Math.floor(edits.length * 0.99)] ?? Infinity;
  return [
    { what: timeOf(who), value: rounded(tookMs / 1000), unit: 'seconds' },
    { what: `${who}: time, of the least`, value: rounded(tookMs / bound), unit: '×', goal: { most: 1.25 } },
    { what: `${who}: busiest minute`, value: busiestMinute, unit: 'calls', goal: { most: callsPerMinute } },
    { what: `${who}: an edit meanwhile, 99 of 100`, value: slow, unit: 'ms', goal: { most: 2000 } },
  ];
}

function bars(found: Found, what: string, label: string, ours: boolean) {
  return valuesOf(found, what).map(({ people, value }) => ({
    label: `${inThousands(people)} people, ${label}`,
    people,
    value,
    ours,
  }));
}
