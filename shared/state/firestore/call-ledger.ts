import type { Firestore } from '@google-cloud/firestore';
import { giveWay, reserve, type Ledger } from '../../core/budget/ledger.ts';
import { decodeLedger, type CallLedger } from '../call-ledger.ts';
import { stateCollections } from './names.ts';

export interface FirestoreLedgerOptions {
  readonly firestore: Firestore;
  readonly statePrefix: string;
  readonly callsPerMinute: number;
}

/** Contention is short: together all processes ask a few times in a second. */
const maxAttempts = 20;

/** One document for everybody. Its times are Firestore's, so that it does not matter whose clock is wrong. */
export function createFirestoreLedger({ firestore, statePrefix, callsPerMinute }: FirestoreLedgerOptions): CallLedger {
  const ref = firestore.collection(stateCollections(statePrefix).control).doc('calls');
  /** Tries that found another process in their way take no time of the moments that the last one gets. */
  const update = async <T>(step: (ledger: Ledger, now: number) => { readonly ledger: Ledger; readonly result: T }) => {
    let began = performance.now();
    const result = await firestore.runTransaction(
      async (transaction) => {
        began = performance.now();
        const snapshot = await transaction.get(ref);
        const updated = step(decodeLedger(snapshot.data()), snapshot.readTime.toMillis());
        transaction.set(ref, { ...updated.ledger });
        return updated.result;
      },
      { maxAttempts },
    );
    return { result, madeWithinMs: performance.now() - began };
  };
  return {
    async reserve(lane, calls) {
      const { result, madeWithinMs } = await update((before, now) => {
        const { ledger, moments } = reserve(before, { lane, calls }, callsPerMinute, now);
        const { startsAt, ...rest } = moments;
        return { ledger, result: { ...rest, startsInMs: startsAt - now } };
      });
      return { ...result, madeWithinMs };
    },
    async giveWay(forMs) {
      await update((before, now) => ({ ledger: giveWay(before, now, forMs), result: undefined }));
    },
  };
}
