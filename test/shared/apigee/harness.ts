import { onTestFinished } from 'vitest';
import { developersOf } from '../../../shared/apigee/client.ts';
import { type ApigeeConnectionOptions, createApigeeConnection } from '../../../shared/apigee/connection.ts';
import { nothingElse } from '../../../shared/core/model/profile.ts';
import type { DeveloperBody, Developers, Operation } from '../../../shared/apigee/developers.ts';
import type { Clock } from '../../../shared/apigee/retry.ts';
import { type Reply, type ScriptedServer, startScriptedServer } from './scripted-server.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';

export interface ManualClock extends Clock {
  /** Every wait asked for, in ms. */
  readonly waits: readonly number[];
  advance(ms: number): void;
}

/** Waits take no time at all, but the clock shows them. */
export function manualClock(random = 0.5): ManualClock {
  let now = Date.UTC(2026, 10, 20);
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    random: () => random,
    async sleep(ms) {
      waits.push(ms);
      now += ms;
    },
    advance(ms) {
      now += ms;
    },
  };
}

export interface Scene {
  readonly server: ScriptedServer;
  readonly developers: Developers;
  readonly clock: ManualClock;
  /** As counted by `onCall`. */
  readonly calls: readonly Operation[];
}

/** A client of a scripted server; both end with the test. */
export async function scene(replies: readonly Reply[], options: Partial<ApigeeConnectionOptions> = {}): Promise<Scene> {
  const server = await startScriptedServer(...replies);
  const clock = manualClock();
  const connection = createApigeeConnection({
    type: 'x',
    endpoint: server.url,
    org: 'org',
    credentials: { kind: 'token', token: 'very-secret-token' },
    // What a 429 does to everybody is tested with the call budget: here nobody waits in real time.
    ledger: { ...createOwnLedger(600_000, () => clock.now()), giveWay: async () => undefined },
    clock,
    ...options,
  });
  onTestFinished(async () => {
    connection.close();
    await server.close();
  });
  const calls: Operation[] = [];
  return { server, clock, calls, developers: developersOf(connection, (operation) => calls.push(operation)) };
}

export function bodyOf(email: string, other: Partial<DeveloperBody> = {}): DeveloperBody {
  return {
    email,
    userName: email,
    firstName: 'Ada',
    lastName: 'Lovelace',
    attributes: new Map(),
    others: nothingElse,
    ...other,
  };
}
