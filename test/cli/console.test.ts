import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plainLayout } from '../../cli/render/layout.ts';
import { runCli } from '../../cli/run-cli.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { commandWorld, say } from './command-world.ts';

test('devsync console serves the console on this machine until it is interrupted, and signs in once', async () => {
  const interruption = Promise.withResolvers<void>();
  const address = Promise.withResolvers<string>();
  const world = commandWorld();
  const ended = say(['console'], {
    services: world.services,
    interrupted: () => interruption.promise,
  });
  const other = runCli(['console'], {
    env: {},
    cwd: '/nowhere',
    layout: plainLayout,
    services: world.services,
    out: (text) => address.resolve(text.trim()),
    err: () => undefined,
    interrupted: () => interruption.promise,
  });
  const { origin, hash, hostname } = new URL(await address.promise);
  expect(hostname).toBe('127.0.0.1');
  const page = await fetch(origin);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const headers = { 'content-type': 'application/json', 'x-requested-with': 'x', 'sec-fetch-site': 'same-origin' };
  const body = JSON.stringify({ token: new URLSearchParams(hash.slice(1)).get('token') });
  const signIn = () => fetch(`${origin}/api/sign-in`, { method: 'POST', headers, body });
  expect([(await signIn()).status, (await signIn()).status]).toEqual([200, 401]);
  interruption.resolve();
  expect(await other).toBe(0);
  const { code, out, err } = await ended;
  expect(code).toBe(0);
  expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+\n$/);
  expect(err).toContain('Ctrl-C ends the console');
  await expect(fetch(origin)).rejects.toThrow('fetch failed');
});

test('with --local the address of the console that the stack serves already is printed', async () => {
  await using temporary = await temporaryFolder();
  await mkdir(join(temporary.path, '.local'));
  const stack = { project: 'demo', firestore: null, pubsub: null, apigee: '127.0.0.1:1', org: 'demo' };
  const file = join(temporary.path, '.local', 'stack.json');
  await writeFile(file, JSON.stringify({ ...stack, console: 'http://127.0.0.1:5/#token=abc' }));
  expect(await say(['--local', 'console'], { cwd: temporary.path })).toEqual({
    code: 0,
    out: 'http://127.0.0.1:5/#token=abc\n',
    err: '',
  });
  await writeFile(file, JSON.stringify(stack));
  expect(await say(['--local', 'console'], { cwd: temporary.path })).toMatchObject({ code: 1 });
});
