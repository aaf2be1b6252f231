import { describe, expect, test } from 'vitest';
import { emptyLedger, everyMs, giveWay, reserve } from '../../../shared/core/budget/ledger.ts';
import { decodeLedger } from '../../../shared/state/call-ledger.ts';

const now = Date.UTC(2026, 0, 1);
const startsIn = (ledger: typeof emptyLedger): number =>
  reserve(ledger, { lane: 'runs', calls: 1 }, 3000, now).moments.startsAt - now;

describe('the ledger of calls', () => {
  test.each([Infinity, 3_600_000, 10 ** 300])('lets nobody wait longer than a minute for a quota: %d', (forMs) => {
    const ledger = giveWay(emptyLedger, now, forMs);
    expect(startsIn(decodeLedger({ ...ledger }))).toBe(60_000);
  });

  test('does not believe what lies further ahead than calls ever do: it heals by itself', () => {
    expect(startsIn({ edits: 0, runs: now + 10 ** 12 })).toBe(600_000);
    expect(startsIn({ edits: 0, runs: Infinity })).toBe(600_000);
  });

  test.each([[undefined], [null], [{}], [{ edits: 'soon', runs: 1 }], [{ edits: Number.NaN, runs: 1 }]])(
    'takes %j for nothing given away',
    (data) => {
      expect(decodeLedger(data)).toEqual(emptyLedger);
    },
  );

  test.each([60, 100, 187, 200, 3000, 6000])(
    'gives away no more than there is of %i calls a minute',
    (callsPerMinute) => {
      const inAMinute = 60_000 / everyMs(callsPerMinute, 'edits') + 60_000 / everyMs(callsPerMinute, 'runs');
      expect(inAMinute).toBeLessThan(0.951 * callsPerMinute);
      expect(everyMs(callsPerMinute, 'edits')).toBeLessThan(6000 * 0.75);
    },
  );
});
