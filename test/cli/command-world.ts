import { runCli } from '../../cli/run-cli.ts';
import { plainLayout } from '../../cli/render/layout.ts';
import type { CliIo, ExitCode } from '../../cli/process/cli-io.ts';
import type { RunDevsync } from '../../local/backend.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { inProcess, type InProcess, type InProcessOptions } from '../support/in-process.ts';

/** What one command did. */
export interface Said {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface CommandWorld extends InProcess {
  readonly devsync: (...args: readonly string[]) => Promise<Said>;
}

/** The command line over the whole product in one process: messages are delivered while a command waits. */
export function commandWorld(options: InProcessOptions = {}, io: Partial<CliIo> = {}): CommandWorld {
  const world = inProcess(options);
  const services = waitingServices(world);
  return { ...world, devsync: (...args) => say(args, { services, ...io }) };
}

/** The services of a process whose messages are delivered while it waits. */
export function waitingServices(world: InProcess): Services {
  return { ...world.services, clock: { now: world.services.clock.now, wait: () => world.drain() } };
}

/** Runs one command and collects what it printed. */
export async function say(args: readonly string[], io: Partial<CliIo> = {}): Promise<Said> {
  let out = '';
  let err = '';
  const code = await runCli(args, {
    env: {},
    cwd: '/nowhere',
    layout: plainLayout,
    ...io,
    out(text) {
      out += text;
    },
    err(text) {
      err += text;
    },
  });
  return { code, out, err };
}

/** What a terminal would take for a command. Line feeds are ours. */
export const steering = /[\p{Cc}\p{Cf}]/u;
export function steers(text: string): boolean {
  return steering.test(text.replaceAll('\n', ''));
}

/** Values that would break a table or a terminal. */
export const hostileValues = [
  '\u001b[2J\u001b[1;1Hgone',
  'a\rb',
  'line\nline',
  '\u202egnp.exe',
  '日本語の名前',
  '👨‍👩‍👧',
  '\ud800',
  '',
  'x'.repeat(5000),
  '\u0007\u009b31m',
  '{bold}│─┐',
];

/** Runs a command that was forwarded to the process of a local stack, as `npm start` does. */
export const runForwarded: RunDevsync = ({ args, layout }, { out, err }, services, env) =>
  runCli(args, { services, env, cwd: '/nowhere', layout, out, err });
