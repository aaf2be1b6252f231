import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchAllowance, batchCalls } from '../../../shared/wiring/allowances.ts';
import { peopleAtOnce } from '../../../shared/wiring/people-at-once.ts';

const calls = 3;
/** With fewer for each batch the process does not start. */
const callsOfBatch = 5;

test('the calls of everybody who may hold a lease get through the call budget before they are too late (rule 21)', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 6000 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 100 }),
      (perInstance, budgetShares, batchesAtOnce) => {
        fc.pre(perInstance >= callsOfBatch * batchesAtOnce);
        const people = peopleAtOnce({ callsPerMinute: perInstance * budgetShares, budgetShares, batchesAtOnce });
        expect(people).toBeGreaterThanOrEqual(1);
        const neededMs = ((people * batchesAtOnce * calls) / perInstance) * 60_000;
        expect(neededMs).toBeLessThan(batchCalls.totalTimeoutMs);
        expect(neededMs + batchAllowance.timing.callMs).toBeLessThan(batchAllowance.timing.leaseMs);
      },
    ),
  );
});

test('the budget of Terraform’s defaults keeps eight people of a batch at work, a large one sixteen', () => {
  expect(peopleAtOnce({ callsPerMinute: 3000, budgetShares: 10, batchesAtOnce: 4 })).toBe(8);
  expect(peopleAtOnce({ callsPerMinute: 3000, budgetShares: 10, batchesAtOnce: 8 })).toBe(4);
  expect(peopleAtOnce({ callsPerMinute: 6000, budgetShares: 1, batchesAtOnce: 4 })).toBe(16);
});
