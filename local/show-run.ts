import { setTimeout as sleep } from 'node:timers/promises';
import { followRun, type Progress } from '../shared/operator/views/progress.ts';
import { progressBar, progressLines } from '../cli/render/progress-bar.ts';
import { collectRows, renderReport } from '../cli/render/report.ts';
import type { SyncRequest } from '../shared/messages/publisher.ts';
import type { Run } from '../shared/state/runs.ts';
import type { Stack } from './stack.ts';

/** Where what a person is to see goes. */
export interface Screen {
  readonly print: (text: string) => void;
  /** Undefined: progress is printed line by line. */
  readonly terminal: NodeJS.WritableStream | undefined;
  /** Nobody waits for a run any more once this is aborted. */
  readonly leaving: AbortSignal;
}

const pollMs = 200;

/** Requests a run and shows how it goes. */
export async function watchRun(stack: Stack, request: Partial<SyncRequest>, screen: Screen): Promise<Run> {
  const view = screen.terminal === undefined ? progressLines(screen.print) : progressBar(screen.terminal);
  const runId = await stack.publish(request);
  try {
    return await waitForRun(stack, runId, screen, (progress) => view.show(progress));
  } finally {
    view.end();
  }
}

/** Rejects with an AbortError when nobody waits any more. */
export function waitForRun(
  stack: Stack,
  runId: string,
  { leaving }: Pick<Screen, 'leaving'>,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Run> {
  const wait = async (ms: number): Promise<void> => sleep(ms, undefined, { signal: leaving });
  return followRun(stack.runs, runId, { pollMs, wait, onProgress });
}

/** The same, with the report at its end. */
export async function showRun(stack: Stack, request: Partial<SyncRequest>, screen: Screen): Promise<Run> {
  const run = await watchRun(stack, request, screen);
  screen.print(`\n${renderReport(run, await collectRows(stack.runs, run.runId))}`);
  return run;
}
