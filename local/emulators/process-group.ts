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
  /** Every process of the group writes to the same pipes: they close when the last of them is gone. */
  const allGone = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The shell that starts the emulators could not be run.');

  return {
    pid,
    ended,
    lastOutput: () => output,
    async stop(graceMs = defaultGrace) {
      signalGroup(pid, 'SIGTERM');
      if (await within(graceMs, allGone)) return;
      signalGroup(pid, 'SIGKILL');
      await within(deathTakes, allGone);
    },
  };
}

function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    /** Nobody is there any more; macOS says EPERM where the group's last processes have just died. */
    const gone = error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM');
    if (!gone) throw error;
  }
}

async function within(ms: number, event: Promise<void>): Promise<boolean> {
  const timeout = new AbortController();
  const tooLate = delay(ms, false, { signal: timeout.signal }).catch(() => false);
  const happened = await Promise.race([event.then(() => true), tooLate]);
  timeout.abort();
  return happened;
}
