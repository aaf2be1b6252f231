import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome } from '../../../shared/core/link.ts';
import { Counter } from '../../../shared/core/tally.ts';

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
