import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { clearFirestore } from '../../../local/emulators/clear-firestore.ts';
import { findEmulators, type FoundEmulators } from '../../../local/emulators/find-emulators.ts';
import { startFirestoreEmulator, startPubsubEmulator } from '../../../local/emulators/start-emulators.ts';

async function installed(context: TestContext): Promise<FoundEmulators> {
  const found = await findEmulators();
  return found.kind === 'found' ? found : context.skip(found.reason);
}

describe('the emulators', () => {
  test('both start on free loopback ports, and leave nothing behind when stopped', async (context) => {
    const found = await installed(context);
    const emulators = await Promise.all([startFirestoreEmulator(found), startPubsubEmulator(found)]);
    for (const { host } of emulators) {
      expect(host).toMatch(/^127\.0\.0\.1:\d+$/u);
      expect((await fetch(`http://${host}/`)).status).toBe(200);
    }
    await Promise.all(emulators.map(async (emulator) => emulator.stop()));
    for (const { host } of emulators) await expect(fetch(`http://${host}/`)).rejects.toThrow('fetch failed');
  });

  test('Firestore delivers its triggers where it is told to, and can be cleared', async (context) => {
    const found = await installed(context);
    const emulator = await startFirestoreEmulator(found, { functionsEmulator: '127.0.0.1:1' });
    try {
      const documents = `http://${emulator.host}/v1/projects/demo-clear/databases/(default)/documents/users`;
      const list = async (): Promise<unknown> => (await fetch(documents)).json();
      await fetch(`${documents}?documentId=ann`, { method: 'POST', body: '{"fields":{}}' });
      expect(await list()).toMatchObject({ documents: [{}] });
      await clearFirestore(emulator.host, 'demo-clear');
      expect(await list()).toEqual({});
      const trigger = {
        eventType: 'google.cloud.firestore.document.v1.written',
        database: '(default)',
        namespace: '(default)',
        document: { value: 'users/{id}', matchType: 'PATH_PATTERN' },
      };
      const url = `http://${emulator.host}/emulator/v1/projects/demo-clear/eventarcTrigger?eventarcTriggerId=t`;
      expect((await fetch(url, { method: 'POST', body: JSON.stringify(trigger) })).status).toBe(200);
    } finally {
      await emulator.stop();
    }
  });

  test('one that ends at once is reported with the last of what it said', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'start-emulators-'));
    try {
      const broken = join(folder, 'emulator');
      await writeFile(broken, '#!/bin/sh\necho "This emulator needs $1 and $JAVA"\nexit 7\n');
      await chmod(broken, 0o755);
      const found: FoundEmulators = { kind: 'found', java: '/opt/java', firestore: broken, pubsub: broken };
      const start = startPubsubEmulator(found);
      await expect(start).rejects.toThrow('The Pub/Sub emulator did not start (exit code 7)');
      await expect(start).rejects.toThrow('This emulator needs --host=127.0.0.1 and /opt/java');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
