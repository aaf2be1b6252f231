import type { DocumentSnapshot, Firestore } from '@google-cloud/firestore';
import { emptyLedger, giveWay, reserve, type Ledger } from '../../core/budget/ledger.ts';
import { decodeLedger, type CallLedger } from '../call-ledger.ts';
import { stateCollections } from './names.ts';

export interface FirestoreLedgerOptions {
  readonly firestore: Firestore;
  readonly statePrefix: string;
  readonly callsPerMinute: number;
}

/** Contention is short: a process asks about once a second at most. */
const maxAttempts = 20;

/** One document for everybody. Its times are Firestore's, so that it does not matter whose clock is wrong. */
export function createFirestoreLedger({ firestore, statePrefix, callsPerMinute }: FirestoreLedgerOptions): CallLedger {
  const ref = firestore.collection(stateCollections(statePrefix).control).doc('calls');
  const update = async <T>(step: (ledger: Ledger, now: number) => { readonly ledger: Ledger; readonly result: T }) =>
    firestore.runTransaction(
      async (transaction) => {
        const snapshot = await transaction.get(ref);
        const { ledger, result } = step(ledgerIn(snapshot), snapshot.readTime.toMillis());
        transaction.set(ref, { ...ledger });
        return result;
      },
      { maxAttempts },
    );
  return {
    reserve: (lane, calls) =>
      update((before, now) => {
        const { ledger, moments } = reserve(before, { lane, calls }, callsPerMinute, now);
        const { startsAt, ...rest } = moments;
        return { ledger, result: { ...rest, startsInMs: startsAt - now } };
      }),
    giveWay: (forMs) => update((before, now) => ({ ledger: giveWay(before, now + forMs), result: undefined })),
  };
}

function ledgerIn(snapshot: DocumentSnapshot): Ledger {
  return snapshot.exists ? decodeLedger(snapshot.data()) : emptyLedger;
}
