import { FieldPath, type Firestore } from '@google-cloud/firestore';
import type { RawPortalDocument } from '../../portal/read-user.ts';
import { exists, updateTimeOf } from './people-context.ts';

/** Documents as the portal has them, with every field: the first `limit` by id. For operators only. */
export function samplePortal(
  firestore: Firestore,
  collection: string,
): (limit: number) => Promise<readonly RawPortalDocument[]> {
  return async (limit) => {
    const { docs } = await firestore.collection(collection).orderBy(FieldPath.documentId()).limit(limit).get();
    return docs.filter(exists).map((snapshot) => ({
      id: snapshot.id,
      data: snapshot.data(),
      updatedAt: snapshot.updateTime.toMillis(),
      version: updateTimeOf(snapshot.updateTime),
    }));
  };
}
