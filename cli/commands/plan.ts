import { applyPlan, planPeople, planToApply } from '../../shared/operator/actions/plan.ts';
import { toPlanJson } from '../../shared/operator/json/plan.ts';
import { readPlan } from '../../shared/operator/views/plan.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { PlanCommand } from '../parse-plan.ts';
import { actingAs } from '../process/acting.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { confirmCount } from '../process/confirm.ts';
import { renderPlan, renderQuestion } from '../render/plan.ts';
import { refusalOf } from '../render/refusal.ts';
import { followAndReport, followToEnd, requestByName } from './sync-run.ts';

type Asked<N extends PlanCommand['name']> = Extract<PlanCommand, { name: N }>;

/** Makes a plan: a dry run whose decisions are kept (rule 36). */
export async function plan(
  services: Services,
  io: CliIo,
  { full, people, reason, json }: Asked<'plan'>,
): Promise<ExitCode> {
  const runId =
    people.length === 0
      ? await requestByName(services, io, { mode: full ? 'full' : 'incremental', dryRun: true, reason })
      : await askForPeople(services, io, people, reason);
  const { state } = await followToEnd(services, io, runId);
  if (state === 'failed') return followAndReport(services, io, runId, { json });
  return show(services, io, { planId: runId, json });
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

/** Tells a plan again. Changes nothing. */
export async function showPlan(services: Services, io: CliIo, { planId, json }: Asked<'plan-show'>): Promise<ExitCode> {
  return show(services, io, { planId, json });
}

async function show(
  services: Services,
  io: CliIo,
  { planId, json }: { readonly planId: string; readonly json: boolean },
): Promise<ExitCode> {
  const found = await readPlan(services, planId);
  if (found === undefined) throw refusalOf({ kind: 'run-unknown', runId: planId });
  io.out(json ? `${JSON.stringify(toPlanJson(found))}\n` : renderPlan(found));
  const { counts } = found.run.totals ?? { counts: undefined };
  return counts !== undefined && counts.held + counts.failed === 0 ? 0 : 2;
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
