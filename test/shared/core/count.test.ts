import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome } from '../../../shared/core/model/link.ts';
import { Counter, gateOpens, Met } from '../../../shared/core/count.ts';

const outcomes: readonly Outcome[] = [
  'created-apigee',
  'created-portal',
  'updated-apigee',
  'updated-portal',
  'unchanged',
  'held',
  'failed',
];
const tallyOf = (entries: readonly (readonly [phase: number, key: string, outcome: Outcome])[]) => {
  const counter = new Counter();
  for (const [phase, key, outcome] of entries) counter.add(phase, { key, outcome });
  return counter.tally();
};

test('people are counted once each, however often and in whatever order they are met (rule 26)', () => {
  const entry = fc.tuple(fc.nat(3), fc.constantFrom('a', 'b', 'c', 'd', 'é', ''), fc.constantFrom(...outcomes));
  fc.assert(
    fc.property(fc.array(entry), fc.infiniteStream(fc.nat()), (entries, order) => {
      const { seen, outcomes: counted } = tallyOf(entries);
      expect(seen).toBe(new Set(entries.map(([, key]) => key)).size);
      expect(Object.values(counted).reduce((sum, count) => sum + count, 0)).toBe(seen);
      const shuffled = entries.map((one) => [order.next().value, one] as const).sort(([a], [b]) => a - b);
      expect(tallyOf(shuffled.map(([, one]) => one))).toEqual({ seen, outcomes: counted });
    }),
  );
});

test.each([
  [
    [
      [1, 'held'],
      [3, 'updated-apigee'],
    ],
    'updated-apigee',
  ],
  [
    [
      [1, 'updated-portal'],
      [2, 'unchanged'],
    ],
    'updated-portal',
  ],
  [
    [
      [1, 'failed'],
      [2, 'unchanged'],
    ],
    'unchanged',
  ],
  [
    [
      [1, 'held'],
      [3, 'unchanged'],
    ],
    'unchanged',
  ],
  [
    [
      [1, 'unchanged'],
      [1, 'held'],
    ],
    'held',
  ],
  [
    [
      [1, 'created-portal'],
      [2, 'failed'],
    ],
    'failed',
  ],
] as const)('%j ends as %s: what the last phase did counts', (phases, ended) => {
  const tally = tallyOf(phases.map(([phase, outcome]) => [phase, 'ann', outcome] as const));
  expect(tally).toMatchObject({ seen: 1, outcomes: { [ended]: 1 } });
});

test('a hundred thousand people take eight bytes each and a moment', () => {
  const counter = new Counter();
  for (let index = 0; index < 100_000; index += 1)
    counter.add(1, { key: `${String(index)}@example.com`, outcome: 'unchanged' });
  expect(counter.tally()).toMatchObject({ seen: 100_000, outcomes: { unchanged: 100_000 } });
});

test.each([
  // planned, seen, limit, percent
  [0, 0, 0, 0, true],
  [1, 1, 0, 100, false],
  [1, 1, 1, 100, true],
  [50, 1000, 50, 5, true],
  [50, 999, 50, 5, false],
  [51, 10_000, 50, 5, false],
  [5, 100, 50, 5, true],
  [6, 100, 50, 5, false],
  [1, 19, 50, 5, false],
  [1, 20, 50, 5, true],
  [0, 20, 50, 0, true],
  [1, 1000, 50, 0, false],
  [7, 100, 50, 7, true],
  [29, 100, 50, 29, true],
  [58, 200, 100, 29, true],
  [3, 1000, 50, 0.3, true],
  [4, 1000, 50, 0.3, false],
])('%i of %i people, at most %i and %d per cent: opens %s (rule 16)', (planned, seen, limit, percent, opens) => {
  expect(gateOpens(planned, seen, { limit, percent })).toBe(opens);
});

test('who was met is everybody once, however many there are', () => {
  const met = new Met();
  const keys = Array.from({ length: 20_000 }, (_, person) => `p${String(person)}@example.com`);
  expect(keys.filter((key) => met.add(key))).toHaveLength(20_000);
  expect(keys.filter((key) => met.add(key))).toEqual([]);
  expect(met.add('another@example.com')).toBe(true);
});
