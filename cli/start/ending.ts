/** How the process is asked to end. */
export interface Ending {
  /** From now on a signal is waited for; until then, and the second time, it ends the process at once. */
  waitForSignal(): Promise<void>;
}

/** As a shell counts a death by SIGINT. */
const interrupted = 130;

/**
 * Takes over Ctrl-C and its like. Ending at once is safe at any time: whatever was started watches for this process to go,
 * and goes with it.
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
