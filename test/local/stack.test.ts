import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { followRun } from '../../shared/operator/views/progress.ts';
import { findEmulators } from '../../local/emulators/find-emulators.ts';
import { startStack } from '../../local/stack.ts';
import { runForwarded } from '../cli/command-world.ts';
import { expectStackToWork } from './stack-contract.ts';
import { temporaryFolder } from './temporary-folder.ts';

const env = { ...process.env, PORTAL_COLLECTION: 'people' };

async function needEmulators(context: TestContext): Promise<void> {
  const found = await findEmulators();
  if (found.kind === 'missing') context.skip(found.reason);
}

test('on the emulators the stack synchronises, pushes, serves devsync, and ends without a trace', async (context) => {
  await needEmulators(context);
  await using temporary = await temporaryFolder();
  const folder = join(temporary.path, '.local');
  const stack = await startStack({ folder, env, kind: 'emulators' });
  try {
    await expectStackToWork(stack, folder);

    const [fanOut] = stack.processes;
    await fanOut?.restart();
    const run = await followRun(stack.runs, await stack.publish(), { pollMs: 50 });
    expect(run.state).toBe('done');
    expect(await fanOut?.residentMemory()).toBeGreaterThan(10_000_000);
  } finally {
    await stack.close();
  }
  await stack.close();
  await expect(access(join(folder, 'stack.json'))).rejects.toThrow('ENOENT');
  const hosts = [stack.firestore, stack.pubsub, stack.relay?.host].map((host) => `http://${host ?? ''}/`);
  for (const url of [...Object.values(stack.functions), stack.apigee?.url ?? '', ...hosts]) {
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  }
}, 120_000);

test('a message that nobody can handle is given up, and told', async (context) => {
  await needEmulators(context);
  await using temporary = await temporaryFolder();
  const backoff = { minimum: 0, maximum: 0 };
  await using stack = await startStack({ folder: temporary.path, env, kind: 'emulators', backoff });
  const deadLetter = new Promise((resolve) => void stack.onDeadLetter(resolve));
  const reconcile = stack.processes.find(({ name }) => name === 'reconcile-batch');
  await reconcile?.stop();
  await stack.publish();
  expect(await deadLetter).toBe('developer-sync-batches');
}, 120_000);

test('in memory it does the same', async () => {
  await using temporary = await temporaryFolder();
  const folder = join(temporary.path, '.local');
  const stack = await startStack({ folder, env, kind: 'memory', devsync: runForwarded });
  try {
    await expectStackToWork(stack, folder);
  } finally {
    await stack.close();
  }
  await expect(access(join(folder, 'stack.json'))).rejects.toThrow('ENOENT');
  for (const url of Object.values(stack.functions)) await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('a wrong setting is told before anything stays behind', async () => {
  await using temporary = await temporaryFolder();
  const wrong = { ...process.env, CONFLICT_POLICY: 'coin-toss' };
  const starting = startStack({ folder: temporary.path, env: wrong, kind: 'memory' });
  await expect(starting).rejects.toThrow('CONFLICT_POLICY is wrong: set it to one of merge, newest-record');
  await expect(access(join(temporary.path, 'stack.json'))).rejects.toThrow('ENOENT');
});
