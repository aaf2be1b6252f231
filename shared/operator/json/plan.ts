import type { PlanKind } from '../../core/changes/plan.ts';
import type { RunCounts } from '../../state/runs.ts';
import type { PlanView } from '../views/plan.ts';
import { isoTime, toReportJson } from './report.ts';

/** A plan for scripts. */
export interface PlanJson {
  readonly planId: string;
  readonly hash: string;
  /** ISO 8601. */
  readonly expiresAt: string | null;
  readonly counts: RunCounts;
  /** How many people would be written, by what is gravest for each. */
  readonly kinds: Readonly<Record<PlanKind, number>>;
  /** The run that applies the plan. */
  readonly appliedBy: string | null;
}

export function toPlanJson({ run, hash, expiresAt, kinds, appliedBy }: PlanView): PlanJson {
  const { counts } = toReportJson(run);
  const { create, update, deactivate, delete: deleted } = kinds;
  return {
    planId: run.runId,
    hash,
    expiresAt: isoTime(expiresAt),
    counts,
    kinds: { create, update, deactivate, delete: deleted },
    appliedBy: appliedBy ?? null,
  };
}
