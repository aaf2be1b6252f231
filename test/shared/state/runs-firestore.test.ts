import { Timestamp } from '@google-cloud/firestore';
import { describe, expect, test } from 'vitest';
import { linkId } from '../../../shared/core/model/email.ts';
import { keptFor } from '../../../shared/state/firestore/indexing.ts';
import { createFirestoreRuns } from '../../../shared/state/firestore/runs.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { useFirestoreEmulator } from '../../local/emulators/use-firestore-emulator.ts';
import { createFirestoreLedger } from '../../../shared/state/firestore/call-ledger.ts';
import { callsPerMinute, ledgerContract } from './call-ledger-contract.ts';
import { runsContract } from './runs-contract.ts';
import { newBatch, newResult, newRun } from './samples.ts';

describe('runs in Firestore', () => {
  const firestoreFor = useFirestoreEmulator('demo-runs');
  /** Tests are told apart by their id. */
  const prefixOf = ({ task }: { readonly task: { readonly id: string } }): string => `state${task.id}`;

  runsContract((context, meter = newMeter()) =>
    createFirestoreRuns({ firestore: firestoreFor(context), statePrefix: prefixOf(context), meter }),
  );

  describe('the call ledger', () => {
    ledgerContract((context) =>
      createFirestoreLedger({ firestore: firestoreFor(context), statePrefix: prefixOf(context), callsPerMinute }),
    );
  });

  test('everything about runs but the control document expires after 30 days', async (context) => {
    const firestore = firestoreFor(context);
    const prefix = prefixOf(context);
    const runs = createFirestoreRuns({ firestore, statePrefix: prefix, meter: newMeter(), now: () => 5000 });
    await runs.create(newRun('run', { requestedAt: 1000 }));
    await runs.update('run', (run) => ({ run: { ...run, heartbeatAt: 9999 }, result: undefined }));
    await runs.createBatch(newBatch('run', 'apigee', 0));
    await runs.completeBatch({ runId: 'run', phase: 'apigee', seq: 0 }, newResult([]));
    await runs.reject({ id: '1', source: 's', reason: 'r', at: 3000 });
    await runs.spendDestructive(Date.parse('2026-03-01T10:59:00Z'), 1);
    const expiryOf = async (path: string): Promise<unknown> => (await firestore.doc(path).get()).get('expireAt');
    const after = (ms: number): Timestamp => Timestamp.fromMillis(ms + keptFor);
    expect(await expiryOf(`${prefix}Runs/run`)).toEqual(after(1000));
    expect(await expiryOf(`${prefix}Runs/run/${prefix}Batches/apigee-000000`)).toEqual(after(5000));
    const [rejection] = await firestore.collection(`${prefix}Rejections`).listDocuments();
    expect(rejection?.id).toHaveLength(linkId('#1').length);
    expect(await expiryOf(rejection?.path ?? '')).toEqual(after(3000));
    expect(await expiryOf(`${prefix}Allowance/2026-03-01T10`)).toEqual(after(5000));
  });
});
