import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { buildConsole, type BuiltConsole } from '../../scripts/build/build-console.ts';
import { readFiles } from '../../scripts/build/deployable.ts';
import { packageLock, type PackageLock } from '../../scripts/build/prune-lock.ts';
import { freePort } from '../../local/emulators/free-port.ts';
import { startProcessGroup, type ProcessGroup } from '../../local/emulators/process-group.ts';
import { linkPackages, nodeOptions } from './unpack.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Nothing listens there. */
const nowhere = '127.0.0.1:9';
const settings = {
  APIGEE_ORG: 'org',
  APIGEE_ENDPOINT: `http://${nowhere}`,
  APIGEE_ACCESS_TOKEN: 'token-of-the-test',
  GOOGLE_CLOUD_PROJECT: 'demo-console',
  FIRESTORE_EMULATOR_HOST: nowhere,
  PUBSUB_EMULATOR_HOST: nowhere,
  CONSOLE_ADMINS: 'ada@example.org',
};
const audience = '/projects/123/locations/europe-west1/services/developer-sync-console';

const manifest = z.object({
  type: z.literal('module'),
  scripts: z.object({ start: z.string(), 'gcp-build': z.literal('') }),
  dependencies: z.record(z.string(), z.string()),
  engines: z.object({ node: z.literal('24') }),
});

let folder: string;
let built: BuiltConsole;
let paths: readonly string[];
let lock: PackageLock;
let deployed: z.infer<typeof manifest>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'build-console-'));
  // As npm run build finds it: React goes by this variable.
  vi.stubEnv('NODE_ENV', 'production');
  built = await buildConsole(root, join(folder, 'dist')).finally(() => vi.unstubAllEnvs());
  paths = [...(await readFiles(built.folder)).keys()];
  lock = packageLock.parse(await readJson(join(built.folder, 'package-lock.json')));
  deployed = manifest.parse(await readJson(join(built.folder, 'package.json')));
  await linkPackages(root, lock, built.folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what the image is made of', () => {
  test('is the server and what it imports, compiled, its page, and nothing else', () => {
    expect(built.files).toBe(paths.length);
    const others = paths.filter((path) => !/^(?:console\/(?:api|server)|shared)\/.*\.js(?:\.map)?$/.test(path));
    const [page, rest] = [
      others.filter((path) => path.startsWith('page/')),
      others.filter((path) => !path.startsWith('page/')),
    ];
    expect(rest.toSorted()).toEqual(['package-lock.json', 'package.json']);
    expect(page).toContain('page/index.html');
    expect(page.filter((path) => /^page\/assets\/.*-[\w-]{8,}\.js$/.test(path)).length).toBeGreaterThan(0);
    expect(paths.filter((path) => /in-memory|loopback/.test(path))).toEqual([]);
  });

  test('installs only what the server imports, in the versions that were tested, on Node 24', async () => {
    const whole = packageLock.parse(await readJson(join(root, 'package-lock.json')));
    const versions = (packages: PackageLock['packages']): Readonly<Record<string, unknown>> =>
      Object.fromEntries(Object.entries(packages).flatMap(([path, { version }]) => (path ? [[path, version]] : [])));
    expect(versions(whole.packages)).toMatchObject(versions(lock.packages));
    expect(lock.packages['']?.['dependencies']).toEqual(deployed.dependencies);
    const names = Object.keys(deployed.dependencies);
    expect(names).toEqual(expect.arrayContaining(['hono', '@google-cloud/scheduler', 'google-auth-library']));
    expect(names.filter((name) => /functions-framework|commander|react|vite/.test(name))).toEqual([]);
  });

  test('is the same from another folder, at another time, in another time zone', async () => {
    const copy = join(folder, 'copy');
    const parts = [
      'console',
      'shared',
      'scripts',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'tsconfig.build-console.json',
    ];
    for (const part of parts) await cp(join(root, part), join(copy, part), { recursive: true });
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    const script = `const { buildConsole } = await import(process.argv[1] + '/scripts/build/build-console.ts');
      console.log((await buildConsole(process.argv[1], process.argv[1] + '/dist')).sha256);`;
    const env = { ...process.env, TZ: 'Pacific/Auckland', NODE_ENV: 'production' };
    const args = ['--input-type=module', '--eval', script, copy];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: copy });
    expect(stdout.trim()).toBe(built.sha256);
  });
});

describe('the console of the image', () => {
  test('does not start without the audience of IAP, and says what to set', async () => {
    const { group } = await start({});
    expect(await group.ended).toBe('exit code 1');
    expect(group.lastOutput()).toContain('CONSOLE_IAP_AUDIENCE is not set, or wrong: set it to /projects/NUMBER');
  });

  test('serves the page, and nothing of its API to whom IAP did not let in', async () => {
    const { group, url } = await start({ CONSOLE_IAP_AUDIENCE: audience });
    onTestFinished(() => group.stop(0));
    const page = await answered(url);
    expect(page.status).toBe(200);
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1] ?? 'no script';
    expect((await fetch(new URL(script, url))).headers.get('cache-control')).toContain('immutable');

    const looked = await fetch(new URL('/api/status', url));
    expect(looked.status).toBe(401);
    expect(await looked.json()).toMatchObject({ error: { kind: 'signed-out' } });
    const spoofed = { 'x-goog-authenticated-user-email': 'accounts.google.com:ada@example.org' };
    expect((await fetch(new URL('/api/status', url), { headers: spoofed })).status).toBe(401);

    const acted = await fetch(new URL('/api/runs', url), { method: 'POST' });
    expect(acted.status).toBe(403);
    expect(await acted.json()).toMatchObject({ error: { kind: 'cross-site' } });
    expect(group.lastOutput()).toContain('"event":"console_denied"');
    expect(group.lastOutput()).not.toContain('ada@example.org');
  });
});

/** Runs what package.json says, with nothing installed but its dependencies, as the image does. */
async function start(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly group: ProcessGroup; readonly url: string }> {
  const port = await freePort();
  const script = 'cd "$1" && exec /bin/sh -c "exec $2" 2>&1';
  const group = startProcessGroup('/bin/sh', ['-c', script, 'sh', built.folder, deployed.scripts.start], {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    PORT: String(port),
    NODE_ENV: 'production',
    NODE_OPTIONS: nodeOptions,
    METADATA_SERVER_DETECTION: 'none',
    ...settings,
    ...env,
  });
  return { group, url: `http://127.0.0.1:${String(port)}/` };
}

async function answered(url: string): Promise<Response> {
  return vi.waitFor(() => fetch(url), { timeout: 15_000, interval: 50 });
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
