/** Signals that ask the process to end. */
export interface Ending {
  /** Resolves at the next signal. A signal that nothing waits for, such as a second one, ends the process at once. */
  waitForSignal(): Promise<void>;
}

/** The exit code of a process that SIGINT ended, as shells give it. */
const interrupted = 130;

/**
 * Takes over Ctrl-C and similar signals. The process may end at once at any time: every process that it started
 * notices, and ends too.
 */
export function listenForSignals(): Ending {
  let waiting: (() => void) | undefined;
  const onSignal = (): void => {
    if (waiting === undefined) process.exit(interrupted);
    waiting();
    waiting = undefined;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return {
    waitForSignal: () =>
      new Promise((resolve) => {
        waiting = resolve;
      }),
  };
}
