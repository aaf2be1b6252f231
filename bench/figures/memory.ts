import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Needs } from './memory-child.ts';
import { inThousands, rounded, valuesOf, type Figure, type Row } from '../figure.ts';

const mebibyte = 1024 * 1024;
/** Collects garbage as often as an instance of 256 MiB has to: with more room, a process takes what it is given. */
const heap = ['--max-old-space-size=128', '--max-semi-space-size=8'];
/** So many that a process has had to collect garbage many times: what is above that grows with the people. */
const few = 10_000;
/** Ms a person. */
const leastCpu = 0.01;

const peak = 'most memory of a process that does all of a first, a full, an incremental and a searching run';
const growth = `more of it for each 100,000 people above ${inThousands(few)}`;

/** Resident memory and CPU time, in a process of its own. */
export const memory: Figure = {
  name: 'memory',
  title: 'Memory of a process',
  sizes: [10_000, 100_000],
  async measure(people) {
    const most = await needsOf(people);
    const rows: Row[] = [{ what: peak, value: rounded(most.peak / mebibyte), unit: 'MiB', goal: { most: 256 } }];
    for (const [phase, { rss }] of Object.entries(most.phases))
      rows.push({
        what: `phase ${phase}: most memory`,
        value: rounded(rss / mebibyte),
        unit: 'MiB',
        goal: { most: 256 },
      });
    if (people <= few) return rows;
    const least = await needsOf(few);
    const more = ((most.peak - least.peak) / mebibyte / (people - few)) * 100_000;
    rows.push({ what: growth, value: rounded(more), unit: 'MiB' });
    for (const [phase, { cpu }] of Object.entries(most.phases)) {
      const before = least.phases[phase]?.cpu ?? 0;
      // A phase that has next to nothing to do says nothing about each person.
      if (cpu / people < leastCpu) continue;
      rows.push({
        what: `phase ${phase}: CPU time for a person, of what it is among ${inThousands(few)}`,
        value: rounded(cpu / people / (before / few)),
        unit: '×',
        goal: { most: 1.5 },
      });
    }
    return rows;
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

async function needsOf(people: number): Promise<Needs> {
  const child = join(import.meta.dirname, 'memory-child.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [...heap, child, String(people)]);
  return JSON.parse(stdout) as Needs;
}
