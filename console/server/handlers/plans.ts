import type { PlanAnswer, PlanGroup } from '../../api/answers/plans.ts';
import { roleToApply } from '../../api/plans.ts';
import { mayAct } from '../../api/roles.ts';
import {
  applyFound,
  planPeople as planThese,
  planRefusal,
  planToApply,
} from '../../../shared/operator/actions/plan.ts';
import { appliedId } from '../../../shared/operator/views/plan.ts';
import { shownUndo } from '../../../shared/operator/actions/undo-shown.ts';
import {
  changedPlaceOf,
  changedPlaceText,
  changesOf,
  pageOfChanged,
} from '../../../shared/operator/views/changed-people.ts';
import { groupPeople, type PeopleGroup } from '../../../shared/operator/views/people-groups.ts';
import { readPlan, type PlanView } from '../../../shared/operator/views/plan.ts';
import { peopleOfRun } from '../../../shared/operator/views/run-people.ts';
import { refusalWords, type RefusalReason } from '../../../shared/operator/words/refusals.ts';
import { doneWords, situationWords } from '../../../shared/operator/words/results.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { changedPerson } from '../answers/change.ts';
import { answer, mistyped, notAllowed, notFound, refused, sentence, type Handler, type Reply } from '../asked.ts';
import type { Desk } from '../desk.ts';
import { newKept } from '../kept.ts';
import { keysOf } from './people.ts';

type Digest = Pick<PlanAnswer, 'groups'> & Omit<PlanView, 'run' | 'first' | 'appliedBy'>;

/** Read whole, which takes long for many people, and then kept for a while: but for nobody who was to be forgotten. */
const digests = newKept<Digest | undefined>(5 * 60_000);

export function forgetDigests(desk: Desk): void {
  digests.clear(desk);
}

export const plan: Handler<'plan'> = async ({ desk, param }) => {
  const { services } = desk;
  const runId = param('runId');
  const runs = services.runs(newMeter());
  const run = await runs.get(runId);
  if (run === undefined) return refusedBy({ kind: 'run-unknown', runId });
  const { state, finishedAt } = run;
  if (state === 'queued' || state === 'running') return refusedBy({ kind: 'plan-unfinished', planId: runId, state });
  const name = `${runId} ${state} ${String(finishedAt)}`;
  const [digest, applied] = await Promise.all([
    digests.of(desk, name, () => digestOf(desk, run)),
    runs.get(appliedId(runId)),
  ]);
  if (digest === undefined) return refusedBy({ kind: 'plan-none', planId: runId });
  const { hash, expiresAt, people, kinds, groups } = digest;
  const reason = await refusalFor(desk, { ...digest, run, appliedBy: applied?.runId });
  const refusal = reason === undefined ? null : sentence(refusalWords(reason));
  return answer({ runId, hash, expiresAt, people, kinds, groups, refusal });
};

async function digestOf({ services }: Desk, run: Run): Promise<Digest | undefined> {
  const [found, groups] = await Promise.all([readPlan(services, run.runId), groupPeople(peopleOfRun(services, run))]);
  if (found === undefined) return undefined;
  const { hash, expiresAt, people, chosen, kinds } = found;
  return { hash, expiresAt, people, chosen, kinds, groups: groups.map((group) => groupAnswer(group, run.dryRun)) };
}

/** A run that waits is approved, and what an undo would put back is undone: each has its own way. */
async function refusalFor({ services }: Desk, found: Omit<PlanView, 'first'>): Promise<RefusalReason | undefined> {
  const { runId, mode, dryRun } = found.run;
  if (!dryRun) return undefined;
  if (mode !== 'undo') return planRefusal(services, found);
  const shown = await shownUndo(services, runId);
  return shown.kind === 'refused' ? shown.reason : undefined;
}

function groupAnswer({ situation, outcome, people, domains, moreDomains }: PeopleGroup, dryRun: boolean): PlanGroup {
  return {
    situation,
    situationWords: situationWords(situation),
    outcome,
    outcomeWords: doneWords(outcome, dryRun),
    people,
    domains: domains.map(({ domain, people: count }) => ({ domain: safeText(domain), people: count })),
    moreDomains,
  };
}

export const changedPeople: Handler<'changedPeople'> = async ({ desk, operator, param, body }) => {
  const { services } = desk;
  const runId = param('runId');
  const run = await services.runs(newMeter()).get(runId);
  if (run === undefined) return refusedBy({ kind: 'run-unknown', runId });
  const { after, ...filter } = body;
  const from = after === undefined ? undefined : changedPlaceOf(after);
  if (after !== undefined && from === undefined) return refused('this is no place in a run: begin at its first page');
  const bounds = { length: 100, looked: 2000 };
  const { people, next } = await pageOfChanged(changesOf(services, run), runId, filter, from, bounds);
  const shown = { dryRun: run.dryRun, showsValues: mayAct(operator.role, 'operator') };
  return answer({
    people: people.map((one) => changedPerson(one, shown)),
    next: next === undefined ? null : changedPlaceText(next),
  });
};

export const planPeople: Handler<'planPeople'> = async ({ desk, acting, body }) => {
  const keys = await keysOf(desk, [...new Set(body.people)]);
  if (keys.kind === 'problem') return keys;
  const asked = await planThese(desk.services, acting(body.reason), keys.keys, 'console');
  return asked.kind === 'refused' ? refusedBy(asked.reason) : answer({ runId: asked.runId });
};

export const applyPlan: Handler<'applyPlan'> = async ({ desk, operator, acting, param, body }) => {
  const { services } = desk;
  const { hash, kinds, planned, reason } = body;
  const order = { planId: param('runId'), hash, only: { people: [], kinds } };
  const found = await planToApply(services, order);
  if (found.kind === 'refused') {
    // Who began it before may have gone before its message was sent: a second one does no harm (rule 20).
    if (found.reason.kind === 'plan-applied') await services.publisher.continueRun(found.reason.runId);
    return refusedBy(found.reason);
  }
  const { chosen, kinds: counts } = found.plan;
  const needs = roleToApply(counts, services.config.creationLimit);
  if (!mayAct(operator.role, needs)) return notAllowed(needs, operator.role);
  if (chosen !== planned) return mistyped('This is not the number of people who would be written.', chosen);
  const asked = await applyFound(services, acting(reason), order, found.plan);
  return asked.kind === 'refused' ? refusedBy(asked.reason) : answer({ runId: asked.runId });
};

export function refusedBy(reason: RefusalReason): Reply<never> {
  const words = refusalWords(reason);
  return reason.kind === 'run-unknown' || reason.kind === 'plan-none' ? notFound(words) : refused(words);
}
