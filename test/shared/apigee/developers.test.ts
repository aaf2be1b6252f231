import { attributesIn } from '../../../shared/apigee/attribute-entries.ts';
import { developersOf } from '../../../shared/apigee/client.ts';
import { createApigeeConnection, type ApigeeType } from '../../../shared/apigee/connection.ts';
import { createInMemoryDevelopers } from '../../../shared/apigee/in-memory.ts';
import { nothingElse } from '../../../shared/core/model/profile.ts';
import type { Attribute } from '../../../local/apigee-emulator/developer.ts';
import type { JsonObject } from '../../../local/apigee-emulator/json.ts';
import { startApigeeEmulator } from '../../../local/apigee-emulator/server.ts';
import {
  describeDevelopersContract,
  describeEdgeContract,
  describeXContract,
  type Subject,
} from './developers-contract.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';

async function overHttp(type: ApigeeType): Promise<Subject> {
  const emulator = await startApigeeEmulator({ mode: type === 'edge' ? 'edge' : 'x', org: 'demo' });
  const connection = createApigeeConnection({
    type,
    endpoint: emulator.url,
    org: emulator.org,
    credentials:
      type === 'edge' ? { kind: 'basic', username: 'ops', password: 'pass' } : { kind: 'token', token: 'token' },
    ledger: createOwnLedger(600_000),
  });
  return {
    developers: developersOf(connection),
    seed(emails, { members, entries } = nothingElse) {
      const kept = { others: members as JsonObject, attributes: entries as readonly Attribute[] };
      emulator.admin.seed(emails.map((email) => ({ email, ...kept })));
    },
    async close() {
      connection.close();
      await emulator.close();
    },
  };
}

async function inMemory(type: ApigeeType): Promise<Subject> {
  let now = 1_700_000_000_000;
  const developers = createInMemoryDevelopers({ type, now: () => now++ });
  return {
    developers,
    seed: (emails, others = nothingElse) =>
      developers.seed(...emails.map((email) => ({ email, others, attributes: attributesIn(others.entries) }))),
  };
}

for (const [name, start] of [
  ['X over HTTP', () => overHttp('x')],
  ['hybrid over HTTP', () => overHttp('hybrid')],
  ['X in memory', () => inMemory('x')],
] as const) {
  describeDevelopersContract(name, start);
  describeXContract(name, start);
}

for (const [name, start] of [
  ['Edge over HTTP', () => overHttp('edge')],
  ['Edge in memory', () => inMemory('edge')],
] as const) {
  describeDevelopersContract(name, start);
  describeEdgeContract(name, start);
}
