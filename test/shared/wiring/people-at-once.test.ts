import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchAllowance, batchCalls } from '../../../shared/wiring/allowances.ts';
import { peopleAtOnce } from '../../../shared/wiring/people-at-once.ts';

const calls = 3;
const instances = 4;

test('the calls of everybody who may hold a lease get through the call budget before they are too late (rule 21)', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 6000 }),
      fc.integer({ min: 1, max: 100 }),
      (callsPerMinute, batchesAtOnce) => {
        const people = peopleAtOnce({ callsPerMinute, batchesAtOnce });
        expect(people).toBeGreaterThanOrEqual(1);
        expect(people).toBeLessThanOrEqual(16);
        if (people === 1) return;
        const neededMs = ((people * batchesAtOnce * calls * instances) / callsPerMinute) * 60_000;
        expect(neededMs).toBeLessThan(batchCalls.totalTimeoutMs);
        expect(neededMs + batchAllowance.timing.callMs).toBeLessThan(batchAllowance.timing.leaseMs);
      },
    ),
  );
});

test('the budget of Terraform’s defaults keeps sixteen people of a batch at work, a small one keeps one', () => {
  expect(peopleAtOnce({ callsPerMinute: 3000, batchesAtOnce: 4 })).toBe(16);
  expect(peopleAtOnce({ callsPerMinute: 600, batchesAtOnce: 4 })).toBe(4);
  expect(peopleAtOnce({ callsPerMinute: 20, batchesAtOnce: 4 })).toBe(1);
});
