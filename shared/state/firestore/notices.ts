import { hash } from 'node:crypto';
import { emptyControl } from '../batch-id.ts';
import {
  creationsId,
  decodeAllowance,
  decodeCreations,
  encodeAllowance,
  encodeCreations,
  hourIds,
  nothingSpent,
  spendOne,
  type HourSpent,
} from '../allowance.ts';
import { decodeControl, decodeRejection, encodeControl } from '../run-document.ts';
import type { Control } from '../control.ts';
import { decodeListing, encodeListing, type ListingMemory } from '../listing-memory.ts';
import { billBookkeepingWrites } from '../meter.ts';
import { decodePolling, encodePolling, neverPolled, type Polling } from '../polling.ts';
import type { Runs } from '../runs.ts';
import type { DocumentSnapshot } from '@google-cloud/firestore';
import { createOnce, expiring, getDocument, getQuery, updateDocument, type RunsContext } from './runs-context.ts';

type Notices = Pick<
  Runs,
  | 'listing'
  | 'rememberListing'
  | 'updateListing'
  | 'control'
  | 'updateControl'
  | 'polling'
  | 'updatePolling'
  | 'reject'
  | 'rejections'
  | 'spendDestructive'
  | 'takeCreations'
  | 'giveBackCreations'
>;

/** What concerns no single run: the control document, rejected messages, the allowance of deletions. */
export function notices(context: RunsContext): Notices {
  const { firestore, names, now } = context;
  const control = firestore.collection(names.control).doc('current');
  const polling = firestore.collection(names.control).doc('polling');
  const rejections = firestore.collection(names.rejections);
  const allowance = firestore.collection(names.allowance);

  const listing = firestore.collection(names.control).doc('listing');
  const listingOf = (snapshot: DocumentSnapshot): ListingMemory | undefined =>
    snapshot.exists ? decodeListing(snapshot.data()) : undefined;

  return {
    listing: async () => listingOf(await getDocument(context, listing)),
    rememberListing: async (memory) => {
      billBookkeepingWrites(context.meter, 1);
      await listing.set(encodeListing(memory));
    },
    updateListing: async (step) =>
      updateDocument(context, listing, (snapshot) => {
        const memory = listingOf(snapshot);
        const next = memory && step(memory);
        return next === undefined ? { result: false } : { result: true, whole: encodeListing(next) };
      }),

    control: async () => controlOf(await getDocument(context, control)),
    updateControl: async (step) =>
      updateDocument(context, control, (snapshot) => {
        const { control: next, result } = step(controlOf(snapshot));
        return next === undefined ? { result } : { result, whole: encodeControl(next) };
      }),

    polling: async () => pollingOf(await getDocument(context, polling)),
    updatePolling: async (step) =>
      updateDocument(context, polling, (snapshot) => {
        const { polling: next, result } = step(pollingOf(snapshot));
        return next === undefined ? { result } : { result, whole: encodePolling(next) };
      }),

    async reject(rejection) {
      /** A message's id may be anything; a document's may not. */
      const id = hash('sha256', rejection.id, 'hex');
      await createOnce(context, rejections.doc(id), expiring({ ...rejection }, rejection.at));
    },
    async rejections(limit) {
      const { docs } = await getQuery(context, rejections.orderBy('at', 'desc').limit(limit));
      return docs.map((snapshot) => decodeRejection(snapshot.id, snapshot.data()));
    },
    spendDestructive: async (at, limit) => {
      const hours = hourIds(at);
      const before = allowance.doc(hours.before);
      return updateDocument(
        context,
        allowance.doc(hours.current),
        (current, [last]) => {
          const spent = spendOne({ before: spentIn(last), current: spentIn(current) }, at, limit);
          if (spent === undefined) return { result: false };
          return { result: true, whole: expiring(encodeAllowance(spent), now()) };
        },
        [before],
      );
    },
    takeCreations: (runId, wanted, limit) =>
      updateDocument(context, allowance.doc(creationsId(runId)), (snapshot) => {
        const taken = takenIn(snapshot);
        const result = Math.max(0, Math.min(wanted, limit - taken));
        return result === 0 ? { result } : { result, whole: expiring(encodeCreations(taken + result), now()) };
      }),
    giveBackCreations: (runId, unused) =>
      updateDocument(context, allowance.doc(creationsId(runId)), (snapshot) => ({
        result: undefined,
        whole: expiring(encodeCreations(Math.max(0, takenIn(snapshot) - unused)), now()),
      })),
  };
}

function takenIn(snapshot: DocumentSnapshot): number {
  return snapshot.exists ? decodeCreations(snapshot.id, snapshot.data()) : 0;
}

function spentIn(snapshot: DocumentSnapshot | undefined): HourSpent {
  return snapshot?.exists === true ? decodeAllowance(snapshot.id, snapshot.data()) : nothingSpent;
}

function pollingOf(snapshot: DocumentSnapshot): Polling {
  return snapshot.exists ? decodePolling(snapshot.data()) : neverPolled;
}

function controlOf(snapshot: DocumentSnapshot): Control {
  return snapshot.exists ? decodeControl(snapshot.data()) : emptyControl;
}
