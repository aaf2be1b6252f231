import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** A command and all its child processes, which end together. */
export interface ProcessGroup {
  /** Process id of the group's leader, and id of the group. */
  readonly pid: number;
  /** Resolves with the exit code or signal, in words, when the command has ended for whatever reason. */
  readonly ended: Promise<string>;
  /** The last that the group printed. */
  lastOutput(): string;
  /** Asks every process of the group to end, and kills those that have not after `graceMs`. Safe to call twice. */
  stop(graceMs?: number): Promise<void>;
}

const keptOutput = 16 * 1024;
const defaultGrace = 5000;
const deathTakes = 2000;

/**
 * Runs "$@" beside a watcher that reads from a pipe which this process keeps open. When this process ends, even by
 * SIGKILL, the pipe closes, and the watcher kills the whole group.
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
  /** Every process of the group writes to the same pipes, which close when the last of these processes is gone. */
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
    // The group is gone. macOS answers EPERM where its last processes have just died.
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
