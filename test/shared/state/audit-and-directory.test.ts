import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { defaultMapping } from '../../../shared/portal/mapping-config.ts';
import { createFirestoreAudit } from '../../../shared/state/firestore/audit.ts';
import { createFirestoreDirectory } from '../../../shared/state/firestore/directory.ts';
import { auditKeptFor } from '../../../shared/state/firestore/indexing.ts';
import { createFirestorePeople } from '../../../shared/state/firestore/people.ts';
import { createInMemoryAudit } from '../../../shared/state/in-memory/audit.ts';
import { createInMemoryDatabase } from '../../../shared/state/in-memory/database.ts';
import { createInMemoryDirectory } from '../../../shared/state/in-memory/directory.ts';
import { createInMemoryPeople } from '../../../shared/state/in-memory/people.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { useFirestoreEmulator } from '../../local/emulators/use-firestore-emulator.ts';
import { auditContract } from './audit-contract.ts';
import { directoryContract } from './directory-contract.ts';

describe('in memory', () => {
  auditContract(() => createInMemoryAudit());
  directoryContract(() => {
    const database = createInMemoryDatabase({ now: Date.now });
    const people = createInMemoryPeople({ database, mapping: defaultMapping });
    return { directory: createInMemoryDirectory(database), people };
  });
});

describe('in Firestore', () => {
  const firestoreFor = useFirestoreEmulator('demo-audit');

  auditContract((context) => createFirestoreAudit({ firestore: firestoreFor(context), statePrefix: randomUUID() }));
  directoryContract((context) => {
    const firestore = firestoreFor(context);
    const statePrefix = randomUUID();
    const mapping = { mapping: defaultMapping, portalCollection: 'people', meter: newMeter() };
    const people = createFirestorePeople({ changesKeptMs: 1000 * 3600, firestore, statePrefix, ...mapping });
    return { directory: createFirestoreDirectory({ firestore, statePrefix }), people };
  });

  test('a record is kept for 400 days', async (context) => {
    const firestore = firestoreFor(context);
    const statePrefix = randomUUID();
    const operator = { id: 'o', name: 'o', role: 'admin' } as const;
    const nothing = { reason: undefined, person: undefined, runId: undefined, people: undefined, end: undefined };
    const record = { actionId: 'a', at: 5000, operator, action: 'export-run', fields: [], ...nothing } as const;
    await createFirestoreAudit({ firestore, statePrefix }).begin(record);
    const expiry: unknown = (await firestore.doc(`${statePrefix}Audit/a`).get()).get('expireAt');
    expect(expiry).toMatchObject({ _seconds: Math.floor((5000 + auditKeptFor) / 1000) });
    expect(auditKeptFor).toBe(400 * 86_400_000);
  });
});
