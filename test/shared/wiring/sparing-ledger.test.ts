import { expect, test } from 'vitest';
import { everyMs } from '../../../shared/core/budget/ledger.ts';
import type { CallLedger } from '../../../shared/state/call-ledger.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';
import { ledgerOrSparing } from '../../../shared/wiring/sparing-ledger.ts';

function refusing(code: number): CallLedger & { asked: number } {
  const ledger = {
    asked: 0,
    reserve: async (): Promise<never> => {
      ledger.asked += 1;
      throw Object.assign(new Error('no'), { code });
    },
    giveWay: async (): Promise<never> => ledger.reserve(),
  };
  return ledger;
}

test('whoever may not write to the ledger makes do with the part that is kept for that, and asks once in a minute', async () => {
  let now = 0;
  const shared = refusing(7);
  const ledger = ledgerOrSparing(shared, 6000, () => now);
  const { everyMs: sparing } = await ledger.reserve('runs', 5);
  expect(sparing).toBe(everyMs(300, 'runs'));
  await ledger.giveWay(1000);
  expect((await ledger.reserve('runs', 5)).startsInMs).toBeGreaterThan(500);
  expect(shared.asked).toBe(1);
  now = 60_000;
  await ledger.reserve('runs', 5);
  expect(shared.asked).toBe(2);
});

test('any other failure of the store is one', async () => {
  await expect(ledgerOrSparing(refusing(14), 6000).reserve('runs', 1)).rejects.toThrow('no');
});

test('where writing is allowed, the ledger is everybody’s', async () => {
  const shared = createOwnLedger(6000, () => 0);
  const ledger = ledgerOrSparing(shared, 6000);
  await ledger.reserve('runs', 10);
  expect((await shared.reserve('runs', 1)).startsInMs).toBeCloseTo(10 * everyMs(6000, 'runs'));
});
