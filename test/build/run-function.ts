import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { freePort } from '../../local/emulators/free-port.ts';
import { startProcessGroup } from '../../local/emulators/process-group.ts';
import { functionAnswers } from '../../local/function-process.ts';
import { nodeOptions } from './unpack.ts';

export interface RunningFunction {
  readonly url: string;
  /** The structured log so far: what it printed on stdout, which must be one JSON object a line. */
  log(): readonly unknown[];
  stop(): Promise<void>;
}

const framework = 'node_modules/@google-cloud/functions-framework/build/src/main.js';
/** stdout is ours to read; stderr goes into a file. */
const script = 'cd "$1" && errors=$2 && shift 2 && exec "$@" 2>"$errors"';

type Environment = Readonly<Record<string, string>>;

/** Runs a function from an unpacked archive as the platform does, and waits until it answers. */
export async function runFunction(folder: string, target: string, env: Environment): Promise<RunningFunction> {
  const port = await freePort();
  const { group, errors } = start(folder, target, port, env);
  const url = `http://127.0.0.1:${String(port)}`;
  const ready = vi.waitUntil(() => functionAnswers(url), { timeout: 15_000, interval: 30 });
  const ended = await Promise.race([group.ended, ready.then(() => undefined)]);
  if (ended !== undefined) throw new Error(`${target}: ${ended}: ${group.lastOutput()}${await errors()}`);
  return {
    url,
    log: () =>
      group
        .lastOutput()
        .split('\n')
        .filter((line) => line !== '')
        .map((line): unknown => JSON.parse(line)),
    stop: () => group.stop(0),
  };
}

/** For one that must not start: how it ended, and what it said. */
export async function failToRun(
  folder: string,
  target: string,
  env: Environment,
): Promise<{ readonly ended: string; readonly said: string }> {
  const { group, errors } = start(folder, target, await freePort(), env);
  const ended = await group.ended;
  return { ended, said: `${group.lastOutput()}${await errors()}` };
}

/** Waits for a line of the structured log. */
export async function expectLogged(running: RunningFunction, line: Readonly<Record<string, unknown>>): Promise<void> {
  await vi.waitFor(() => expect(running.log()).toContainEqual(expect.objectContaining(line)), { interval: 10 });
}

function start(folder: string, target: string, port: number, env: Environment) {
  const errorFile = join(folder, `${target}-${String(port)}.txt`);
  const command = [process.execPath, framework, `--target=${target}`, `--port=${String(port)}`];
  const group = startProcessGroup('/bin/sh', ['-c', script, 'sh', folder, errorFile, ...command], {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    NODE_OPTIONS: nodeOptions,
    LOG_EXECUTION_ID: 'true',
    METADATA_SERVER_DETECTION: 'none',
    FUNCTION_TARGET: target,
    ...env,
  });
  return { group, errors: () => readFile(errorFile, 'utf8') };
}
