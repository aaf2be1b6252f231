import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './emulators/free-port.ts';
import { startProcessGroup, type ProcessGroup } from './emulators/process-group.ts';

export interface FunctionOptions {
  /** Name of the function, and of its file in `functions/`. */
  readonly name: string;
  /** How much memory, MiB, JavaScript's lasting objects may take: half of the function's, as it is deployed. */
  readonly heapMiB: number;
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** File that the process's output is appended to. */
  readonly logFile: string;
}

/** One function in the Functions Framework, in a process of its own as in the cloud. */
export interface FunctionProcess {
  readonly name: string;
  readonly url: string;
  /** Resolves with the exit code or signal, in words, when the process ended without having been asked to. */
  readonly died: Promise<string>;
  lastLines(): Promise<string>;
  /** Resident memory in bytes; undefined where the system gives no number. */
  residentMemory(): Promise<number | undefined>;
  /** Kills the process on the spot, as the platform may. */
  kill(): Promise<void>;
  /** Starts the process again under the same address. A running one is killed first. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const readyWithin = 60_000;
const pollEvery = 50;
/** Another process may take a port after it was found free: then another one is tried. */
const mostAttempts = 3;
const linesShown = 15;
const loopback = new URL('listen-on-loopback.ts', import.meta.url).href;
const framework = fileURLToPath(new URL('../node_modules/.bin/functions-framework', import.meta.url));
/**
 * The function keeps our pipe open as descriptor 3, so that the group counts as gone only when the function is gone.
 */
const logged = 'log=$1; shift; exec "$@" 3>&1 >>"$log" 2>&1';
const execute = promisify(execFile);

/** Starts a function and waits until it answers. Rejects with the last lines of its log if it does not. */
export async function startFunction(options: FunctionOptions): Promise<FunctionProcess> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const started = await launch(options, port);
    if (started.kind === 'ready') return manage(options, port, started.group);
    const said = await tail(options.logFile);
    if (attempt === mostAttempts || !said.includes('EADDRINUSE')) {
      throw new Error(`The function ${options.name} did not start (${started.problem}). It last said:\n${said}`);
    }
  }
}

type Launched =
  | { readonly kind: 'ready'; readonly group: ProcessGroup }
  | { readonly kind: 'failed'; readonly problem: string };

async function launch({ name, heapMiB, env, logFile }: FunctionOptions, port: number): Promise<Launched> {
  const source = fileURLToPath(new URL(`../functions/${name}.ts`, import.meta.url));
  const command = [
    process.execPath,
    `--max-old-space-size=${String(heapMiB)}`,
    '--max-semi-space-size=16',
    `--import=${loopback}`,
    framework,
    `--source=${source}`,
    `--target=${name}`,
    `--port=${String(port)}`,
  ];
  const group = startProcessGroup('/bin/sh', ['-c', logged, 'sh', logFile, ...command], env);
  let ended: string | undefined;
  const watching = group.ended.then((how) => {
    ended = how;
  });
  for (let waited = 0; waited < readyWithin; waited += pollEvery) {
    if (await functionAnswers(urlOf(port))) return { kind: 'ready', group };
    await Promise.race([watching, delay(pollEvery)]);
    if (ended !== undefined) return { kind: 'failed', problem: ended };
  }
  await group.stop();
  return { kind: 'failed', problem: `no answer within ${String(readyWithin / 1000)} s` };
}

function manage(options: FunctionOptions, port: number, first: ProcessGroup): FunctionProcess {
  let group = first;
  let stopping = false;
  const died = Promise.withResolvers<string>();
  const watch = (watched: ProcessGroup): void => {
    void watched.ended.then((how) => {
      if (!stopping && watched === group) died.resolve(how);
    });
  };
  watch(group);
  const kill = async (): Promise<void> => {
    stopping = true;
    await group.stop(0);
  };

  return {
    name: options.name,
    url: urlOf(port),
    died: died.promise,
    lastLines: () => tail(options.logFile),
    residentMemory: () => residentMemory(group.pid),
    kill,
    async restart() {
      await kill();
      const again = await launch(options, port);
      if (again.kind === 'failed')
        throw new Error(`The function ${options.name} did not start again: ${again.problem}.`);
      group = again.group;
      stopping = false;
      watch(group);
    },
    async stop() {
      stopping = true;
      await group.stop();
    },
  };
}

/**
 * Whether a function is up, asked in a way that does not call the function: the framework answers this path by itself,
 * and for an event function every method but POST. Without a JSON body an event function's middleware would fail.
 */
export async function functionAnswers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/robots.txt`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(1000),
    });
    await response.body?.cancel();
    return response.status === 404;
  } catch {
    return false;
  }
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${String(port)}`;
}

async function tail(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-linesShown).join('\n');
}

/** Resident memory of the largest process in the group: the function, beside two shells. Bytes. */
async function residentMemory(processGroup: number): Promise<number | undefined> {
  const { stdout } = await execute('ps', ['-A', '-o', 'pgid=,rss=']).catch(() => ({ stdout: '' }));
  const sizes = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([group, kilobytes]) => (group === processGroup && kilobytes !== undefined ? [kilobytes * 1024] : []));
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}
