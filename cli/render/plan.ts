import { planKindOf, planKinds, type PlanKind } from '../../shared/core/changes/plan.ts';
import type { Change } from '../../shared/core/model/change.ts';
import type { PlanView } from '../../shared/operator/views/plan.ts';
import { counted, number, timeWords } from '../../shared/operator/words/quantities.ts';
import { personWords, situationWords } from '../../shared/operator/words/results.ts';
import { gateWords, runWords } from '../../shared/operator/words/runs.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';

const kindWords: Readonly<Record<PlanKind, string>> = {
  create: 'created',
  update: 'updated',
  deactivate: 'made inactive',
  delete: 'deleted',
};

/** A plan for people: how many it writes and how, and how to apply it. */
export function renderPlan(plan: PlanView): string {
  const { run, hash, expiresAt, people } = plan;
  const id = safeText(run.runId);
  const { gate } = run;
  const lines = [
    runWords(run),
    ...(run.state === 'done' && !run.dryRun ? [] : [nothingWritten]),
    '',
    `  plan       ${id}`,
    `  hash       ${hash}`,
    `  kept until ${timeWords(expiresAt)}`,
    `  people     ${people === 0 ? 'nobody would be written' : kinds(plan)}`,
    ...(gate === undefined || gate.planned === 0 ? [] : [`  gate       ${gateWords(gate)}`]),
    ...first(plan),
    '',
    lastLine(plan),
  ];
  return `${lines.join('\n')}\n`;
}

const nothingWritten = 'Nothing was written, neither in Apigee nor on the portal. What a run would do is kept:';

function lastLine({ run: { runId, dryRun, state }, hash, people, appliedBy }: PlanView): string {
  const id = safeText(runId);
  if (appliedBy !== undefined) return `It was applied by the run ${safeText(appliedBy)}.`;
  if (people === 0) return 'There is nothing to apply.';
  if (dryRun) return `Do exactly this with: devsync apply ${id} --hash ${hash}`;
  return state === 'held' ? `Do exactly this with: devsync holds approve ${id}` : 'The run was approved.';
}

/** What is asked before a plan is applied (rule 39). */
export function renderQuestion(plan: PlanView): string {
  const { chosen, people } = plan;
  const left = people - chosen;
  const lines = [
    `${counted(chosen, 'person is', 'people are')} written as planned: ${kinds(plan)}.`,
    ...(left === 0 ? [] : [`${number(left)} of the plan are left out.`]),
    ...(plan.kinds.deactivate + plan.kinds.delete === 0
      ? []
      : [
          'A deleted developer takes all apps and keys along and cannot come back; keys of an inactive one stop working.',
          'Apigee may serve either for some three minutes more.',
        ]),
    ...first(plan),
  ];
  return `${lines.join('\n')}\n`;
}

function kinds({ kinds: counts }: PlanView): string {
  return planKinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${number(counts[kind])} ${kindWords[kind]}`)
    .join(', ');
}

function first({ first: shown, chosen }: PlanView): readonly string[] {
  const lines = shown.map(
    (change) =>
      `  ${shortText(personWords(change.key), 60)}: ${situationWords(change.situation)}, ${kindWords[planKindOf(change)]}${fields(change)}`,
  );
  return shown.length < chosen ? [...lines, `  and ${number(chosen - shown.length)} more`] : lines;
}

function fields({ fields: written }: Change): string {
  const names = [...new Set(written.map(({ field }) => field))];
  return names.length === 0
    ? ''
    : ` (${names
        .slice(0, 4)
        .map((name) => shortText(name, 40))
        .join(', ')}${names.length > 4 ? ', …' : ''})`;
}
