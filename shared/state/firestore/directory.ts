import type { Firestore } from '@google-cloud/firestore';
import { endOfPrefix, type Directory } from '../directory.ts';
import { isDocumentId } from '../id-order.ts';
import { saysKey } from '../link-document.ts';
import { stateCollections } from './names.ts';
import { exists, storedLink } from './people-context.ts';

export interface FirestoreDirectoryOptions {
  readonly firestore: Firestore;
  readonly statePrefix: string;
}

export function createFirestoreDirectory({ firestore, statePrefix }: FirestoreDirectoryOptions): Directory {
  const links = firestore.collection(stateCollections(statePrefix).links);
  return {
    async link(id) {
      if (!isDocumentId(id)) return undefined;
      const snapshot = await links.doc(id).get();
      return exists(snapshot) && saysKey(snapshot.data()) ? storedLink(snapshot) : undefined;
    },
    async keysBeginningWith(prefix, { after, limit }) {
      const within = links.orderBy('key').where('key', '<=', endOfPrefix(prefix));
      const from = after === undefined ? within.where('key', '>=', prefix) : within.where('key', '>', after);
      return (await from.limit(limit).get()).docs.map((snapshot) => storedLink(snapshot));
    },
  };
}
