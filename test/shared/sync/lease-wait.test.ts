import { expect, test } from 'vitest';
import { batchAllowance, pushAllowance } from '../../../shared/wiring/allowances.ts';
import { newLeaseWait } from '../../../shared/sync/lease.ts';
import { manualClock } from '../../support/manual-clock.ts';

test.each([
  { who: 'a push', allowance: pushAllowance, most: 6 },
  { who: 'a batch', allowance: batchAllowance, most: 32 },
])(
  '$who that meets a lease waits as long as it is allowed to and no longer, and looks seldom',
  async ({ allowance, most }) => {
    const clock = manualClock();
    const started = clock.now();
    const waitForLease = newLeaseWait({ ...clock, timing: allowance.timing });
    let looks = 1;
    while (await waitForLease()) looks += 1;
    expect(clock.now() - started).toBe(allowance.timing.leaseWaitMs);
    expect(looks).toBeLessThanOrEqual(most);
  },
);

test('whoever waits in a batch outlasts the lease that a crashed writer left', () => {
  expect(batchAllowance.timing.leaseWaitMs).toBeGreaterThan(batchAllowance.timing.leaseMs);
});
