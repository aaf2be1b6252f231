import type { RunAbout, RunAnswer } from '../../api/answers/runs.ts';
import { madeId } from '../../../shared/operator/actions/undo-shown.ts';
import { appliedId } from '../../../shared/operator/views/plan.ts';
import { isReviewed } from '../../../shared/run/session.ts';
import type { AuditRecord } from '../../../shared/state/audit.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Run, Runs } from '../../../shared/state/runs.ts';
import type { Desk } from '../desk.ts';

type Kin = Pick<RunAnswer, 'hasPlan' | 'about' | 'doneBy' | 'mayUndo' | 'stale' | 'kept'>;

/** What a run has to do with others: the plan that it applies, what it undoes, and who does what it shows. */
export async function kinOf({ services }: Desk, run: Run): Promise<Kin> {
  const { runId, dryRun, mode, state, totals } = run;
  const runs = services.runs(newMeter());
  const isOver = state !== 'queued' && state !== 'running';
  const [about, done, changed] = await Promise.all([
    aboutOf(runs, run),
    dryRun ? runs.get(mode === 'undo' ? madeId(runId) : appliedId(runId)) : undefined,
    isOver && !dryRun ? services.changes.by(runId, { after: undefined, limit: 1 }) : [],
  ]);
  return {
    hasPlan: dryRun || isReviewed(run),
    about,
    doneBy: done?.runId ?? null,
    mayUndo: changed.length > 0,
    stale: totals?.stale ?? 0,
    kept: totals?.kept ?? 0,
  };
}

async function aboutOf(runs: Runs, { chosen }: Run): Promise<RunAbout | null> {
  if (chosen === undefined) return null;
  const { plan, undo, people, kinds } = chosen;
  return {
    plan: plan ?? null,
    undo: undo === undefined ? null : { act: undo, isRun: (await runs.get(undo)) !== undefined },
    people: people.length === 0 ? null : people.length,
    kinds,
  };
}

/** The actions of operators that asked for these runs, by run. */
export async function askersOf(desk: Desk, of: readonly Run[]): Promise<ReadonlyMap<string, AuditRecord>> {
  const byOperators = of.map(({ runId }) => runId).filter((runId) => /^(?:console|cli|undo)-/u.test(runId));
  return byOperators.length === 0 ? new Map() : desk.services.audit.get(byOperators);
}

/**
 * The operator's action that asked for a run. Of one that applies a plan or makes a shown undo it has an id of its own, and was
 * begun just before the run.
 */
export async function askerOf(desk: Desk, run: Run): Promise<AuditRecord | undefined> {
  const known = (await askersOf(desk, [run])).get(run.runId);
  if (known !== undefined || !/\.(?:applied|made)$/u.test(run.runId)) return known;
  const records = await desk.services.audit.recent({ before: run.requestedAt + 1, limit: 20 });
  return records.find(({ runId, action }) => runId === run.runId && (action === 'apply-plan' || action === 'undo'));
}
