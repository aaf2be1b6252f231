import { randomUUID } from 'node:crypto';
import { describe } from 'vitest';
import { defaultMapping } from '../../../shared/portal/mapping-config.ts';
import { createFirestorePeople } from '../../../shared/state/firestore/people.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { useFirestoreEmulator } from '../../local/emulators/use-firestore-emulator.ts';
import { peopleContract } from './people-contract.ts';

describe('people in Firestore', () => {
  const firestoreFor = useFirestoreEmulator('demo-people');

  peopleContract((context) => {
    const firestore = firestoreFor(context);
    const portalCollection = `portal-${randomUUID()}`;
    const statePrefix = `state-${randomUUID()}-`;
    return {
      people: ({ meter = newMeter(), mapping = defaultMapping } = {}) =>
        createFirestorePeople({ firestore, mapping, meter, portalCollection, statePrefix }),
      async putPortal(id, data) {
        await firestore.collection(portalCollection).doc(id).set(data);
      },
      portalData: async (id) => (await firestore.collection(portalCollection).doc(id).get()).data(),
      async putRawLink(id, data) {
        await firestore.collection(`${statePrefix}Links`).doc(id).set(data);
      },
    };
  });
});
