import { describe, expect, onTestFinished, test } from 'vitest';
import { appsOf } from '../../../shared/apigee/app-client.ts';
import type { Apps } from '../../../shared/apigee/apps.ts';
import { createApigeeConnection, type ApigeeType } from '../../../shared/apigee/connection.ts';
import { createInMemoryApps } from '../../../shared/apigee/in-memory-apps.ts';
import { createInMemoryDevelopers } from '../../../shared/apigee/in-memory.ts';
import { readApps, readListed } from '../../../shared/apigee/app-wire.ts';
import { startApigeeEmulator } from '../../../local/apigee-emulator/server.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';

type Seed = (email: string, apps: readonly string[]) => void;
interface Subject {
  readonly apps: Apps;
  readonly seed: Seed;
}

async function overHttp(type: ApigeeType): Promise<Subject> {
  const emulator = await startApigeeEmulator({ mode: type === 'edge' ? 'edge' : 'x', org: 'demo' });
  const credentials =
    type === 'edge'
      ? ({ kind: 'basic', username: 'ops', password: 'pass' } as const)
      : ({ kind: 'token', token: 'token' } as const);
  const connection = createApigeeConnection({
    type,
    endpoint: emulator.url,
    org: emulator.org,
    credentials,
    ledger: createOwnLedger(600_000),
  });
  onTestFinished(async () => {
    connection.close();
    await emulator.close();
  });
  return { apps: appsOf(connection), seed: (email, apps) => emulator.admin.seed([{ email, apps }]) };
}

async function inMemory(type: ApigeeType): Promise<Subject> {
  const developers = createInMemoryDevelopers({ type, now: Date.now });
  const apps = createInMemoryApps(developers);
  const key = {
    keyEnd: 'abcd',
    status: 'approved',
    issuedAt: 1,
    expiresAt: undefined,
    products: [{ name: 'standard', status: 'approved' }],
  };
  const seed: Seed = (email, names) => {
    developers.seed({ email });
    apps.seed(
      email,
      names.map((name) => ({ name, status: 'approved', createdAt: 1, lastModifiedAt: 1, keys: [key] })),
    );
  };
  return { apps, seed };
}

describe.each([
  ['X over HTTP', () => overHttp('x')],
  ['Edge over HTTP', () => overHttp('edge')],
  ['in memory', () => inMemory('x')],
] as const)('apps, %s', (_, start) => {
  test('the apps of a developer are read with their keys, of which only the end is told', async () => {
    const { apps, seed } = await start();
    seed('ann@example.com', ['Weather', 'Maps & more']);
    seed('bob@example.com', []);
    const read = await apps.of('ann@example.com');
    const app = {
      status: 'approved',
      keys: [
        {
          keyEnd: expect.stringMatching(/^.{4}$/),
          status: 'approved',
          expiresAt: undefined,
          products: [{ name: 'standard', status: 'approved' }],
        },
      ],
    };
    expect(read).toMatchObject({
      ok: true,
      value: [
        { name: 'Weather', ...app },
        { name: 'Maps & more', ...app },
      ],
    });
    expect(JSON.stringify(read).toLowerCase()).not.toContain('secret');
    expect(await apps.of('bob@example.com')).toEqual({ ok: true, value: [] });
    expect(await apps.of('nobody@example.com')).toEqual({ ok: true, value: undefined });
    expect(await apps.of('..')).toMatchObject({ ok: false, error: { kind: 'refused' } });
  });

  test('a page lists everybody, with the names of their apps, the start key included', async () => {
    const { apps, seed } = await start();
    for (const name of ['a', 'b', 'c']) seed(`${name}@example.com`, name === 'b' ? ['Weather'] : []);
    const page = await apps.listed({ startKey: 'b@example.com', count: 10 });
    expect(page).toMatchObject({
      ok: true,
      value: {
        emails: ['b@example.com', 'c@example.com'],
        developers: [
          { developer: { email: 'b@example.com' }, apps: ['Weather'] },
          { developer: { email: 'c@example.com' }, apps: [] },
        ],
      },
    });
  });
});

describe('what Apigee answers about apps', () => {
  test('the secret of a key is not read, and a key that never expires has no expiry', () => {
    const credentials = [
      { consumerKey: 'key-1234', consumerSecret: 'hidden', status: 'approved', issuedAt: '5', expiresAt: '-1' },
    ];
    const read = readApps(JSON.stringify({ app: [{ name: 'a', appId: 'x', credentials }] }));
    expect(read).toEqual([
      {
        name: 'a',
        status: '',
        createdAt: 0,
        lastModifiedAt: 0,
        keys: [{ keyEnd: '1234', status: 'approved', issuedAt: 5, expiresAt: undefined, products: [] }],
      },
    ]);
  });

  test('nobody has apps where X leaves the list out, and anything else is no answer (rule 25)', () => {
    expect(readApps('{}')).toEqual([]);
    for (const body of ['', '[]', '<html>', '{"error":{}}', '{"app":[{}]}']) expect(readApps(body)).toBeUndefined();
    expect(readListed('<html>')).toBeUndefined();
    expect(readListed('{"developer":[{"email":"a@b"}]}')).toEqual({ emails: ['a@b'], developers: [] });
  });
});
