import { emptyLedger, giveWay, reserve, type Ledger } from '../core/budget/ledger.ts';
import type { CallLedger } from './call-ledger.ts';

/** A `CallLedger` in this process, for whoever shares with nobody outside. `now`: the ledger's clock, ms. */
export function createOwnLedger(callsPerMinute: number, now: () => number = Date.now): CallLedger {
  let ledger: Ledger = emptyLedger;
  return {
    async reserve(lane, calls) {
      const at = now();
      const reserved = reserve(ledger, { lane, calls }, callsPerMinute, at);
      ledger = reserved.ledger;
      const { startsAt, ...rest } = reserved.moments;
      return { ...rest, startsInMs: startsAt - at };
    },
    async giveWay(forMs) {
      ledger = giveWay(ledger, now(), forMs);
    },
  };
}
