import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { CallLedger } from '../../../shared/state/call-ledger.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';
import { errorOf, valueOf } from './developers-contract.ts';
import { bodyOf, scene } from './harness.ts';
import {
  json,
  raw,
  type Reply,
  type ScriptedServer,
  startScriptedServer,
  wireDeveloper,
  xError,
} from './scripted-server.ts';

const email = 'ada@example.com';
const unauthorized = xError(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');

/** A metadata server that gives out `token-1`, `token-2` …, each good for an hour, and is where ADC finds its credentials. */
async function metadataServer(answer?: Reply): Promise<ScriptedServer> {
  let tokens = 0;
  const server = await startScriptedServer((response, call) => {
    const reply = (body: string) => raw(200, body, { 'metadata-flavor': 'Google' })(response, call);
    if (!call.url.includes('/token')) return reply('value');
    if (answer) return answer(response, call);
    tokens += 1;
    return reply(JSON.stringify({ access_token: `token-${String(tokens)}`, expires_in: 3600, token_type: 'Bearer' }));
  });
  const emptyFolder = await mkdtemp(join(tmpdir(), 'no-credentials-'));
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', undefined);
  vi.stubEnv('CLOUDSDK_CONFIG', emptyFolder);
  vi.stubEnv('HOME', emptyFolder);
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'demo');
  vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present');
  vi.stubEnv('GCE_METADATA_HOST', server.url.slice('http://'.length));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await server.close();
    await rm(emptyFolder, { recursive: true });
  });
  return server;
}

function tokensAsked(server: ScriptedServer): number {
  return server.seen.filter(({ url }) => url.includes('/token')).length;
}

/** Takes only the tokens named. */
function accepting(...tokens: readonly string[]): Reply {
  return (response, call) => {
    const good = tokens.some((token) => call.headers.authorization === `Bearer ${token}`);
    return (good ? json(200, wireDeveloper(email)) : unauthorized)(response, call);
  };
}

describe('credentials', () => {
  test('a token of ADC is fetched once and kept', async () => {
    const metadata = await metadataServer();
    const { developers, server } = await scene([accepting('token-1')], { credentials: { kind: 'adc' } });
    expect(tokensAsked(metadata)).toBe(0);
    await Promise.all([developers.get(email), developers.get(email)]);
    valueOf(await developers.get(email));
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer token-1'));
    expect(tokensAsked(metadata)).toBe(1);
  });

  test('a token is there before a call asks for its moment: fetching it makes no call late (rule 2)', async () => {
    const metadata = await metadataServer();
    const ledger = createOwnLedger(600_000);
    const askedWith: number[] = [];
    const reserve: CallLedger['reserve'] = async (lane, calls) => {
      askedWith.push(tokensAsked(metadata));
      return ledger.reserve(lane, calls);
    };
    const credentials = { kind: 'adc' } as const;
    const { developers } = await scene([accepting('token-1')], { credentials, ledger: { ...ledger, reserve } });
    valueOf(await developers.get(email));
    expect(askedWith[0]).toBe(1);
  });

  test('after a 401 a new token is really fetched, once, and the call is sent again at once', async () => {
    const metadata = await metadataServer();
    const { developers, clock, calls } = await scene([accepting('token-2')], { credentials: { kind: 'adc' } });
    valueOf(await developers.get(email));
    valueOf(await developers.get(email));
    expect(tokensAsked(metadata)).toBe(2);
    expect(clock.waits).toEqual([]);
    expect(calls).toEqual(['get', 'get', 'get']);
  });

  test('an update whose token was stale goes back to be decided again, with a new token for the next call (rule 13)', async () => {
    const metadata = await metadataServer();
    const { developers, calls } = await scene([accepting('token-2')], { credentials: { kind: 'adc' } });
    const error = errorOf(await developers.update(email, bodyOf(email)), 'unavailable');
    expect(error).toMatchObject({ status: 401, ambiguous: false, lookAgainAfterMs: 250 });
    valueOf(await developers.get(email));
    expect(tokensAsked(metadata)).toBe(2);
    expect(calls).toEqual(['update', 'get']);
  });

  test('many calls that fail with one token renew it once', async () => {
    const metadata = await metadataServer();
    const { developers } = await scene([accepting('token-2')], { credentials: { kind: 'adc' } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => developers.get(email)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(tokensAsked(metadata)).toBe(2);
  });

  test('a second 401 is denied', async () => {
    const metadata = await metadataServer();
    const { developers, server } = await scene([unauthorized], { credentials: { kind: 'adc' } });
    const error = errorOf(await developers.get(email), 'denied');
    expect(error).toMatchObject({ status: 401, ambiguous: false });
    expect(error.message).not.toContain('token-');
    expect(server.seen).toHaveLength(2);
    expect(tokensAsked(metadata)).toBe(2);
  });

  test('a static token cannot be renewed: a 401 is denied at once', async () => {
    const { developers, server } = await scene([unauthorized]);
    expect(errorOf(await developers.get(email), 'denied').message).not.toContain('very-secret-token');
    expect(server.seen).toHaveLength(1);
  });

  test('where no token can be had nothing is sent, and the call is denied', async () => {
    await metadataServer(
      json(403, { error: 'no service account, ask ops@example.com' }, { 'metadata-flavor': 'Google' }),
    );
    const { developers, server, calls } = await scene([accepting('x')], { credentials: { kind: 'adc' } });
    const error = errorOf(await developers.delete(email), 'denied');
    expect(error).toMatchObject({ status: undefined, ambiguous: false });
    expect(error.message).toMatch(/^delete: no credentials: /);
    expect(error.message).not.toContain('ops@example.com');
    expect(server.seen).toEqual([]);
    expect(calls).toEqual([]);
  });
});
