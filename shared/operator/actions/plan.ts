import type { PersonKey } from '../../core/model/email.ts';
import { settingsOf } from '../../config/settings-of.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';
import { appliedId, readPlan, type Only, type PlanView } from '../views/plan.ts';
import type { RefusalReason, Refused } from '../words/refusals.ts';
import { audited, type Acting, type Ended } from './audited.ts';
import { refusedOfState, refusedToAct } from './own-state.ts';
import { beginChosen, newActionId } from './request-run.ts';

/** Begins a dry run over these people only. Answers its id, which is that of the plan. */
export async function planPeople(
  services: Services,
  acting: Acting,
  people: readonly PersonKey[],
): Promise<{ readonly kind: 'asked'; readonly runId: string } | Refused> {
  const refused = await refusedOfState(services);
  if (refused !== undefined) return refused;
  const runId = newActionId('cli', services.clock.now());
  const intended = {
    action: 'request-run',
    actionId: runId,
    runId,
    fields: ['people', 'dry run'],
    people: people.length,
  } as const;
  await audited(services, acting, intended, async () => {
    const chosen = { plan: undefined, undo: undefined, people, kinds: [] };
    await beginChosen(services, runId, { mode: 'people', dryRun: true, reason: acting.reason, chosen });
    return { result: undefined, end: { state: 'done', words: 'the dry run was begun' } };
  });
  return { kind: 'asked', runId };
}

export interface PlanOrder {
  readonly planId: string;
  /** The hash of the plan that the operator has read; undefined: not told. */
  readonly hash: string | undefined;
  readonly only: Only;
}

/** What would be applied, if anything may be: for the question that is asked before (rule 39). */
export async function planToApply(
  services: Services,
  { planId, hash, only }: PlanOrder,
): Promise<{ readonly kind: 'plan'; readonly plan: PlanView } | Refused> {
  const refused = await refusedToAct(services);
  if (refused !== undefined) return refused;
  const plan = await readPlan(services, planId, only);
  const reason = await refusalOf(services, planId, plan, hash);
  if (plan === undefined || reason !== undefined)
    return { kind: 'refused', reason: reason ?? { kind: 'run-unknown', runId: planId } };
  return { kind: 'plan', plan };
}

/**
 * Applies a plan, once (rule 36): a run of its own, which writes each person as planned or not at all. Whoever applies it has
 * seen what it destroys and creates: the limits of rules 16 and 32 hold it up no further.
 */
export async function applyPlan(
  services: Services,
  acting: Acting,
  order: PlanOrder,
): Promise<{ readonly kind: 'asked'; readonly runId: string } | Refused> {
  const { planId, only } = order;
  const found = await planToApply(services, order);
  if (found.kind === 'refused') {
    // Who began it before may have gone before its message was sent: a second one does no harm (rule 20).
    if (found.reason.kind === 'plan-applied') await services.publisher.continueRun(found.reason.runId);
    return found;
  }
  const runId = appliedId(planId);
  const intended = { action: 'apply-plan', runId, fields: [...only.kinds], people: found.plan.chosen } as const;
  const begun = await audited(services, acting, intended, async () => {
    const chosen = { plan: planId, undo: undefined, ...only };
    const isNew = await beginChosen(services, runId, { mode: 'apply', dryRun: false, reason: acting.reason, chosen });
    const end: Ended = isNew
      ? { state: 'done', words: 'the plan is applied' }
      : { state: 'refused', words: 'the plan was applied before' };
    return { result: isNew, end };
  });
  return begun ? { kind: 'asked', runId } : { kind: 'refused', reason: { kind: 'plan-applied', planId, runId } };
}

async function refusalOf(
  services: Services,
  planId: string,
  plan: PlanView | undefined,
  hash: string | undefined,
): Promise<RefusalReason | undefined> {
  if (plan === undefined) {
    const { runs } = openSession(services, batchAllowance);
    return (await runs.get(planId)) === undefined
      ? { kind: 'run-unknown', runId: planId }
      : { kind: 'plan-none', planId };
  }
  const { state, settings, dryRun } = plan.run;
  if (!dryRun) return { kind: 'plan-of-held-run', planId };
  if (state !== 'done' && state !== 'held') return { kind: 'plan-unfinished', planId, state };
  if (plan.appliedBy !== undefined) return { kind: 'plan-applied', planId, runId: plan.appliedBy };
  if (services.clock.now() > plan.expiresAt) return { kind: 'plan-expired', planId };
  if (settings !== settingsOf(services.config)) return { kind: 'plan-other-settings', planId };
  if (hash !== undefined && hash !== plan.hash) return { kind: 'plan-other-hash', planId, hash: plan.hash };
  return plan.chosen === 0 ? { kind: 'plan-nobody', planId } : undefined;
}
