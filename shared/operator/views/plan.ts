import { createHash } from 'node:crypto';
import { combined } from '../../core/changes/combined.ts';
import { planKindOf, planText, type PlanKind } from '../../core/changes/plan.ts';
import { destroys, type Change } from '../../core/model/change.ts';
import { isReviewed } from '../../run/session.ts';
import { peopleChangedBy, plansKeptFor } from '../../state/changes.ts';
import { newMeter } from '../../state/meter.ts';
import type { Chosen, Run } from '../../state/runs.ts';
import type { Services } from '../../wiring/services.ts';

/** What a dry run would do, or a run that waits for approval, as it was kept (rule 36). */
export interface PlanView {
  readonly run: Run;
  /** Stands for every planned write: whoever names it has read this plan and no other. */
  readonly hash: string;
  /** Ms since the epoch. */
  readonly expiresAt: number;
  /** How many people would be written. */
  readonly people: number;
  /** Those of them who were asked for. */
  readonly chosen: number;
  /** Of those asked for. */
  readonly kinds: Readonly<Record<PlanKind, number>>;
  /** The first few of those asked for: first of all who would be deleted or deactivated. */
  readonly first: readonly Change[];
  /** The run that applies the plan, if there is one. */
  readonly appliedBy: string | undefined;
}

export type Only = Pick<Chosen, 'people' | 'kinds'>;

export const everybody: Only = { people: [], kinds: [] };

const fewPeople = 10;

/** Undefined where the run keeps no plan. Reads the whole plan, and keeps no more of it than is shown. */
export async function readPlan(
  services: Services,
  planId: string,
  only: Only = everybody,
): Promise<PlanView | undefined> {
  const runs = services.runs(newMeter());
  const run = await runs.get(planId);
  if (run === undefined || !(run.dryRun || isReviewed(run))) return undefined;
  const hash = createHash('sha256');
  const kinds = { create: 0, update: 0, deactivate: 0, delete: 0 };
  const named = new Set(only.people);
  const grave: Change[] = [];
  const others: Change[] = [];
  let people = 0;
  let chosen = 0;
  for await (const changes of peopleChangedBy(services.planned(planId), planId)) {
    const change = combined(changes);
    const kind = planKindOf(change);
    hash.update(planText(change)).update('\n');
    people += 1;
    if (named.size > 0 && !named.has(change.key)) continue;
    if (only.kinds.length > 0 && !only.kinds.includes(kind)) continue;
    chosen += 1;
    kinds[kind] += 1;
    const list = destroys(change) ? grave : others;
    if (list.length < fewPeople) list.push(change);
  }
  const applied = await runs.get(appliedId(planId));
  return {
    run,
    hash: hash.digest('hex').slice(0, 12),
    expiresAt: (run.startedAt ?? run.requestedAt) + plansKeptFor,
    people,
    chosen,
    kinds,
    first: [...grave, ...others].slice(0, fewPeople),
    appliedBy: applied?.runId,
  };
}

/** The run that applies a plan: there is one of this id at most, so that a plan is applied once. */
export function appliedId(planId: string): string {
  return `${planId}.applied`;
}
