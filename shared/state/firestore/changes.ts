import { FieldPath, type CollectionReference, type QuerySnapshot } from '@google-cloud/firestore';
import type { Change } from '../../core/model/change.ts';
import { changeDocumentId, changeIdsOf, decodeChange, encodeChange } from '../change-document.ts';
import type { Changes } from '../changes.ts';
import { expiryField } from './indexing.ts';

/** `changes`: the collection that holds them. */
export function createFirestoreChanges(changes: CollectionReference): Changes {
  const byId = FieldPath.documentId();
  return {
    async by(actor, { after, limit }) {
      const ordered = changes.where('by', '==', actor).orderBy(byId);
      const from = after === undefined ? ordered : ordered.startAfter(changeDocumentId(after));
      return decoded(await from.limit(limit).get());
    },
    async ofPerson(key, { before, limit }) {
      const { after, before: end } = changeIdsOf(key);
      const from = before === undefined ? after : changeDocumentId({ key, id: before });
      return decoded(await changes.orderBy(byId).startAfter(from).endBefore(end).limit(limit).get());
    },
    async forget(key) {
      const range = changeIdsOf(key);
      for (let removed = 0; ;) {
        const { docs } = await changes.orderBy(byId).startAfter(range.after).endBefore(range.before).limit(400).get();
        if (docs.length === 0) return removed;
        const batch = changes.firestore.batch();
        for (const { ref } of docs) batch.delete(ref);
        await batch.commit();
        removed += docs.length;
      }
    },
  };
}

/** The document of a change that is kept for `keptMs` from when it was made. */
export function changeDocument(
  collection: CollectionReference,
  change: Change,
  keptMs: number,
): { readonly ref: ReturnType<CollectionReference['doc']>; readonly data: Record<string, unknown> } {
  return {
    ref: collection.doc(changeDocumentId(change)),
    data: { ...encodeChange(change), [expiryField]: new Date(change.at + keptMs) },
  };
}

function decoded({ docs }: QuerySnapshot): readonly Change[] {
  return docs.map((snapshot) => decodeChange(snapshot.id, snapshot.data()));
}
