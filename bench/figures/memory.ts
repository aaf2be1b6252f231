import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inThousands, rounded, valuesOf, type Figure, type Row } from '../figure.ts';

const mebibyte = 1024 * 1024;
/** Collects garbage as often as an instance of 256 MiB has to: with more room, a process takes what it is given. */
const heap = ['--max-old-space-size=128', '--max-semi-space-size=8'];
/** So many that a process has had to collect garbage many times: what is above that grows with the people. */
const few = 10_000;

const peak = 'most memory of a process that does all of the first run, a full and an incremental one';
const growth = `more of it for each 100,000 people above ${inThousands(few)}`;

/** Resident memory, in a process of its own. */
export const memory: Figure = {
  name: 'memory',
  title: 'Memory of a process',
  sizes: [10_000, 100_000],
  async measure(people) {
    const most = await peakOf(people);
    const rows: Row[] = [{ what: peak, value: rounded(most / mebibyte), unit: 'MiB', goal: { most: 256 } }];
    if (people <= few) return rows;
    const least = await peakOf(few);
    const more = ((most - least) / mebibyte / (people - few)) * 100_000;
    return [...rows, { what: growth, value: rounded(more), unit: 'MiB' }];
  },
  plot: (found) => ({
    title: 'Most resident memory of one process that does everything',
    unit: 'MiB',
    bars: valuesOf(found, peak).map(({ people, value }) => ({
      label: `${inThousands(people)} people`,
      value,
      ours: true,
    })),
  }),
};

async function peakOf(people: number): Promise<number> {
  const child = join(import.meta.dirname, 'memory-child.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [...heap, child, String(people)]);
  return Math.max(...(JSON.parse(stdout) as number[]));
}
