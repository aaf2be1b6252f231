import { randomUUID } from 'node:crypto';
import { Firestore, Timestamp } from '@google-cloud/firestore';
import { describe, expect, test } from 'vitest';
import { defaultMapping } from '../../../shared/portal/mapping-config.ts';
import { createFirestorePeople } from '../../../shared/state/firestore/people.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { committed } from '../../../shared/state/people.ts';
import { useFirestoreEmulator } from '../../local/emulators/use-firestore-emulator.ts';
import { peopleContract } from './people-contract.ts';
import { email } from './samples.ts';

describe('people in Firestore', () => {
  const firestoreFor = useFirestoreEmulator('demo-people');

  peopleContract((context) => {
    const firestore = firestoreFor(context);
    const portalCollection = `portal-${randomUUID()}`;
    const statePrefix = `state-${randomUUID()}-`;
    return {
      people: ({ meter = newMeter(), mapping = defaultMapping, keeping } = {}) =>
        createFirestorePeople({
          changesKeptMs: 3_600_000,
          firestore,
          mapping,
          meter,
          portalCollection,
          statePrefix,
          keeping,
        }),
      async rawLink(id) {
        const data = (await firestore.collection(`${statePrefix}Links`).doc(id).get()).data();
        const expiry: unknown = data?.['expireAt'];
        return expiry instanceof Timestamp ? { ...data, expireAt: expiry.toDate() } : data;
      },
      async putPortal(id, data) {
        await firestore.collection(portalCollection).doc(id).set(data);
      },
      others: async (name) => (await firestore.collection(name).get()).docs.map((document) => document.data()),
      portalData: async (id) => (await firestore.collection(portalCollection).doc(id).get()).data(),
      async putRawLink(id, data) {
        await firestore.collection(`${statePrefix}Links`).doc(id).set(data);
      },
    };
  });

  test('what the mapping does not name never reaches us, however large it is', async (context) => {
    const firestore = firestoreFor(context);
    const portalCollection = `portal-${randomUUID()}`;
    const documents = firestore.collection(portalCollection);
    const photo = 'x'.repeat(1_000_000);
    await documents.doc('u1').set({ email: 'ann@example.com', firstName: 'Ann', updatedAt: 5, photo });
    const narrow = new Firestore({
      projectId: 'demo-people',
      grpcOptions: { 'grpc.max_receive_message_length': 20_000 },
    });
    try {
      const options = { firestore: narrow, mapping: defaultMapping, portalCollection, statePrefix: 'narrow' };
      const people = createFirestorePeople({ changesKeptMs: 1000 * 3600, ...options, meter: newMeter() });
      await expect(narrow.collection(portalCollection).get()).rejects.toThrow('RESOURCE_EXHAUSTED');
      const whole = await documents.doc('u1').get();
      const reading = (await people.portalUsers(['u1'])).get('u1');
      const { seconds = 0, nanoseconds = 0 } = whole.updateTime ?? {};
      const version = `${String(seconds)}.${String(nanoseconds).padStart(9, '0')}`;
      expect(reading).toMatchObject({ kind: 'user', user: { email: 'ann@example.com', version } });
      const document = { id: 'u1', reading };
      expect(await people.portalPage({ after: undefined, limit: 5 })).toEqual({ documents: [document], more: false });
      expect(await people.portalRange({ after: undefined, through: undefined })).toEqual([document]);
      expect(await people.portalChangedSince(1, 5)).toEqual({ documents: [document], more: false });
      expect(await people.userIdsWithEmail(email('ann@example.com'))).toEqual(['u1']);
      const scope = { links: [email('ann@example.com')], userIds: ['u1'], portalEmail: email('ann@example.com') };
      const view = committed(await people.transact(scope, (seen) => ({ result: seen })));
      expect(view.portal.get('u1')).toEqual(reading);
    } finally {
      await narrow.terminate();
    }
  });
});
