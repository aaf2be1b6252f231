import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLocalStack } from '../../cli/process/local-stack.ts';
import { plainLayout } from '../../cli/render/layout.ts';
import { runCli } from '../../cli/run-cli.ts';
import { startControlServer, type DevsyncOrder } from '../../local/control-server.ts';
import { portalInMemory } from '../../local/memory-stack.ts';
import { commandWorld, say, waitingServices, type CommandWorld } from './command-world.ts';

const emulators = {
  project: 'demo-local',
  firestore: '127.0.0.1:8080',
  pubsub: '127.0.0.1:8085',
  org: 'acme',
  functions: {},
};
const inMemory = { ...emulators, firestore: null, pubsub: null, apigee: 'http://127.0.0.1:9000' };
let cwd = '';
const publishAudit = (): void => undefined;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'devsync-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function stackFile(content: unknown): void {
  mkdirSync(join(cwd, '.local'));
  writeFileSync(join(cwd, '.local', 'stack.json'), typeof content === 'string' ? content : JSON.stringify(content));
}

/** Serves commands as the stack's own process does, on the world's services. */
async function serveCommands(world: CommandWorld) {
  const asked: DevsyncOrder[] = [];
  const server = await startControlServer(portalInMemory(world.database), {
    publishAudit,
    devsync: (order, { out, err }) => {
      asked.push(order);
      return runCli(order.args, {
        services: waitingServices(world),
        env: {},
        cwd: '/nowhere',
        layout: order.layout,
        out,
        err,
      });
    },
  });
  return { url: server.url, asked, close: () => server.close() };
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
    expect(asked).toEqual([{ args: ['--local', 'sync', '--full'], layout: plainLayout }]);
    expect(await say(['status', '--local', '--json'], { cwd })).toMatchObject({ code: 0, err: '' });
    await close();
    const gone = await say(['--local', 'status'], { cwd });
    expect(gone.code).toBe(1);
    expect(gone.err).toContain('does not answer');
  });

  test('says what the command says while it goes on', async () => {
    const heard = Promise.withResolvers<void>();
    const server = await startControlServer(portalInMemory(commandWorld().database), {
      publishAudit,
      devsync: async (_, { out, err }) => {
        err('it begins\n');
        await heard.promise;
        out('it is over\n');
        return 2;
      },
    });
    stackFile({ ...inMemory, control: server.url });
    let said = '';
    const code = await runCli(['--local', 'status'], {
      cwd,
      env: {},
      layout: plainLayout,
      out: (text) => void (said += text),
      err(text) {
        said += text;
        heard.resolve();
      },
    });
    expect({ code, said }).toEqual({ code: 2, said: 'it begins\nit is over\n' });
    await server.close();
  });

  test('wrong usage is told without asking it', async () => {
    stackFile({ ...inMemory, control: 'http://127.0.0.1:1' });
    expect((await say(['--local', 'sync', '--ful'], { cwd })).err).toContain('Unknown option');
  });
});
