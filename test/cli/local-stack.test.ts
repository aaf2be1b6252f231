import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLocalStack } from '../../cli/process/local-stack.ts';
import { commandWorld, say, type CommandWorld } from './command-world.ts';

const emulators = {
  project: 'demo-local',
  firestore: '127.0.0.1:8080',
  pubsub: '127.0.0.1:8085',
  org: 'acme',
  functions: {},
};
const inMemory = { ...emulators, firestore: null, pubsub: null, apigee: 'http://127.0.0.1:9000' };
let cwd = '';

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'devsync-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function stackFile(content: unknown): void {
  mkdirSync(join(cwd, '.local'));
  writeFileSync(join(cwd, '.local', 'stack.json'), typeof content === 'string' ? content : JSON.stringify(content));
}

/** Answers as the stack's own process does, on the world's services. */
async function serveCommands(world: CommandWorld) {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { args: string[] };
      asked.push({ url: request.url, method: request.method, ...body });
      void world.devsync(...body.args).then((said) => response.end(JSON.stringify(said)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = (): Promise<unknown> => new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${port}`, asked, close };
}

describe('settings of the local stack', () => {
  test('come from its file and not from the environment, but for credentials', () => {
    stackFile({
      ...emulators,
      apigee: '127.0.0.1:9000',
      settings: { STATE_PREFIX: 'local', PORTAL_COLLECTION: 'users' },
    });
    const env = { APIGEE_ORG: 'production', STATE_PREFIX: 'p', PORTAL_FILTER: 'x', APIGEE_USERNAME: 'u' };
    expect(readLocalStack(cwd, env)).toEqual({
      kind: 'emulators',
      firestore: '127.0.0.1:8080',
      pubsub: '127.0.0.1:8085',
      env: {
        GOOGLE_CLOUD_PROJECT: 'demo-local',
        APIGEE_ENDPOINT: 'http://127.0.0.1:9000',
        APIGEE_ORG: 'acme',
        APIGEE_ACCESS_TOKEN: 'local',
        APIGEE_USERNAME: 'u',
        APIGEE_PASSWORD: undefined,
        STATE_PREFIX: 'local',
        PORTAL_COLLECTION: 'users',
      },
    });
  });

  test("a real Apigee is asked with the operator's own credentials", () => {
    stackFile({ ...emulators, apigee: 'https://apigee.googleapis.com' });
    expect(readLocalStack(cwd, {})).toMatchObject({ env: { APIGEE_ACCESS_TOKEN: undefined } });
    expect(readLocalStack(cwd, { APIGEE_ACCESS_TOKEN: 't' })).toMatchObject({ env: { APIGEE_ACCESS_TOKEN: 't' } });
  });

  test.each([
    ['no file', undefined, 'not up'],
    ['no JSON', '{', 'cannot be read'],
    ['another shape', { project: 1 }, 'cannot be read'],
    ['a host that is none', { ...emulators, apigee: 'x', firestore: 'http://x/y' }, 'cannot be read'],
    ['in memory, without control', inMemory, 'takes no commands'],
  ])('%s: exit 1 and what to do', async (_, content, text) => {
    if (content !== undefined) stackFile(content);
    const { code, err } = await say(['--local', 'status'], { cwd });
    expect(code).toBe(1);
    expect(err).toContain(text);
    expect(err).toContain('npm start');
  });
});

describe('the local stack in memory', () => {
  test('runs the command in its own process, and what it said is relayed', async () => {
    const world = commandWorld();
    const { url, asked, close } = await serveCommands(world);
    stackFile({ ...inMemory, control: `${url}/` });
    world.database.putPortalDocument('u1', { email: 'ann@example.com' });
    const { code, out, err } = await say(['--local', 'sync', '--full'], { cwd });
    expect(code).toBe(2);
    expect(out).toContain('1 failed');
    expect(err).toContain('requested');
    expect(asked).toEqual([{ url: '/devsync', method: 'POST', args: ['--local', 'sync', '--full'] }]);
    expect(await say(['status', '--local', '--json'], { cwd })).toMatchObject({ code: 0, err: '' });
    await close();
    const gone = await say(['--local', 'status'], { cwd });
    expect(gone.code).toBe(1);
    expect(gone.err).toContain('does not answer');
  });

  test('wrong usage is told without asking it', async () => {
    stackFile({ ...inMemory, control: 'http://127.0.0.1:1' });
    expect((await say(['--local', 'sync', '--ful'], { cwd })).err).toContain('unknown option');
  });
});
