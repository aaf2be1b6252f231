import { Firestore } from '@google-cloud/firestore';

export interface FirestoreSettings {
  readonly projectId: string;
  /** `(default)` or the name of another database. */
  readonly databaseId: string;
}

/**
 * One client per process: it keeps connections open until `terminate()`. Where FIRESTORE_EMULATOR_HOST is set, the
 * client library uses the emulator by itself.
 */
export function createFirestore({ projectId, databaseId }: FirestoreSettings): Firestore {
  return new Firestore({ projectId, databaseId, ignoreUndefinedProperties: false });
}
