import { describe, expect, onTestFinished, test } from 'vitest';
import { developersOf } from '../../../shared/apigee/client.ts';
import { createApigeeConnection } from '../../../shared/apigee/connection.ts';
import type { Operation } from '../../../shared/apigee/developers.ts';
import { startApigeeEmulator } from '../../../local/apigee-emulator/server.ts';
import { errorOf, valueOf } from './developers-contract.ts';
import { bodyOf, manualClock } from './harness.ts';
import { json, type Reply, startScriptedServer, wireDeveloper } from './scripted-server.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';

describe('a connection shared by several invocations', () => {
  test('each one counts its own requests, retries included, and together they are all the server saw', async () => {
    const emulator = await startApigeeEmulator({ mode: 'x', org: 'demo' });
    const connection = createApigeeConnection({
      type: 'x',
      endpoint: emulator.url,
      org: emulator.org,
      credentials: { kind: 'token', token: 'token' },
      ledger: createOwnLedger(600_000),
      clock: manualClock(),
    });
    onTestFinished(async () => {
      connection.close();
      await emulator.close();
    });
    emulator.admin.addFault({ match: { operation: 'get', email: 'a@example.com' }, times: 2, answer: 503 });
    emulator.admin.addFault({
      match: { operation: 'update', email: 'b@example.com' },
      times: 1,
      answer: 'reset-after',
    });
    emulator.admin.seed([{ email: 'a@example.com' }, { email: 'b@example.com' }]);

    const first: Operation[] = [];
    const second: Operation[] = [];
    const one = developersOf(connection, (operation) => first.push(operation));
    const two = developersOf(connection, (operation) => second.push(operation));
    await Promise.all([
      one.get('a@example.com').then(valueOf),
      two.update('b@example.com', bodyOf('b@example.com')).then((answer) => errorOf(answer, 'unavailable')),
      two.get('b@example.com').then(valueOf),
    ]);
    expect(first).toEqual(['get', 'get', 'get']);
    expect([...second].sort()).toEqual(['get', 'update']);
    expect(emulator.admin.counters().requests).toMatchObject({ get: 4, update: 1, total: 5 });
  });

  test('no more requests are under way, and no more sockets open, than allowed', async () => {
    let underWay = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const reply: Reply = (response, call) => {
      most = Math.max(most, ++underWay);
      waiting.push(() => {
        underWay -= 1;
        json(200, wireDeveloper('a@example.com'))(response, call);
      });
      // Answered once as many wait as may.
      if (waiting.length === 3) for (const answer of waiting.splice(0)) answer();
    };
    const server = await startScriptedServer(reply);
    const connection = createApigeeConnection({
      type: 'x',
      endpoint: server.url,
      org: 'org',
      credentials: { kind: 'token', token: 'token' },
      ledger: createOwnLedger(600_000),
      maxConcurrent: 3,
    });
    onTestFinished(async () => {
      connection.close();
      await server.close();
    });
    const developers = developersOf(connection);
    const answers = await Promise.all(Array.from({ length: 12 }, () => developers.get('a@example.com')));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(most).toBe(3);
    expect(server.sockets()).toBe(3);
  });
});
