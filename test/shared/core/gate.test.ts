import { expect, test } from 'vitest';
import { gateOpens } from '../../../shared/core/gate.ts';

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
