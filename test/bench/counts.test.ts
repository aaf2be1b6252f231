import { describe, expect, test } from 'vitest';
import { budget } from '../../bench/figures/budget.ts';
import { clients } from '../../bench/figures/clients.ts';
import { firstRun } from '../../bench/figures/first-run.ts';
import { fewestCalls } from '../../bench/figures/listing.ts';
import { pulledEdit, pushedEdit } from '../../bench/figures/one-edit.ts';
import { steadyCounts } from '../../bench/figures/steady-counts.ts';
import { isMet } from '../../bench/figure.ts';
import { serve } from '../../bench/worlds/call-budget.ts';
import { callsIn } from '../../bench/worlds/world.ts';

const people = 3000;
const some = 200;

describe('runs over people of whom nobody changed', async () => {
  const { walk, full, incremental, oneByOne } = await steadyCounts(people);

  test('list each page once, and ask once more for the end; the first one lists each page twice', () => {
    expect(fewestCalls(people)).toBe(4);
    expect([full, incremental, oneByOne].map(({ cost }) => callsIn(cost))).toEqual([5, 5, 5]);
    expect(callsIn(walk.cost)).toBeLessThanOrEqual(9);
  });

  test('list the pages at the same time: it takes as long as two of them, the last one and the end behind it', () => {
    expect(incremental.took).toBe(2000);
    expect(oneByOne.took).toBe(5000);
    expect(walk.took).toBeGreaterThanOrEqual(oneByOne.took);
  });

  test('read each portal user and each link once, and write nothing of them (rule 12)', () => {
    expect(full.cost.people.reads).toBeLessThanOrEqual(2 * people + 15);
    expect(full.cost.bookkeeping.reads).toBeLessThanOrEqual(35 * 4);
    expect([full, incremental].map(({ cost }) => cost.people.writes)).toEqual([0, 0]);
  });

  test('read no person where the run is incremental, and three documents for each range', () => {
    expect(incremental.cost.people.reads).toBeLessThanOrEqual(3 + 4);
    expect(incremental.cost.bookkeeping.reads).toBeLessThanOrEqual(4 * 3 + 55);
    expect(incremental.cost.bookkeeping.writes).toBeLessThanOrEqual(4 * 2 + 25);
  });
});

/** At most so many reads, bookkeeping included, and writes to links and portal users, for each of a first run. */
test.each([
  ['both', 4.4, 2, 1.02],
  ['apigee', 5.4, 3, 1.02],
  ['portal', 9.7, 3, 3.05],
] as const)(
  'a first run over people on %s reads and writes no more than it did',
  async (sides, reads, writes, calls) => {
    const cost = await firstRun(some, sides);
    expect((cost.people.reads + cost.bookkeeping.reads) / some).toBeLessThanOrEqual(reads);
    expect(cost.people.writes / some).toBeLessThanOrEqual(writes);
    expect((callsIn(cost) - cost.calls.list) / some).toBeLessThanOrEqual(calls);
  },
);

test('an edit costs a GET and a PUT where it is pushed, and a GET where it is pulled', async () => {
  const pushed = await pushedEdit();
  expect(pushed.calls).toMatchObject({ list: 0, get: 1, create: 0, update: 1, status: 0, delete: 0 });
  expect(pushed.people).toEqual({ reads: 3, writes: 2 });
  expect(pushed.bookkeeping.reads).toBeLessThanOrEqual(1);
  const pulled = await pulledEdit();
  expect(callsIn(pulled)).toBe(1);
  expect(pulled.people.reads).toBeLessThanOrEqual(3);
  expect(pulled.people.writes).toBeLessThanOrEqual(3);
});

test('an edit that only a run finds costs at most three calls', async () => {
  const rows = await clients.measure(1000);
  const ours = rows.find(({ what }) => what === '1 % edited on the portal, this product: calls');
  expect(ours?.value).toBeLessThanOrEqual(3 + 3 * 10);
});

describe('one budget of calls for all processes', () => {
  test('is used nearly whole by one process and by four, and lets an edit have its turn', async () => {
    const rows = await budget.measure(people);
    expect(rows.filter((row) => isMet(row) === false)).toEqual([]);
    expect(rows.filter((row) => isMet(row) === true)).toHaveLength(6);
    expect(rows.at(-1)?.value).toBeGreaterThanOrEqual(80);
  });

  test.each([1, 4])('is never overspent by %i processes, by Apigee’s own count', async (processes) => {
    const { busiestMinute } = await serve({ callsPerMinute: 300, creates: 600, processes, withEdits: true });
    expect(busiestMinute).toBeLessThanOrEqual(300);
    expect(busiestMinute).toBeGreaterThanOrEqual(250);
  });
});
