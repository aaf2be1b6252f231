import type { Firestore } from '@google-cloud/firestore';
import { expect, test } from 'vitest';
import { emptyLedger, everyMs } from '../../../shared/core/budget/ledger.ts';
import { createFirestoreLedger } from '../../../shared/state/firestore/call-ledger.ts';

/** A transaction that finds another process in its way until its last try, each of which takes this long, ms. */
function contended(tries: number, tookMs: number): Firestore {
  const readTime = { toMillis: () => Date.UTC(2026, 0, 1) };
  const transaction = {
    async get() {
      const until = performance.now() + tookMs;
      while (performance.now() < until) await Promise.resolve();
      return { data: () => ({ ...emptyLedger }), readTime };
    },
    set: () => undefined,
  };
  const firestore = {
    collection: () => ({ doc: () => ({}) }),
    async runTransaction(step: (one: typeof transaction) => Promise<unknown>) {
      for (let nth = 1; nth < tries; nth += 1) await step(transaction);
      return step(transaction);
    },
  };
  return firestore as unknown as Firestore;
}

test('only the try that succeeded counts as the time in which the moments were given', async () => {
  const ledger = createFirestoreLedger({ firestore: contended(6, 20), statePrefix: 's', callsPerMinute: 600 });
  const began = performance.now();
  const { madeWithinMs, ...reserved } = await ledger.reserve('runs', 1);
  const took = performance.now() - began;
  expect(reserved).toEqual({ startsInMs: 0, everyMs: everyMs(600, 'runs'), calls: 1 });
  expect(took).toBeGreaterThanOrEqual(6 * 20);
  expect(madeWithinMs).toBeGreaterThanOrEqual(20);
  expect(madeWithinMs).toBeLessThan(took - 4 * 20);
});
