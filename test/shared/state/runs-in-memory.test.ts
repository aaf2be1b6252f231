import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';
import { callsPerMinute, ledgerContract } from './call-ledger-contract.ts';
import { describe, type TestContext } from 'vitest';
import { createInMemoryDatabase, type InMemoryDatabase } from '../../../shared/state/in-memory/database.ts';
import { createInMemoryRuns } from '../../../shared/state/in-memory/runs.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { runsContract } from './runs-contract.ts';

describe('runs in memory', () => {
  const databases = new WeakMap<TestContext['task'], InMemoryDatabase>();

  runsContract(({ task }, meter = newMeter()) => {
    const database = databases.get(task) ?? createInMemoryDatabase({ now: Date.now });
    databases.set(task, database);
    return createInMemoryRuns({ database, meter });
  });
});

describe('the call ledger in memory', () => {
  ledgerContract(() => createOwnLedger(callsPerMinute));
});
