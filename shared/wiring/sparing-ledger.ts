import { unledgeredPart } from '../core/budget/ledger.ts';
import type { CallLedger } from '../state/call-ledger.ts';
import { createOwnLedger } from '../state/own-call-ledger.ts';

/** gRPC's PERMISSION_DENIED. */
const permissionDenied = 7;

/** For whoever writes nothing to Firestore: the part of the calls that is kept for that. */
export function sparingLedger(callsPerMinute: number): CallLedger {
  return createOwnLedger(Math.max(1, callsPerMinute * unledgeredPart));
}

/** Rights may come late, and one refusal may be a mistake: so long, ms, the shared ledger is not asked. */
const sparesFor = 60_000;

/** The shared ledger, and where Firestore does not let us write, the part that is kept for that. */
export function ledgerOrSparing(
  shared: CallLedger,
  callsPerMinute: number,
  now: () => number = () => performance.now(),
): CallLedger {
  const sparing = sparingLedger(callsPerMinute);
  let refusedAt = -Infinity;
  const orSparing = async <T>(ask: (ledger: CallLedger) => Promise<T>): Promise<T> => {
    if (now() - refusedAt < sparesFor) return ask(sparing);
    try {
      return await ask(shared);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === permissionDenied)) throw error;
      refusedAt = now();
      return ask(sparing);
    }
  };
  return {
    reserve: (lane, calls) => orSparing((one) => one.reserve(lane, calls)),
    giveWay: (forMs) => orSparing((one) => one.giveWay(forMs)),
  };
}
