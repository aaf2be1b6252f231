import type { ApigeeCalls } from '../../apigee/developers.ts';
import type { Run, RunCounts, RunMode, RunState } from '../../state/runs.ts';

/** A run for scripts. Times are ISO 8601, null until they are known. */
export interface ReportJson {
  readonly runId: string;
  readonly mode: RunMode;
  readonly dryRun: boolean;
  readonly state: RunState;
  readonly counts: RunCounts;
  readonly apigeeCalls: ApigeeCalls;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Of a plan that is applied: whose, and how many people were not as planned any more (rule 36). */
  readonly planId?: string;
  readonly stale?: number;
  /** Of an undo: of what, and how many values are left as they are (rule 35). */
  readonly of?: string;
  readonly kept?: number;
}

const nobody: RunCounts = {
  seen: 0,
  created: { apigee: 0, portal: 0 },
  updated: { apigee: 0, portal: 0 },
  unchanged: 0,
  held: 0,
  failed: 0,
};

/** Counts are zero for a run that ended before its people were counted. */
export function toReportJson(run: Run): ReportJson {
  const { runId, mode, dryRun, state, totals, startedAt, finishedAt, chosen } = run;
  const { seen, created, updated, unchanged, held, failed } = totals?.counts ?? nobody;
  const { list, get, create, update, status, delete: deleted } = totals?.calls ?? run.calls;
  return {
    runId,
    mode,
    dryRun,
    state,
    counts: {
      seen,
      created: { apigee: created.apigee, portal: created.portal },
      updated: { apigee: updated.apigee, portal: updated.portal },
      unchanged,
      held,
      failed,
    },
    apigeeCalls: { list, get, create, update, status, delete: deleted },
    startedAt: isoTime(startedAt),
    finishedAt: isoTime(finishedAt),
    ...(chosen?.undo === undefined ? {} : { of: chosen.undo, kept: totals?.kept ?? 0 }),
    ...(chosen?.plan === undefined ? {} : { planId: chosen.plan, stale: totals?.stale ?? 0 }),
  };
}

/** ISO 8601 with milliseconds. `ms`: since the epoch. */
export function isoTime(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
