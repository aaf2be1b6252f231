import type { PersonKey } from '../../core/model/email.ts';
import { settingsOf } from '../../config/settings-of.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';
import { appliedId, readPlan, type Only, type PlanView } from '../views/plan.ts';
import type { RefusalReason, Refused } from '../words/refusals.ts';
import { audited, type Acting, type Ended } from './audited.ts';
import { refusedOfState, refusedToAct } from './own-state.ts';
import { beginChosen, newActionId } from './request-run.ts';

/** Begins a dry run over these people only. Answers its id, which is that of the plan. `by`: as of `sendRunRequest`. */
export async function planPeople(
  services: Services,
  acting: Acting,
  people: readonly PersonKey[],
  by = 'cli',
): Promise<{ readonly kind: 'asked'; readonly runId: string } | Refused> {
  const refused = await refusedOfState(services);
  if (refused !== undefined) return refused;
  const runId = newActionId(by, services.clock.now());
  const intended = {
    action: 'request-run',
    actionId: runId,
    runId,
    fields: ['people', 'dry run'],
    people: people.length,
  } as const;
  await audited(services, acting, intended, async () => {
    const chosen = { plan: undefined, undo: undefined, until: undefined, people, kinds: [] };
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
  if (plan === undefined) return { kind: 'refused', reason: await whyNoPlan(services, planId) };
  const reason = planRefusal(services, plan, hash);
  return reason === undefined ? { kind: 'plan', plan } : { kind: 'refused', reason };
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
  const found = await planToApply(services, order);
  if (found.kind === 'refused') {
    // Who began it before may have gone before its message was sent: a second one does no harm (rule 20).
    if (found.reason.kind === 'plan-applied') await services.publisher.continueRun(found.reason.runId);
    return found;
  }
  return applyFound(services, acting, order, found.plan);
}

/** The same for a plan that was found fit for it just now, and confirmed by its number of people. */
export async function applyFound(
  services: Services,
  acting: Acting,
  { planId, only }: Pick<PlanOrder, 'planId' | 'only'>,
  { chosen: people }: Pick<PlanView, 'chosen'>,
): Promise<{ readonly kind: 'asked'; readonly runId: string } | Refused> {
  const runId = appliedId(planId);
  const intended = { action: 'apply-plan', runId, fields: [...only.kinds], people } as const;
  const begun = await audited(services, acting, intended, async () => {
    const chosen = { plan: planId, undo: undefined, until: undefined, ...only };
    const isNew = await beginChosen(services, runId, { mode: 'apply', dryRun: false, reason: acting.reason, chosen });
    const end: Ended = isNew
      ? { state: 'done', words: 'the plan is applied' }
      : { state: 'refused', words: 'the plan was applied before' };
    return { result: isNew, end };
  });
  return begun ? { kind: 'asked', runId } : { kind: 'refused', reason: { kind: 'plan-applied', planId, runId } };
}

async function whyNoPlan(services: Services, planId: string): Promise<RefusalReason> {
  const { runs } = openSession(services, batchAllowance);
  return (await runs.get(planId)) === undefined
    ? { kind: 'run-unknown', runId: planId }
    : { kind: 'plan-none', planId };
}

/** Why a plan may not be applied now, as far as the plan itself tells; undefined: it may. `hash`: as of an order. */
export function planRefusal(
  { clock, config }: Pick<Services, 'clock' | 'config'>,
  { run, hash: own, expiresAt, appliedBy, chosen }: Omit<PlanView, 'first'>,
  hash?: string,
): RefusalReason | undefined {
  const { runId: planId, state, settings, dryRun, mode } = run;
  if (!dryRun) return { kind: 'plan-of-held-run', planId };
  if (mode === 'undo') return { kind: 'plan-of-undo', planId };
  if (state !== 'done' && state !== 'held') return { kind: 'plan-unfinished', planId, state };
  if (appliedBy !== undefined) return { kind: 'plan-applied', planId, runId: appliedBy };
  if (clock.now() > expiresAt) return { kind: 'plan-expired', planId };
  if (settings !== settingsOf(config)) return { kind: 'plan-other-settings', planId };
  if (hash !== undefined && hash !== own) return { kind: 'plan-other-hash', planId, hash: own };
  return chosen === 0 ? { kind: 'plan-nobody', planId } : undefined;
}
