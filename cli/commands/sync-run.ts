import type { SyncRequest } from '../../shared/messages/publisher.ts';
import { audited } from '../../shared/operator/actions/audited.ts';
import { newActionId, sendRunRequest } from '../../shared/operator/actions/request-run.ts';
import { resumeStalledRun } from '../../shared/operator/actions/resume-run.ts';
import { toReportJson } from '../../shared/operator/json/report.ts';
import { followRun, runInTheWay } from '../../shared/operator/views/progress.ts';
import { collectRows } from '../../shared/operator/views/report.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { inTheWayWords } from '../../shared/operator/words/runs.ts';
import type { Run } from '../../shared/state/runs.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { actingAs } from '../process/acting.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { progressBar, progressLines } from '../render/progress-bar.ts';
import { renderReport } from '../render/report.ts';

export interface SyncRunOptions extends SyncRequest {
  readonly background: boolean;
  readonly json: boolean;
}

/** Requests a run and, unless in the background, waits for its end and prints its report. */
export async function syncRun(services: Services, io: CliIo, options: SyncRunOptions): Promise<ExitCode> {
  const { background, json, ...request } = options;
  const runId = await requestByName(services, io, request);
  if (background) {
    await sayWhatIsInTheWay(services, io, runId);
    io.out(
      json ? `${JSON.stringify({ runId })}\n` : `Requested the run ${runId}. See how it is with: devsync status\n`,
    );
    return 0;
  }
  return followAndReport(services, io, runId, options);
}

/** Asks for the run; who asked and why is recorded under the run's own id (rule 39). */
export async function requestByName(services: Services, io: CliIo, request: SyncRequest): Promise<string> {
  const { mode, dryRun, reason } = request;
  const runId = newActionId('cli', services.clock.now());
  const fields = [mode, ...(dryRun ? ['dry run'] : [])];
  return audited(
    services,
    actingAs(io, reason),
    { action: 'request-run', actionId: runId, runId, fields },
    async () => {
      await sendRunRequest(services, request, 'cli', runId);
      return { result: runId, end: { state: 'done', words: 'the request was sent' } };
    },
  );
}

/** For a command that does not wait: says which run has to end before the requested one begins. */
export async function sayWhatIsInTheWay(services: Services, io: CliIo, runId: string): Promise<void> {
  const behind = await runInTheWay(services.runs(newMeter()), runId, services.clock.now());
  if (behind !== undefined) io.err(`It waits for ${inTheWayWords(behind)}.\n`);
}

/** Shows the progress of a run until its end, then prints its report. */
export async function followAndReport(
  services: Services,
  io: CliIo,
  runId: string,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const runs = services.runs(newMeter());
  const run = await followToEnd(services, io, runId);
  if (json) io.out(`${JSON.stringify(toReportJson(run))}\n`);
  else io.out(renderReport(run, await collectRows(runs, runId), io.layout));
  return exitCodeOf(run);
}

/** Shows the progress of a run until its end. */
export async function followToEnd(services: Services, io: CliIo, runId: string): Promise<Run> {
  const runs = services.runs(newMeter());
  const view = io.terminal === undefined ? progressLines(io.err) : progressBar(io.terminal);
  const { wait, now } = services.clock;
  return followRun(runs, runId, {
    wait,
    now,
    onProgress: (progress) => view.show(progress),
    takeOver: (stalled) => resumeStalledRun(services, stalled),
  }).finally(() => view.end());
}

function exitCodeOf({ state, totals }: Run): ExitCode {
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
