import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import protobuf from 'protobufjs/light.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, type TestContext } from 'vitest';
import { z } from 'zod';
import { build, type Built } from '../../scripts/build/build.ts';
import { packageLock, type PackageLock } from '../../scripts/build/prune-lock.ts';
import { useFirestoreEmulator } from '../local/emulators/use-firestore-emulator.ts';
import { expectLogged, failToRun, runFunction, type RunningFunction } from './run-function.ts';
import { linkPackages, unpack } from './unpack.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const functions = ['fan-out', 'pull-apigee-edit', 'push-portal-edit', 'reconcile-batch'];
const project = 'demo-build';
const sourceMap = z.object({ sources: z.array(z.string()), sourcesContent: z.array(z.string()) });
/** Nothing listens there. */
const nowhere = '127.0.0.1:9';
const settings = {
  APIGEE_ORG: 'org',
  APIGEE_ENDPOINT: `http://${nowhere}`,
  APIGEE_ACCESS_TOKEN: 'token-of-the-test',
  GOOGLE_CLOUD_PROJECT: project,
  PUBSUB_EMULATOR_HOST: nowhere,
};

let folder: string;
let built: Built;
let unpacked: string;
let paths: readonly string[];
let lock: PackageLock;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'build-'));
  built = await build(root, join(folder, 'dist'));
  unpacked = join(folder, 'unpacked');
  paths = await unpack(built.archive, unpacked);
  lock = await readLock(unpacked);
  await linkPackages(root, lock, unpacked);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what is deployed', () => {
  test('has the functions and what they share, compiled, with source maps, and nothing else', () => {
    expect(paths).toEqual(paths.toSorted((a, b) => (a < b ? -1 : 1)));
    const others = paths.filter((path) => !/^(?:functions|shared)\/.*\.js(?:\.map)?$/.test(path));
    expect(others).toEqual(['index.js', 'package-lock.json', 'package.json', 'packages/zod.js']);
    expect(paths.filter((path) => path.startsWith('functions/'))).toEqual(
      functions.flatMap((name) => [`functions/${name}.js`, `functions/${name}.js.map`]),
    );
    const own = paths.filter((path) => /^(?:functions|shared)\/.*\.js$/.test(path));
    expect(own.map((path) => `${path}.map`)).toEqual(paths.filter((path) => path.endsWith('.map')));
    expect(built.bytes).toBeLessThan(1024 * 1024);
  });

  test('is made of nothing else in the checkout, and each source map leads to its sources as they lie there', async () => {
    const maps = paths.filter((path) => path.endsWith('.map'));
    const read = await Promise.all(
      maps.map(async (path) => {
        const { sources, sourcesContent } = sourceMap.parse(JSON.parse(await readFile(join(unpacked, path), 'utf8')));
        return sources.map((source, index) => [join(dirname(path), source), sourcesContent[index]] as const);
      }),
    );
    const sources = read.flat();
    const names = sources.map(([path]) => path);
    expect(names.filter((path) => !/^(?:functions|shared)\/.*\.ts$/.test(path))).toEqual([]);
    expect(names.filter((path) => path.includes('memory-') || path.includes('in-memory'))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['functions/fan-out.ts', 'shared/core/decide/decide.ts']));
    for (const [path, text] of sources) expect(text).toBe(await readFile(join(root, path), 'utf8'));
  });

  test('names the license of the package that became a part of it', async () => {
    const license = await readFile(join(root, 'node_modules/zod/LICENSE'), 'utf8');
    expect(await readFile(join(unpacked, 'packages/zod.js'), 'utf8')).toContain(license.trimEnd());
  });

  test('installs only what the functions import, in the versions that were tested', async () => {
    const whole = await readLock(root);
    expect(whole.packages).toMatchObject(withoutFlags(lock));
    expect(Object.keys(lock.packages['']?.['dependencies'] ?? {})).toEqual([
      '@google-cloud/firestore',
      '@google-cloud/functions-framework',
      '@google-cloud/pubsub',
      'gaxios',
      'google-auth-library',
      'p-map',
      'pino',
      'protobufjs',
      're2js',
    ]);
    const manifest: unknown = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({
      type: 'module',
      main: 'index.js',
      scripts: { 'gcp-build': '' },
      dependencies: lock.packages['']?.['dependencies'],
    });
  });

  test('is the same from another folder, at another time, in another time zone', async () => {
    const copy = join(folder, 'copy');
    const parts = [
      'functions',
      'shared',
      'scripts',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'tsconfig.build.json',
    ];
    for (const part of parts) await cp(join(root, part), join(copy, part), { recursive: true });
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    const script = `const { build } = await import(process.argv[1] + '/scripts/build/build.ts');
      console.log((await build(process.argv[1], process.argv[1] + '/dist')).sha256);`;
    const env = { ...process.env, TZ: 'Pacific/Auckland' };
    const args = ['--input-type=module', '--eval', script, copy];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    expect(stdout.trim()).toBe(built.sha256);
  });
});

describe('a function of the archive', () => {
  const firestoreFor = useFirestoreEmulator(project);

  async function run(context: TestContext, target: string, from = unpacked): Promise<RunningFunction> {
    firestoreFor(context);
    const host = process.env['FIRESTORE_EMULATOR_HOST'] ?? '';
    const running = await runFunction(from, target, { ...settings, FIRESTORE_EMULATOR_HOST: host });
    onTestFinished(() => running.stop());
    return running;
  }

  const rejectionsOf = async (context: TestContext, source: string): Promise<number> => {
    const rejections = firestoreFor(context).collection('developerSyncRejections');
    return (await rejections.where('source', '==', source).get()).size;
  };

  test.for(['fan-out', 'pull-apigee-edit', 'reconcile-batch'])(
    '%s records and takes off what is no push request',
    async (target, context) => {
      const running = await run(context, target);
      const response = await fetch(running.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message: { data: 'not base64!' } }),
      });
      expect(response.status).toBe(204);
      await expectLogged(running, { event: 'message_rejected', severity: 'ERROR' });
      expect(await rejectionsOf(context, target)).toBe(1);
    },
  );

  test('push-portal-edit refuses other events and handles its own, loading neither Pub/Sub nor the other functions', async (context) => {
    const alone = join(folder, 'alone');
    await unpack(built.archive, alone);
    await rm(join(alone, 'functions/fan-out.js'));
    await rm(join(alone, 'functions/reconcile-batch.js'));
    await linkPackages(root, without('@google-cloud/pubsub', lock), alone);
    const running = await run(context, 'push-portal-edit', alone);

    expect(await send(running.url, 'google.cloud.storage.object.v1.finalized')).toBe(204);
    await expectLogged(running, { event: 'message_rejected', severity: 'ERROR' });
    expect(await rejectionsOf(context, 'push-portal-edit')).toBe(1);

    expect(await send(running.url, 'google.cloud.firestore.document.v1.deleted')).toBe(204);
    await expectLogged(running, { event: 'echo_skipped' });
    expect(await rejectionsOf(context, 'push-portal-edit')).toBe(1);
  });
});

describe('a function that cannot work', () => {
  test('ends with a sentence about the setting, and tells nobody’s data', async () => {
    const { APIGEE_ORG: _, ...incomplete } = settings;
    const env = { ...incomplete, APIGEE_USERNAME: 'ann@example.com', APIGEE_TYPE: 'nonsense' };
    const { ended, said } = await failToRun(unpacked, 'fan-out', env);
    expect(ended).toBe('exit code 1');
    expect(said).toContain('APIGEE_ORG is not set: set it\nAPIGEE_TYPE is wrong: set it to one of x, hybrid, edge');
    expect(said).toMatch(/shared\/config\/config\.ts:\d+/);
    expect(said).not.toContain('ann@example.com');
    expect(said).not.toContain(settings.APIGEE_ACCESS_TOKEN);
  });

  test('ends where what it needs for its first request cannot be loaded, without waiting for one', async () => {
    const broken = join(folder, 'broken');
    await unpack(built.archive, broken);
    await linkPackages(root, without('pino', lock), broken);
    const { ended, said } = await failToRun(broken, 'fan-out', settings);
    expect(ended).toMatch(/^exit code [1-9]/);
    expect(said).toContain("Cannot find package 'pino'");
  });

  test('ends with the names there are, for one there is not', async () => {
    const { ended, said } = await failToRun(unpacked, 'fan-in', settings);
    expect(ended).toBe('exit code 1');
    expect(said).toContain(`FUNCTION_TARGET is 'fan-in': set it to one of ${functions.join(', ')}`);
  });
});

/** Sends an event about a portal user who never existed. Returns the status of the answer. */
async function send(url: string, type: string): Promise<number> {
  const document = 'portalUsers/nobody';
  const Document = new protobuf.Type('Document').add(new protobuf.Field('name', 1, 'string'));
  const data = new protobuf.Type('Data').add(new protobuf.Field('oldValue', 2, 'Document')).add(Document);
  const name = `projects/${project}/databases/(default)/documents/${document}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/protobuf',
      'ce-specversion': '1.0',
      'ce-id': 'event-1',
      'ce-source': `//firestore.googleapis.com/projects/${project}/databases/(default)`,
      'ce-type': type,
      'ce-document': document,
    },
    body: Buffer.from(data.encode({ oldValue: { name } }).finish()),
  });
  return response.status;
}

async function readLock(from: string): Promise<PackageLock> {
  return packageLock.parse(JSON.parse(await readFile(join(from, 'package-lock.json'), 'utf8')));
}

function without(name: string, { packages, ...rest }: PackageLock): PackageLock {
  const others = Object.entries(packages).filter(([path]) => !path.startsWith(`node_modules/${name}`));
  return { ...rest, packages: Object.fromEntries(others) };
}

/** Whether a package is optional depends on who needs it; the project itself is another. */
function withoutFlags({ packages }: PackageLock): PackageLock['packages'] {
  const installed = Object.entries(packages).filter(([path]) => path !== '');
  return Object.fromEntries(installed.map(([path, { optional: _, ...rest }]) => [path, rest]));
}
