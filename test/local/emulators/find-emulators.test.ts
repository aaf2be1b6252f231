import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findEmulators, type Environment } from '../../../local/emulators/find-emulators.ts';

const firestore = 'platform/cloud-firestore-emulator/cloud_firestore_emulator';
const pubsub = 'platform/pubsub-emulator/bin/cloud-pubsub-emulator';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-emulators-'));
});
afterEach(async () => rm(folder, { recursive: true }));

async function put(path: string, content = '#!/bin/sh\n', mode = 0o755): Promise<string> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  await chmod(full, mode);
  return full;
}

test('the SDK is where the environment says, java where JAVA_HOME says', async () => {
  const java = await put('jre/bin/java');
  await put(`sdk/${firestore}`);
  await put(`sdk/${pubsub}`);
  const sdk = join(folder, 'sdk');
  const found = { kind: 'found', java, firestore: join(sdk, firestore), pubsub: join(sdk, pubsub) };
  const env = { JAVA_HOME: join(folder, 'jre'), PATH: '' };
  expect(await findEmulators({ ...env, GCLOUD_SDK_ROOT: sdk, CLOUDSDK_ROOT: '/elsewhere' })).toEqual(found);
  expect(await findEmulators({ ...env, CLOUDSDK_ROOT: sdk })).toEqual(found);
});

test('otherwise gcloud is asked, and java is looked for on the path', async () => {
  const java = await put('bin/java');
  await put('bin/gcloud', `#!/bin/sh\necho "${join(folder, 'sdk')}"\n`);
  await put(`sdk/${firestore}`);
  await put(`sdk/${pubsub}`);
  const PATH = `/nowhere:${join(folder, 'bin')}`;
  expect(await findEmulators({ PATH })).toMatchObject({ kind: 'found', java });
});

test('what is missing is said, with what to do about it', async () => {
  expect(await reasonOf({})).toContain('no java');
  await put('bin/java', '', 0o644);
  const PATH = join(folder, 'bin');
  expect(await reasonOf({ PATH })).toContain('no java');
  await chmod(join(PATH, 'java'), 0o755);
  expect(await reasonOf({ PATH })).toContain('no gcloud');
  await put('bin/gcloud', '#!/bin/sh\nexit 1\n');
  expect(await reasonOf({ PATH })).toContain('no gcloud');
  const env = { PATH, GCLOUD_SDK_ROOT: folder };
  expect(await reasonOf(env)).toBe(
    `The emulators cannot be used, ${folder} has no cloud-firestore-emulator: run gcloud components install cloud-firestore-emulator.`,
  );
  await put(firestore);
  expect(await reasonOf(env)).toContain('install pubsub-emulator');
});

async function reasonOf(env: Environment): Promise<string> {
  const found = await findEmulators(env);
  return found.kind === 'missing' ? found.reason : 'nothing is missing';
}
