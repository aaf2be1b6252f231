import { delimiter, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment, FoundEmulators } from './find-emulators.ts';
import { freePort } from './free-port.ts';
import { startProcessGroup, type ProcessGroup } from './process-group.ts';

export interface Emulator {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Id of the emulator's process group, which includes its Java process. */
  readonly pid: number;
  /** Resolves when no process of the emulator is left. */
  stop(): Promise<void>;
}

export interface FirestoreEmulatorOptions {
  /** `host:port` that Firestore triggers are delivered to. */
  readonly functionsEmulator?: string;
}

const readyWithin = 90_000;
const pollEvery = 100;
/** Another process may take a port after it was found free: then another one is tried. */
const mostAttempts = 3;

/**
 * Starts the Firestore emulator on a free loopback port. Rejects with what it last printed if it ends or never answers.
 */
export async function startFirestoreEmulator(
  found: FoundEmulators,
  { functionsEmulator }: FirestoreEmulatorOptions = {},
  env: Environment = process.env,
): Promise<Emulator> {
  const triggers = functionsEmulator === undefined ? [] : [`--functions_emulator=${functionsEmulator}`];
  return start('Firestore', found, env, (port) => ({
    command: found.firestore,
    args: ['--host=127.0.0.1', `--port=${port}`, ...triggers],
  }));
}

/** Starts the Pub/Sub emulator, in the same way. */
export async function startPubsubEmulator(found: FoundEmulators, env: Environment = process.env): Promise<Emulator> {
  return start('Pub/Sub', found, env, (port) => ({
    command: found.pubsub,
    args: ['--host=127.0.0.1', `--port=${port}`],
  }));
}

interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

async function start(
  name: string,
  { java }: FoundEmulators,
  env: Environment,
  commandOn: (port: number) => Command,
): Promise<Emulator> {
  const { JAVA_HOME: _, ...rest } = env;
  const withJava = { ...rest, JAVA: java, PATH: `${dirname(java)}${delimiter}${env['PATH'] ?? ''}` };
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const { command, args } = commandOn(port);
    const group = startProcessGroup(command, args, withJava);
    const host = `127.0.0.1:${port}`;
    const problem = await untilReady(group, host);
    if (problem === undefined) return { host, pid: group.pid, stop: async () => group.stop() };
    await group.stop();
    if (attempt === mostAttempts || !/address already in use|failed to bind/iu.test(group.lastOutput())) {
      throw new Error(`The ${name} emulator did not start (${problem}). It last said:\n${group.lastOutput()}`);
    }
  }
}

/** Waits until the emulator answers. Answers what went wrong, or undefined. */
async function untilReady(group: ProcessGroup, host: string): Promise<string | undefined> {
  let ended: string | undefined;
  const watching = group.ended.then((how) => {
    ended = how;
  });
  for (let waited = 0; waited < readyWithin; waited += pollEvery) {
    if (await answers(host)) return undefined;
    await Promise.race([watching, delay(pollEvery)]);
    if (ended !== undefined) return ended;
  }
  return `no answer within ${readyWithin / 1000} s`;
}

/** Either emulator answers a plain request with 200 once it is ready. */
async function answers(host: string): Promise<boolean> {
  try {
    const response = await fetch(`http://${host}/`, { signal: AbortSignal.timeout(1000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
