import { waitForRun, type Stack } from '../../local/stack.ts';
import type { SyncRequest } from '../../shared/messages/publisher.ts';
import { collectRows } from '../../shared/operator/views/report.ts';
import type { Run } from '../../shared/state/runs.ts';
import { progressBar, progressLines } from '../render/progress-bar.ts';
import type { Layout } from '../render/layout.ts';
import { renderReport } from '../render/report.ts';

/** Where `npm start` prints. */
export interface Screen {
  readonly print: (text: string) => void;
  readonly layout: Layout;
  /** Where a progress bar may be drawn. Undefined: progress is printed line by line. */
  readonly terminal: NodeJS.WritableStream | undefined;
  /** Aborted when no run is waited for any more. */
  readonly leaving: AbortSignal;
}

/** Requests a run and shows its progress until it is over. Rejects as waitForRun does. */
export async function watchRun(stack: Stack, request: Partial<SyncRequest>, screen: Screen): Promise<Run> {
  const view = screen.terminal === undefined ? progressLines(screen.print) : progressBar(screen.terminal);
  const runId = await stack.publish(request);
  try {
    return await waitForRun(stack, runId, screen.leaving, (progress) => view.show(progress));
  } finally {
    view.end();
  }
}

/** The same, and prints the run's report at its end. */
export async function showRun(stack: Stack, request: Partial<SyncRequest>, screen: Screen): Promise<Run> {
  const run = await watchRun(stack, request, screen);
  screen.print(`\n${renderReport(run, await collectRows(stack.runs, run.runId), screen.layout)}`);
  return run;
}
