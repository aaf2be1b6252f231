import { cancelOneRun, resumeWrites, stopWrites } from '../../shared/operator/actions/stop.ts';
import { isoTime } from '../../shared/operator/json/report.ts';
import { stopWords } from '../../shared/operator/words/runs.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { actingAs } from '../process/acting.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { refusalOf } from '../render/refusal.ts';

/** Stops every write to either side (rule 33). */
export async function stop(
  services: Services,
  io: CliIo,
  { reason, json }: { readonly reason: string; readonly json: boolean },
): Promise<ExitCode> {
  const done = await stopWrites(services, actingAs(io, reason));
  if (done.kind === 'refused') throw refusalOf(done.reason);
  const { stopped, again } = done;
  if (json) {
    const { at, by } = stopped;
    io.out(`${JSON.stringify({ stopped: { at: isoTime(at), by, reason: stopped.reason ?? null }, again })}\n`);
    return 0;
  }
  io.out(`${stopWords(stopped)}.\n`);
  if (again) io.out('That was so before: nothing was changed.\n');
  else io.out('Writes that are under way end within seconds; edits wait. Let everything go on with: devsync resume\n');
  return 0;
}

/** Lets everything go on after a stop. */
export async function resume(
  services: Services,
  io: CliIo,
  { reason, json }: { readonly reason: string | undefined; readonly json: boolean },
): Promise<ExitCode> {
  const done = await resumeWrites(services, actingAs(io, reason));
  if (done.kind === 'refused') throw refusalOf(done.reason);
  const { stopped } = done;
  if (json) io.out(`${JSON.stringify({ resumed: stopped !== undefined })}\n`);
  else if (stopped === undefined) io.out('Nothing was stopped.\n');
  else io.out('Everything goes on. What was edited meanwhile is caught up with by its events, and by the next run.\n');
  return 0;
}

/** Ends a run that waits or is under way. */
export async function cancelRun(
  services: Services,
  io: CliIo,
  { runId, reason, json }: { readonly runId: string; readonly reason: string | undefined; readonly json: boolean },
): Promise<ExitCode> {
  const done = await cancelOneRun(services, actingAs(io, reason), runId);
  if (done.kind === 'refused') throw refusalOf(done.reason);
  if (json) io.out(`${JSON.stringify({ runId, state: 'failed' })}\n`);
  else
    io.out(
      `The run ${safeText(runId)} is cancelled. What it has done stays done; the next run meets everybody again.\n`,
    );
  return 0;
}
