import { randomBytes } from 'node:crypto';
import type { SyncRequest } from '../../shared/messages/publisher.ts';
import { newMeter } from '../../shared/state/meter.ts';
import type { Run } from '../../shared/state/runs.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { collectRows } from '../../shared/operator/views/report.ts';
import { followRun } from '../../shared/operator/views/progress.ts';
import { progressBar, progressLines } from '../render/progress-bar.ts';
import { renderReport } from '../render/report.ts';
import { toReportJson } from '../../shared/operator/json/report.ts';

export interface SyncRunOptions extends SyncRequest {
  readonly background: boolean;
  readonly json: boolean;
}

/** Requests a run and, unless it is left to itself, waits for its end and reports it. */
export async function syncRun(services: Services, io: CliIo, options: SyncRunOptions): Promise<ExitCode> {
  const { background, json, ...request } = options;
  const runId = newRunId('cli', services.clock.now());
  await services.publisher.requestSync(request, runId);
  if (background) {
    io.out(
      json ? `${JSON.stringify({ runId })}\n` : `Requested the run ${runId}. See how it is with: devsync status\n`,
    );
    return 0;
  }
  return followAndReport(services, io, runId, options);
}

/** Waits with progress for the end of a run and prints its report. */
export async function followAndReport(
  services: Services,
  io: CliIo,
  runId: string,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const runs = services.runs(newMeter());
  const view = io.terminal === undefined ? progressLines(io.err) : progressBar(io.terminal);
  const { wait } = services.clock;
  const run = await followRun(runs, runId, { wait, onProgress: (progress) => view.show(progress) }).finally(() =>
    view.end(),
  );
  if (json) io.out(`${JSON.stringify(toReportJson(run))}\n`);
  else io.out(renderReport(run, await collectRows(runs, runId)));
  return exitCodeOf(run);
}

/** 0 all well; 2 complete, but people failed or are held; 1 not complete. */
export function exitCodeOf({ state, totals }: Run): ExitCode {
  switch (state) {
    case 'queued':
    case 'running':
    case 'failed':
      return 1;
    case 'held':
      return 2;
    case 'done':
      return totals === undefined || totals.counts.held + totals.counts.failed > 0 ? 2 : 0;
  }
}

/** `cli-20260122T152300Z-1a2b3c4d`: sorts by time, and nobody else chooses the same. */
export function newRunId(by: string, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${by}-${time}-${randomBytes(4).toString('hex')}`;
}
