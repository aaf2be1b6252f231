import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { defaultMapping } from '../../../shared/portal/mapping-config.ts';
import { createFirestoreChanges } from '../../../shared/state/firestore/changes.ts';
import { createFirestorePeople } from '../../../shared/state/firestore/people.ts';
import { createInMemoryChanges } from '../../../shared/state/in-memory/changes.ts';
import { createInMemoryDatabase } from '../../../shared/state/in-memory/database.ts';
import { createInMemoryPeople } from '../../../shared/state/in-memory/people.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { useFirestoreEmulator } from '../../local/emulators/use-firestore-emulator.ts';
import { change, changesContract } from './changes-contract.ts';

const nobody = { links: [], userIds: [] };

describe('in memory', () => {
  changesContract(() => {
    const database = createInMemoryDatabase({ now: Date.now });
    const people = createInMemoryPeople({ database, mapping: defaultMapping });
    return { changes: createInMemoryChanges(database.changes), people };
  });

  test('none is kept where none is to be', async () => {
    const database = createInMemoryDatabase({ now: Date.now });
    const people = createInMemoryPeople({ database, mapping: defaultMapping, keepsChanges: false });
    await people.transact(nobody, () => ({ result: undefined, changes: [change()] }));
    expect(database.changes.size).toBe(0);
  });
});

describe('in Firestore', () => {
  const firestoreFor = useFirestoreEmulator('demo-changes');
  const options = (changesKeptMs: number) => ({
    changesKeptMs,
    mapping: defaultMapping,
    portalCollection: 'people',
    statePrefix: `p${randomUUID()}`,
  });

  changesContract((context) => {
    const firestore = firestoreFor(context);
    const { statePrefix, ...rest } = options(1000);
    const people = createFirestorePeople({ firestore, meter: newMeter(), statePrefix, ...rest });
    return { changes: createFirestoreChanges(firestore.collection(`${statePrefix}Changes`)), people };
  });

  test('a change is kept for as long as is set, and costs one write', async (context) => {
    const firestore = firestoreFor(context);
    const meter = newMeter();
    const set = options(86_400_000);
    const people = createFirestorePeople({ firestore, meter, ...set });
    const one = change();
    await people.transact(nobody, () => ({ result: undefined, changes: [one] }));
    const [stored] = (await firestore.collection(`${set.statePrefix}Changes`).get()).docs;
    expect(stored?.get('expireAt')).toMatchObject({ _seconds: Math.floor((one.at + 86_400_000) / 1000) });
    expect(meter).toMatchObject({ writes: 0, bookkeeping: 1, bookkeepingWrites: 1 });
  });

  test('none is kept where none is to be', async (context) => {
    const firestore = firestoreFor(context);
    const set = options(0);
    const people = createFirestorePeople({ firestore, meter: newMeter(), ...set });
    await people.transact(nobody, () => ({ result: undefined, changes: [change()] }));
    expect((await firestore.collection(`${set.statePrefix}Changes`).get()).size).toBe(0);
  });
});
