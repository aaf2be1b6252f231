import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** A command and all its children, which end together. */
export interface ProcessGroup {
  /** Of the group's leader; the group has the same number. */
  readonly pid: number;
  /** Resolves when the command has ended, whoever ended it, with its exit code or signal in words. */
  readonly ended: Promise<string>;
  /** The last of what it printed. */
  lastOutput(): string;
  /** Asks every process of the group to end, and makes it after `graceMs`. Safe to call twice. */
  stop(graceMs?: number): Promise<void>;
}

const keptOutput = 16 * 1024;
const defaultGrace = 5000;
const pollEvery = 25;
const deathTakes = 2000;

/**
 * Runs "$@" beside a watcher that reads our end of a pipe: when this process goes away, by SIGKILL too, the pipe
 * closes and the watcher takes the whole group down with it.
 */
const watched = `exec 3<&0
"$@" 3<&- </dev/null &
command=$!
{ cat <&3 >/dev/null; kill -KILL 0; } &
exec 3<&-
wait "$command"`;

export function startProcessGroup(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ProcessGroup {
  const child = spawn('/bin/sh', ['-c', watched, 'sh', command, ...args], {
    detached: true,
    env: { ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: unknown): void => {
    output = (output + String(chunk)).slice(-keptOutput);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.stdin.on('error', keep);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The shell that starts the emulators could not be run.');

  return {
    pid,
    ended,
    lastOutput: () => output,
    async stop(graceMs = defaultGrace) {
      if (!signalGroup(pid, 'SIGTERM')) return;
      if (await isGone(pid, graceMs)) return;
      signalGroup(pid, 'SIGKILL');
      await isGone(pid, deathTakes);
    },
  };
}

/** False where the group has no process any more. Signal 0 only asks. */
function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += pollEvery) {
    if (!signalGroup(pid, 0)) return true;
    await delay(pollEvery);
  }
  return !signalGroup(pid, 0);
}
