import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test, type TestContext } from 'vitest';
import { findEmulators } from '../../local/emulators/find-emulators.ts';
import { startApigeeEmulator } from '../../local/apigee-emulator/server.ts';
import { readStackFile, type StackFile } from '../../local/stack-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const script = fileURLToPath(new URL('../../cli/start/npm-start.js', import.meta.url));
const execute = promisify(execFile);
const long = 120_000;

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** The same with everything it said, so that a failing test tells why. */
  readonly outcome: () => Promise<{ readonly code: number | string; readonly output: string }>;
}

/** `npm start -- …` in a folder of its own. */
function npmStart(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [script, ...args], { cwd, env: { ...process.env, COLUMNS: '250', ...env } });
  let output = '';
  const keep = (chunk: unknown): void => {
    output += String(chunk);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = once(child, 'close').then(([code, signal]) => (typeof code === 'number' ? code : String(signal)));
  return { child, output: () => output, ended, outcome: async () => ({ code: await ended, output }) };
}

async function untilUp({ output }: Started, cwd: string): Promise<StackFile> {
  const read = (): Promise<StackFile | 'unreadable' | undefined> => readStackFile(join(cwd, '.local'));
  await expect.poll(read, { timeout: 90_000, interval: 50, message: output() }).toHaveProperty('project');
  const file = await read();
  if (file === undefined || file === 'unreadable') throw new Error('The stack went away at once.');
  return file;
}

/** Children, their children, and so on. */
async function descendantsOf(pid: number): Promise<readonly number[]> {
  const { stdout } = await execute('ps', ['-A', '-o', 'pid=,ppid=']);
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found) {
    for (const [child, itsParent] of all) if (child !== undefined && itsParent === parent) found.push(child);
  }
  return found.slice(1);
}

/** A process that is no more than an entry nobody has read yet counts as gone. */
async function areGone(pids: readonly number[]): Promise<boolean> {
  const { stdout } = await execute('ps', ['-A', '-o', 'pid=,stat=']);
  const lines = stdout.trim().split('\n');
  const alive = lines.filter((line) => !/\sZ/u.test(line)).map((line) => Number.parseInt(line, 10));
  return !pids.some((pid) => alive.includes(pid));
}

async function emulators(context: TestContext): Promise<void> {
  const found = await findEmulators();
  if (found.kind === 'missing') context.skip(found.reason);
}

const memory = { LOCAL_STACK: 'memory' };

/** `devsync --local …`; what it printed. A run of which somebody needs attention ends with 2. */
async function devsync(cwd: string, ...args: readonly string[]): Promise<string> {
  const cli = fileURLToPath(new URL('../../cli/devsync.js', import.meta.url));
  const run = execute(process.execPath, [cli, '--local', ...args], { cwd });
  return run.then(
    ({ stdout }) => stdout,
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 2 && 'stdout' in error)
        return String(error.stdout);
      throw error;
    },
  );
}

interface Explained {
  readonly portal: { readonly updatedAt: string };
  readonly apigee: object;
}

async function explain(cwd: string, name: string): Promise<Explained> {
  return JSON.parse(await devsync(cwd, 'explain', `${name}@example.com`, '--json')) as Explained;
}

describe('npm start', () => {
  test(
    'with --once it shows a run with something of everything, leaves its logs, and ends with 0',
    async () => {
      await using folder = await temporaryFolder();
      const started = npmStart(folder.path, ['--once'], memory);
      expect(await started.outcome()).toMatchObject({ code: 0 });
      expectSampleReport(started.output());
      await expect(access(join(folder.path, '.local', 'stack.json'))).rejects.toThrow('ENOENT');
      await expect(access(join(folder.path, '.local', 'logs', 'functions.log'))).resolves.toBeUndefined();
    },
    long,
  );

  test.for([
    ['on the emulators', {}, []],
    ['in memory', memory, []],
    ['in memory, without the sample', memory, ['--no-sample']],
    ['in memory, as Edge', memory, ['--type', 'edge']],
  ] as const)(
    'it shows a run, and the edits that it advises do what they say and nothing else: %s',
    { timeout: long },
    async (row, context) => {
      const [, env, args] = row;
      if (env !== memory) await emulators(context);
      await using folder = await temporaryFolder();
      const started = npmStart(folder.path, args, env);
      try {
        await expect.poll(started.output, { timeout: 90_000, interval: 50 }).toContain('Ctrl-C ends everything');
        const hasSample = args[0] !== '--no-sample';
        if (hasSample && args.length === 0) expectSampleReport(started.output());
        const before = hasSample ? await explain(folder.path, 'ann') : undefined;
        const advised = started.output().match(/^ {2}curl(?:.*\\\n)*.*$/gmu) ?? [];
        expect(advised).toHaveLength(2);
        const pasted = Date.now() - 1000;
        for (const command of advised) await execute('/bin/sh', ['-ec', command.replace('curl', 'curl -sSf')]);

        const edited = { firstName: 'Anna', lastName: 'Archer' };
        const kept = hasSample ? { attributes: { team: 'payments' }, status: 'active' } : { status: null };
        await expect
          .poll(() => explain(folder.path, 'ann'), { timeout: 30_000, interval: 500 })
          .toMatchObject({ portal: { ...edited, ...kept }, apigee: edited, situation: 'in-step' });
        const after = await explain(folder.path, 'ann');
        if (before !== undefined)
          expect(after.apigee).toMatchObject({ ...before.apigee, ...edited, lastModifiedAt: expect.any(String) });
        expect(Date.parse(after.portal.updatedAt)).toBeGreaterThanOrEqual(pasted);

        expect((await explain(folder.path, 'ben')).apigee).toMatchObject({ firstName: 'Benjamin', lastName: 'Baker' });
        await devsync(folder.path, 'sync');
        expect(await explain(folder.path, 'ben')).toMatchObject({
          portal: { firstName: 'Benjamin', lastName: 'Baker' },
          situation: 'in-step',
        });
      } finally {
        started.child.kill('SIGINT');
        await started.ended;
      }
    },
  );

  test(
    'a run that is held is not complete: 1',
    async () => {
      await using folder = await temporaryFolder();
      const started = npmStart(folder.path, ['--once'], { ...memory, DESTRUCTIVE_LIMIT: '0' });
      expect(await started.outcome()).toMatchObject({ code: 1 });
      expect(started.output()).toContain('HELD');
    },
    long,
  );

  test(
    'with --people it measures two runs, and the second one writes nothing',
    async () => {
      await using folder = await temporaryFolder();
      const started = npmStart(folder.path, ['--once', '--people', '200'], memory);
      expect(await started.outcome()).toMatchObject({ code: 0 });
      expect(started.output()).toContain('200 seen: 2 created in Apigee, 2 on the portal');
      expect(started.output()).toMatch(/again, with nothing changed[^]* 0 writes/u);
    },
    long,
  );

  // SIGTERM is taken as SIGINT is.
  test.for<NodeJS.Signals>(['SIGINT', 'SIGKILL'])(
    'after %s nothing it started is left',
    { timeout: long },
    async (signal, context) => {
      await emulators(context);
      await using folder = await temporaryFolder();
      const started = npmStart(folder.path, ['--no-sample']);
      const file = await untilUp(started, folder.path);
      await expect.poll(started.output, { timeout: 10_000 }).toContain('The local stack is up.');
      const children = await descendantsOf(file.pid);
      expect(children.length).toBeGreaterThanOrEqual(5);
      started.child.kill(signal);
      expect(await started.ended).toBe(signal === 'SIGKILL' ? 'SIGKILL' : 0);
      await expect.poll(() => areGone(children), { timeout: 10_000, interval: 50 }).toBe(true);
      for (const url of [...Object.values(file.functions), `http://${file.firestore ?? ''}`, `http://${file.apigee}`]) {
        await expect(fetch(url)).rejects.toThrow('fetch failed');
      }
      if (signal !== 'SIGKILL')
        await expect(readFile(join(folder.path, '.local', 'stack.json'))).rejects.toThrow('ENOENT');
    },
  );

  test(
    'asked to end while it starts or runs, it ends too',
    async () => {
      await using folder = await temporaryFolder();
      const started = npmStart(folder.path, ['--people', '3000'], memory);
      await expect.poll(started.output, { timeout: 30_000, interval: 20 }).toContain('step ');
      started.child.kill('SIGINT');
      expect(await started.outcome()).toMatchObject({ code: 130 });
      expect(started.output()).not.toContain('Error');
      const starting = npmStart(folder.path, [], memory);
      await expect.poll(starting.output, { timeout: 10_000, interval: 5 }).toContain('Starting');
      starting.child.kill('SIGTERM');
      expect(await starting.ended).toBe(130);
    },
    long,
  );

  test.each([
    [['--apigee', 'http://127.0.0.1:9'], 'cannot be used'],
    [['--apigee', 'notaurl'], 'A base URL such as'],
  ])(
    'with an Apigee that cannot be used (%j) it ends with the reason',
    async (args, text) => {
      await using folder = await temporaryFolder();
      const started = npmStart(folder.path, ['--once', '--org', 'theirs', ...args], memory);
      const { code, output } = await started.outcome();
      expect(code).toBe(1);
      expect(output).toContain(text);
      expect(output).not.toMatch(/^\s+at /mu);
    },
    long,
  );

  test(
    'uses another Apigee, writes nothing there and makes no run; a second stack is refused, a file left behind is not in the way',
    async () => {
      await using folder = await temporaryFolder();
      const left = { project: 'x', firestore: null, pubsub: null, apigee: 'x', org: 'x', settings: {}, pid: 1 };
      await mkdir(join(folder.path, '.local'));
      const functions = { 'fan-out': 'http://127.0.0.1:1' };
      await writeFile(join(folder.path, '.local', 'stack.json'), JSON.stringify({ ...left, functions }));
      const other = await startApigeeEmulator({ mode: 'x', org: 'theirs' });
      const started = npmStart(folder.path, ['--apigee', other.url, '--org', 'theirs', '--no-sample'], memory);
      try {
        await expect.poll(started.output, { timeout: 30_000 }).toContain('The local stack is up.');
        const file = await untilUp(started, folder.path);
        expect(file).toMatchObject({ apigee: new URL(other.url).host, org: 'theirs' });
        expect(file.settings).toMatchObject({ APIGEE_ENDPOINT: other.url, APIGEE_ACCESS_TOKEN: 'local' });
        const second = npmStart(folder.path, [], memory);
        expect(await second.ended).toBe(1);
        expect(second.output()).toContain(`The local stack is up already (process ${String(started.child.pid)})`);
        expect(other.admin.counters().requests.total).toBe(0);
      } finally {
        started.child.kill('SIGINT');
        expect(await started.ended).toBe(0);
        await other.close();
      }
    },
    long,
  );
});

/** Counts of the sample, and one line of each situation. */
function expectSampleReport(output: string): void {
  expect(output).toContain('is complete and adds up.');
  expect(output).toContain('30 seen: 4 created in Apigee, 2 on the portal; 7 updated in Apigee, 3 on the portal');
  expect(output).toContain('9 unchanged, 2 held, 3 failed');
  for (const words of [
    'unreadable portal user',
    'only on the portal',
    'only in Apigee',
    'on both sides, not linked yet',
    'changed on the portal',
    'changed in Apigee',
    'changed on both sides',
    'same field changed on both sides',
    'email changed on the portal',
    'several portal users, one email',
    'portal user deleted',
    'developer deleted',
    '19 of them, Apigee takes at most 18',
    'lastName missing',
  ]) {
    expect(output).toContain(words);
  }
}
