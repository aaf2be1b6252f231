import type { PersonKey } from '../../shared/core/model/email.ts';
import { peopleWritten } from '../../shared/operator/actions/undo-shown.ts';
import { undoAct } from '../../shared/operator/actions/undo.ts';
import { toReportJson } from '../../shared/operator/json/report.ts';
import { peopleOfRun } from '../../shared/operator/views/run-people.ts';
import type { Run } from '../../shared/state/runs.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { actingAs } from '../process/acting.ts';
import { Refusal, type CliIo, type ExitCode } from '../process/cli-io.ts';
import { confirmCount } from '../process/confirm.ts';
import { refusalOf } from '../render/refusal.ts';
import { renderRunPeople } from '../render/run-people.ts';
import { writeAll } from './show-run.ts';
import { followAndReport, followToEnd } from './sync-run.ts';

export interface UndoOptions {
  readonly act: string;
  readonly people: readonly PersonKey[];
  readonly dryRun: boolean;
  readonly reason: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Shows what an undo would put back, asks, and puts it back (rules 35, 39). */
export async function undo(services: Services, io: CliIo, options: UndoOptions): Promise<ExitCode> {
  const { act, people, dryRun, yes, json } = options;
  if (!dryRun && options.reason === undefined && io.ask === undefined)
    throw new Refusal('Say why, for those who find it undone: --reason TEXT');
  const dry = await followDryRun(services, io, options);
  const { runId, totals } = dry;
  if (totals === undefined) return followAndReport(services, io, runId, { json });
  const written = peopleWritten(totals);
  if (dryRun) {
    if (json) io.out(`${JSON.stringify(toReportJson(dry))}\n`);
    else await writeAll(io, renderRunPeople(dry, peopleOfRun(services, dry), io.layout));
    return totals.kept === 0 && totals.counts.failed === 0 ? 0 : 2;
  }
  if (written === 0)
    throw new Refusal(
      `Nothing that ${act} changed can be put back: devsync undo ${act} --dry-run tells why for each person`,
    );
  if (!yes) {
    for await (const piece of renderRunPeople(dry, peopleOfRun(services, dry), io.layout)) io.err(piece);
    await confirmCount(io, written);
  }
  const reason = options.reason ?? (await io.ask?.('Why is it undone? '))?.trim();
  if (reason === undefined || reason === '') throw new Refusal('Say why, for those who find it undone: --reason TEXT');
  const asked = await undoAct(services, actingAs(io, reason), { act, people, dryRun: false, until: dry.startedAt });
  if (asked.kind === 'refused') throw refusalOf(asked.reason);
  return followAndReport(services, io, asked.runId, { json });
}

async function followDryRun(services: Services, io: CliIo, { act, people, reason }: UndoOptions): Promise<Run> {
  const asked = await undoAct(services, actingAs(io, reason), { act, people, dryRun: true });
  if (asked.kind === 'refused') throw refusalOf(asked.reason);
  return followToEnd(services, io, asked.runId);
}
