import { assumedSeconds, prices } from '../prices.ts';
import { rounded, valuesOf, type Figure, type Row } from '../figure.ts';
import { callsIn, type Cost } from '../worlds/world.ts';
import { pushedEdit } from './one-edit.ts';
import { steadyCounts } from './steady-counts.ts';

/** More people than this cost the same for each: counted for so many, and multiplied. */
const mostCounted = 100_000;
/** A month of 30 days: a full run every night, an incremental one every hour, and 1 % of everybody edits once a day. */
const days = 30;
const incrementalRuns = 24 * days;
const editsADay = 0.01;

const inAll = 'together';

/** What a month costs. */
export const costs: Figure = {
  name: 'costs',
  title: 'What a month costs on Google Cloud',
  sizes: [1_000_000],
  async measure(people) {
    const counted = Math.min(people, mostCounted);
    const { full, incremental } = await steadyCounts(counted);
    const times = people / counted;
    const rangeBatches = people / 980;
    const portalBatches = people / 500;
    const edits = people * editsADay * days;
    const parts = [
      monthly(
        '30 full runs',
        full.cost,
        days * times,
        days * (rangeBatches * assumedSeconds.developers + portalBatches * assumedSeconds.portalUsers),
      ),
      monthly(
        '720 incremental runs',
        incremental.cost,
        incrementalRuns * times,
        incrementalRuns * rangeBatches * assumedSeconds.developers,
      ),
      monthly('edits of 1 % a day, pushed', await pushedEdit(), edits, edits * assumedSeconds.push),
    ];
    const sum = (of: (part: Monthly) => number): number => parts.reduce((total, part) => total + of(part), 0);
    const total: Monthly = {
      what: inAll,
      reads: sum(({ reads }) => reads),
      writes: sum(({ writes }) => writes),
      calls: sum(({ calls }) => calls),
      firestore: sum(({ firestore }) => firestore),
      functions: sum(({ functions }) => functions),
    };
    return [...parts, total].flatMap(rowsOf);
  },
  plot: (found) => ({
    title: 'US dollars a month for a million people',
    unit: '$',
    bars: ['30 full runs', '720 incremental runs', 'edits of 1 % a day, pushed', inAll].flatMap((what) =>
      ['Firestore', 'functions'].flatMap((of) =>
        valuesOf(found, `${what}: ${of}`)
          .filter(({ people }) => people === 1_000_000)
          .map(({ value }) => ({ label: `${what}: ${of}`, value, ours: true })),
      ),
    ),
  }),
};

interface Monthly {
  readonly what: string;
  readonly reads: number;
  readonly writes: number;
  readonly calls: number;
  readonly firestore: number;
  readonly functions: number;
}

function monthly(what: string, cost: Cost, times: number, seconds: number): Monthly {
  const reads = (cost.people.reads + cost.bookkeeping.reads) * times;
  const writes = (cost.people.writes + cost.bookkeeping.writes) * times;
  return {
    what,
    reads,
    writes,
    calls: callsIn(cost) * times,
    firestore: reads * prices.read + writes * prices.write,
    functions: seconds * prices.instanceSecond,
  };
}

function rowsOf({ what, reads, writes, calls, firestore, functions }: Monthly): readonly Row[] {
  return [
    { what: `${what}: reads`, value: rounded(reads / 1e6), unit: 'million' },
    { what: `${what}: writes`, value: rounded(writes / 1e6), unit: 'million' },
    { what: `${what}: calls`, value: rounded(calls / 1e6), unit: 'million' },
    { what: `${what}: Firestore`, value: rounded(firestore), unit: '$' },
    { what: `${what}: functions`, value: rounded(functions), unit: '$' },
  ];
}
