import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { createFirestorePeople } from '../../shared/state/firestore/people.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { defaultMapping } from '../../shared/portal/mapping-config.ts';
import { email, linkOf, putLinks } from '../shared/state/samples.ts';
import { useFirestoreEmulator } from '../local/emulators/use-firestore-emulator.ts';

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'cli', 'devsync.js');
const emulated = useFirestoreEmulator('demo-devsync');
let cwd = '';

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'devsync-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** Runs the program itself, as npx does: by its first line, with this project's node. */
function devsync(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const PATH = [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const options = { cwd, env: { PATH, HOME: cwd, METADATA_SERVER_DETECTION: 'none', ...env } };
    const child = execFile(program, args, options, (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }));
  });
}

describe('the program devsync', () => {
  test('can be executed as it is', async () => {
    expect(statSync(program).mode & 0o111).toBe(0o111);
    const { code, out, err } = await devsync(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Usage: devsync');
  });

  test('says what is needed on a Node that is too old, but for its version', async () => {
    const old = join(cwd, 'old.mjs');
    writeFileSync(old, `Object.defineProperty(process.versions, 'node', { value: '22.11.0' });\n`);
    const NODE_OPTIONS = `--import ${pathToFileURL(old).href}`;
    const { code, out, err } = await devsync(['status'], { NODE_OPTIONS });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^devsync needs Node\.js 24 or newer, .*npm rebuild node/su);
    expect(await devsync(['--version'], { NODE_OPTIONS })).toMatchObject({ code: 0, out: `${packageJson.version}\n` });
  });

  test('gives up on a Firestore that does not answer, long before its client does', async () => {
    const env = { APIGEE_ORG: 'acme', GOOGLE_CLOUD_PROJECT: 'demo', FIRESTORE_EMULATOR_HOST: '127.0.0.1:9' };
    const { code, out, err } = await devsync(['status'], env);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^Firestore has not answered for 10 s: [^\n]*\n$/u);
  });

  test('without credentials it says once how to get them, and ends', async () => {
    const { code, out, err } = await devsync(['status'], { APIGEE_ORG: 'acme', GOOGLE_CLOUD_PROJECT: 'demo' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe('There are no Google Cloud credentials: run: gcloud auth application-default login\n');
  });

  test('--local finds the emulators by the file of the local stack', async (context) => {
    const firestore = emulated(context);
    const options = {
      mapping: defaultMapping,
      portalCollection: 'portalUsers',
      statePrefix: 'here',
      meter: newMeter(),
    };
    const hold = { reason: 'rename-refused', detail: 'Apigee refuses new emails', since: 1 } as const;
    await putLinks(createFirestorePeople({ changesKeptMs: 1000 * 3600, firestore, ...options }), [
      linkOf(email('ann@example.com'), { hold }),
    ]);
    mkdirSync(join(cwd, '.local'));
    const stack = {
      project: 'demo-devsync',
      firestore: process.env['FIRESTORE_EMULATOR_HOST'],
      pubsub: '127.0.0.1:1',
      apigee: 'http://127.0.0.1:1',
      org: 'acme',
      functions: {},
      settings: { STATE_PREFIX: 'here' },
    };
    writeFileSync(join(cwd, '.local', 'stack.json'), JSON.stringify(stack));
    const status = await devsync(['--local', 'status'], { STATE_PREFIX: 'elsewhere' });
    expect(status).toMatchObject({ code: 0, err: '' });
    expect(status.out).toMatch(/ann@example\.com +│ held .*Apigee refuses new emails/u);
    const explained = await devsync(['explain', '--local', 'Ann@example.com', '--json']);
    expect(explained.code).toBe(1);
    expect(JSON.parse(explained.out)).toMatchObject({
      apigee: { state: 'unknown' },
      link: { hold: { since: expect.any(String) } },
    });
  });
});
