import { createWriteStream } from 'node:fs';
import { extname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { applyPlan, planPeople, planToApply } from '../../shared/operator/actions/plan.ts';
import { toPlanJson } from '../../shared/operator/json/plan.ts';
import { readPlan, type PlanView } from '../../shared/operator/views/plan.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { PlanCommand } from '../parse-plan.ts';
import { actingAs } from '../process/acting.ts';
import { Refusal, type CliIo, type ExitCode } from '../process/cli-io.ts';
import { confirmCount } from '../process/confirm.ts';
import { plainLayout, type Layout } from '../render/layout.ts';
import { renderPlan, renderQuestion } from '../render/plan.ts';
import { refusalOf } from '../render/refusal.ts';
import { inFormat, writeAll, type RunFormat } from './show-run.ts';
import { followAndReport, followToEnd, requestByName } from './sync-run.ts';

type Asked<N extends PlanCommand['name']> = Extract<PlanCommand, { name: N }>;

/** Makes a plan: a dry run whose decisions are kept (rule 36). */
export async function plan(
  services: Services,
  io: CliIo,
  { full, people, output, reason, json }: Asked<'plan'>,
): Promise<ExitCode> {
  const runId =
    people.length === 0
      ? await requestByName(services, io, { mode: full ? 'full' : 'incremental', dryRun: true, reason })
      : await askForPeople(services, io, people, reason);
  const { state } = await followToEnd(services, io, runId);
  if (state === 'failed') return followAndReport(services, io, runId, { json });
  const found = await findPlan(services, runId);
  if (output !== undefined)
    await writeTo(
      resolve(io.cwd, output),
      wholePlan(services, found, { format: formatOf(output), layout: plainLayout }),
    );
  io.out(json ? `${JSON.stringify(toPlanJson(found))}\n` : renderPlan(found));
  return codeOf(found);
}

async function askForPeople(
  services: Services,
  io: CliIo,
  people: Asked<'plan'>['people'],
  reason: string | undefined,
): Promise<string> {
  const asked = await planPeople(services, actingAs(io, reason), people);
  if (asked.kind === 'refused') throw refusalOf(asked.reason);
  return asked.runId;
}

/** Tells a plan again, with everyone in it. Changes nothing. */
export async function showPlan(
  services: Services,
  io: CliIo,
  { planId, format }: Asked<'plan-show'>,
): Promise<ExitCode> {
  const found = await findPlan(services, planId);
  if (format === 'table') io.out(`${renderPlan(found)}\n`);
  await writeAll(io, wholePlan(services, found, { format, layout: io.layout }));
  return codeOf(found);
}

async function findPlan(services: Services, planId: string): Promise<PlanView> {
  const found = await readPlan(services, planId);
  if (found === undefined) throw refusalOf({ kind: 'run-unknown', runId: planId });
  return found;
}

function wholePlan(
  services: Services,
  found: PlanView,
  how: { readonly format: RunFormat; readonly layout: Layout },
): AsyncIterable<string> {
  return inFormat(services, found.run, how, toPlanJson(found));
}

function formatOf(file: string): RunFormat {
  const ending = extname(file).slice(1).toLowerCase();
  return ending === 'json' || ending === 'csv' || ending === 'ndjson' ? ending : 'table';
}

async function writeTo(file: string, pieces: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(pieces), createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    throw new Refusal(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Of a plan that is known, as of its dry run. */
function codeOf({ run: { totals } }: PlanView): ExitCode {
  return totals !== undefined && totals.counts.held + totals.counts.failed === 0 ? 0 : 2;
}

/** Does exactly what a plan says, after asking (rules 36, 39). */
export async function apply(services: Services, io: CliIo, command: Asked<'apply'>): Promise<ExitCode> {
  const { planId, hash, only, yes, background, reason, json } = command;
  const found = await planToApply(services, { planId, hash, only });
  if (found.kind === 'refused') throw refusalOf(found.reason);
  if (!yes) {
    io.err(renderQuestion(found.plan));
    await confirmCount(io, found.plan.chosen);
  }
  // What was asked about is what is applied: a plan does not change, and its hash says so.
  const asked = await applyPlan(services, actingAs(io, reason), { planId, hash: found.plan.hash, only });
  if (asked.kind === 'refused') throw refusalOf(asked.reason);
  const { runId } = asked;
  if (!background) return followAndReport(services, io, runId, { json });
  io.out(json ? `${JSON.stringify({ runId })}\n` : `The run ${runId} applies it. See how it is with: devsync status\n`);
  return 0;
}
