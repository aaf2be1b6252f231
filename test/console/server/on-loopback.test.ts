import { Hono } from 'hono';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../console/server/listen.ts';
import { consoleOnLoopback, type LoopbackConsole } from '../../../console/server/on-loopback.ts';
import { inProcess } from '../../support/in-process.ts';
import { temporaryFolder } from '../../local/temporary-folder.ts';
import { fromPage } from './talk.ts';

const operator = { id: 'me', email: undefined, name: 'me', role: 'admin' } as const;

async function open(token: 'once' | 'often' = 'once', web?: string): Promise<LoopbackConsole> {
  const offers = { editDevelopers: true, schedule: undefined, openDeadLetters: undefined };
  const desk = { services: inProcess().services, version: '1.2.3', offers };
  const console = await consoleOnLoopback({ desk, operator, token, web });
  onTestFinished(() => console.close());
  return console;
}

const signIn = async ({ url }: LoopbackConsole, token: string): Promise<Response> => {
  const { host: _, ...headers } = fromPage;
  return fetch(`${url}api/sign-in`, { method: 'POST', headers, body: JSON.stringify({ token }) });
};

const tokenIn = ({ signedIn }: LoopbackConsole): string =>
  new URLSearchParams(new URL(signedIn).hash.slice(1)).get('token') ?? '';

/** The status of a request that says this Host, which fetch would not. */
async function statusFor({ url }: LoopbackConsole, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}api/session`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the console on loopback', () => {
  test('the printed address signs in once, by a cookie that no script reads and no other site sends', async () => {
    const console = await open();
    const token = tokenIn(console);
    expect(token.length).toBeGreaterThan(30);
    expect((await fetch(`${console.url}api/session`)).status).toBe(401);
    expect((await signIn(console, `${token.slice(0, -1)}${token.endsWith('x') ? 'y' : 'x'}`)).status).toBe(401);
    const signedIn = await signIn(console, token);
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^devsync-\d+=[\w-]+; HttpOnly; SameSite=Strict; Path=\/$/);
    const session = await fetch(`${console.url}api/session`, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(await session.json()).toMatchObject({ role: 'admin', operator: { name: 'me' }, version: '1.2.3' });
    expect((await signIn(console, token)).status).toBe(401);
    const guessed = cookie.split(';')[0]?.replace(/=.*/, '=guessed') ?? '';
    expect((await fetch(`${console.url}api/session`, { headers: { cookie: guessed } })).status).toBe(401);
  });

  test('the address of the local stack signs in as often as it is opened', async () => {
    const console = await open('often');
    expect((await signIn(console, tokenIn(console))).status).toBe(200);
    expect((await signIn(console, tokenIn(console))).status).toBe(200);
  });

  test('a name that somebody else points to this machine is not answered (DNS rebinding)', async () => {
    const console = await open();
    const { host, port } = new URL(console.url);
    expect(await statusFor(console, host)).toBe(401);
    expect(await statusFor(console, `localhost:${port}`)).toBe(401);
    expect(await statusFor(console, `evil.test:${port}`)).toBe(403);
    expect(await statusFor(console, 'localhost')).toBe(403);
  });

  test('serves the page for every address of its own, hashed files for ever, and nothing outside of the build', async () => {
    await using temporary = await temporaryFolder();
    const web = join(temporary.path, 'web');
    await mkdir(join(web, 'assets'), { recursive: true });
    await writeFile(join(web, 'index.html'), '<!doctype html><title>Console</title>');
    await writeFile(join(web, 'assets', 'app-BfV1xYz9.js'), 'export {};');
    await writeFile(join(temporary.path, 'secret.json'), '{}');
    const { url } = await open('once', web);
    for (const path of ['', 'developers', 'developers/abc', 'runs/x']) {
      const page = await fetch(url + path);
      expect([page.status, page.headers.get('content-type'), page.headers.get('cache-control')]).toEqual([
        200,
        'text/html; charset=utf-8',
        'no-cache',
      ]);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    const asset = await fetch(`${url}assets/app-BfV1xYz9.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    for (const path of [
      'assets/none-12345678.js',
      '..%2fsecret.json',
      '%2e%2e/secret.json',
      'assets'.concat('/..%2f..%2fsecret.json'),
    ])
      expect((await fetch(url + path)).status).toBe(404);
  });
});

test('a request that is under way when the console ends has its answer, and no further one is taken', async () => {
  const begun = Promise.withResolvers<undefined>();
  const goOn = Promise.withResolvers<undefined>();
  const app = new Hono().get('/slow', async (context) => {
    begun.resolve(undefined);
    await goOn.promise;
    return context.text('done');
  });
  const listening = await listen(app, '127.0.0.1', 0);
  const address = `http://127.0.0.1:${String(listening.port)}/slow`;
  const answer = fetch(address, { headers: { connection: 'close' } });
  await begun.promise;
  const closed = listening.close();
  goOn.resolve(undefined);
  expect(await (await answer).text()).toBe('done');
  await closed;
  await expect(fetch(address)).rejects.toThrow('fetch failed');
});
