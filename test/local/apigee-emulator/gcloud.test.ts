import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { people, talkTo } from './talk.ts';

const run = promisify(execFile);
const longestMs = 60_000;

/** Google's own client, with a configuration of its own. Undefined where it is not installed. */
async function gcloud(url: string, args: readonly string[]): Promise<string | undefined> {
  const config = await mkdtemp(join(tmpdir(), 'gcloud-'));
  onTestFinished(async () => rm(config, { recursive: true, force: true }));
  const env = {
    ...process.env,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_APIGEE: `${url}/`,
    CLOUDSDK_AUTH_ACCESS_TOKEN: 'token',
    CLOUDSDK_CONFIG: config,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_PROJECT: 'demo',
  };
  try {
    const { stdout } = await run('gcloud', args, { env, timeout: longestMs, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

test('gcloud lists each of 2,500 developers once', { timeout: longestMs }, async (context) => {
  const { emulator } = await talkTo('x');
  emulator.admin.configure({ order: { shuffled: 1 } });
  emulator.admin.seed(people(2500));
  const args = ['apigee', 'developers', 'list', '--organization=demo', '--format=value(email)'];
  const printed = await gcloud(emulator.url, args);
  if (printed === undefined) return context.skip('gcloud is not installed');
  expect(printed.trim().split('\n')).toEqual(emulator.admin.developers().map(({ email }) => email));
  expect(emulator.admin.counters().requests).toMatchObject({ list: 3, total: 3 });
});

test('gcloud describes a developer of the organisation it finds by itself', { timeout: longestMs }, async (context) => {
  const { emulator } = await talkTo('x');
  emulator.admin.seed([{ email: 'ann+1@example.com', lastName: 'Lee', createdAt: 5, attributes: { team: 'red' } }]);
  const printed = await gcloud(emulator.url, [
    'apigee',
    'developers',
    'describe',
    'ann+1@example.com',
    '--format=json',
  ]);
  if (printed === undefined) return context.skip('gcloud is not installed');
  expect(JSON.parse(printed)).toMatchObject({
    email: 'ann+1@example.com',
    lastName: 'Lee',
    createdAt: '5',
    attributes: [{ name: 'team', value: 'red' }],
  });
});
