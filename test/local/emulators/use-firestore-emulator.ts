import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, type TestContext } from 'vitest';
import { findEmulators } from '../../../local/emulators/find-emulators.ts';
import { startFirestoreEmulator, type Emulator } from '../../../local/emulators/start-emulators.ts';
import { createFirestore } from '../../../shared/state/firestore/client.ts';

/** Gives the client of this file's emulator, or skips the test, saying why there is none. */
export type FirestoreForTest = (context: TestContext) => Firestore;

/** One Firestore emulator and one client for all tests of a file. Call it at the top of the file. */
export function useFirestoreEmulator(projectId: `demo-${string}`): FirestoreForTest {
  let emulator: Emulator | undefined;
  let firestore: Firestore | undefined;
  let missing = 'The emulator was not started.';

  beforeAll(async () => {
    const found = await findEmulators();
    if (found.kind === 'missing') {
      missing = found.reason;
      return;
    }
    emulator = await startFirestoreEmulator(found);
    process.env['FIRESTORE_EMULATOR_HOST'] = emulator.host;
    process.env['METADATA_SERVER_DETECTION'] = 'none';
    firestore = createFirestore({ projectId, databaseId: '(default)' });
  });

  afterAll(async () => {
    await firestore?.terminate();
    await emulator?.stop();
  });

  return (context) => firestore ?? context.skip(missing);
}
