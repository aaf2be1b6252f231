import { gateOpens, type Limits, type Tally } from '../../core/count.ts';
import type { BatchPhase } from '../../state/batch.ts';
import type { GateVerdict, Run, RunCounts, RunTotals } from '../../state/runs.ts';
import { endRun } from './end-run.ts';
import type { RunCount } from './run-count.ts';
import { addCalls, addTraffic, checkpoint, isReviewed, type Session } from '../session.ts';

/**
 * Rule 16: counts the whole run before it makes any destructive write. Both listings are complete by now, because no phase
 * ends before its walk does. False where the run has been ended here: held, failed, or because nothing waits for the gate.
 */
export async function judgeGate(session: Session, runId: string, count: RunCount): Promise<boolean> {
  const summary = await summarize(session, runId, count, 'links');
  const { limit, percent, creation } = session.limits;
  const { run, planned, uncreated } = summary;
  const review = isReviewed(run);
  const { seen } = summary.totals.counts;
  const verdict: GateVerdict = {
    planned,
    review,
    uncreated,
    creationLimit: creation,
    seen,
    limit,
    limitPercent: percent,
    open: isOpen(run, { planned, uncreated, seen }, session.limits),
    approved: run.gate?.approved ?? false,
  };
  // A dry run destroys nothing, and tells the whole plan (rule 36); at its end it is held as the run would be.
  if (verdict.open || verdict.approved || run.dryRun) {
    const judged = await checkpoint(session, runId, (state) => ({ ...state, gate: verdict }));
    if (planned > 0) return true;
    await endCounted(session, judged, summary);
    return false;
  }
  if (!summary.addsUp) await endRun(session, runId, 'failed', doesNotAddUp, { totals: summary.totals, gate: verdict });
  else await endRun(session, runId, 'held', whyHeld(verdict), { totals: summary.totals, gate: verdict });
  return false;
}

function isOpen(
  run: Run,
  { planned, uncreated, seen }: Pick<GateVerdict, 'planned' | 'uncreated' | 'seen'>,
  limits: Limits,
): boolean {
  if (run.approval === 'none') return true;
  if (isReviewed(run)) return planned === 0;
  return uncreated === 0 && gateOpens(planned - uncreated, seen, limits);
}

function whyHeld({ planned, review, uncreated, creationLimit, seen, limit, limitPercent }: GateVerdict): string {
  if (review)
    return `${String(planned)} of ${String(seen)} people would be written; none was, because APPROVAL says so`;
  const destructive = planned - uncreated;
  const creations = `${String(uncreated)} people more than CREATION_LIMIT=${String(creationLimit)} would be created; they were not`;
  const allowed = `DESTRUCTIVE_LIMIT=${String(limit)}, DESTRUCTIVE_LIMIT_PERCENT=${String(limitPercent)}`;
  const deletions = `${String(destructive)} of ${String(seen)} people would be deactivated or deleted`;
  if (uncreated === 0) return `${deletions}: more than ${allowed}; none was`;
  return destructive === 0 ? creations : `${creations}; ${deletions}, which wait for the approval as well`;
}

/** Ends the run with its totals. A run that does not add up is a failed run, whatever else it did (rule 26). */
export async function finishRun(session: Session, runId: string, count: RunCount): Promise<void> {
  const summary = await summarize(session, runId, count, 'destructive');
  await endCounted(session, summary.run, summary);
}

async function endCounted(session: Session, run: Run, { totals, addsUp }: Omit<Summary, 'run'>): Promise<void> {
  const { runId } = run;
  const gate = run.dryRun ? dryVerdict(run, totals) : undefined;
  if (addsUp && gate?.open === false) await endRun(session, runId, 'held', whyHeld(gate), { totals, gate });
  else if (addsUp) await endRun(session, runId, 'done', undefined, { totals });
  else await endRun(session, runId, 'failed', doesNotAddUp, { totals });
}

/** A dry run creates everybody, so that its plan is whole: the limit is judged at its end (rule 32). */
function dryVerdict({ gate }: Run, { counts: { created } }: RunTotals): GateVerdict | undefined {
  if (gate === undefined) return undefined;
  const uncreated = Math.max(0, created.apigee + created.portal - gate.creationLimit);
  return uncreated === 0 ? gate : { ...gate, planned: gate.planned + uncreated, uncreated, open: false };
}

const doesNotAddUp = 'the run does not add up: not everyone it saw has an outcome';

interface Summary {
  /** As it is counted. */
  readonly run: Run;
  readonly totals: RunTotals;
  readonly planned: number;
  readonly uncreated: number;
  /** All walks are complete, and as many people have an outcome as there are in the batches (rule 26). */
  readonly addsUp: boolean;
}

async function summarize(session: Session, runId: string, count: RunCount, last: BatchPhase): Promise<Summary> {
  const run = await session.runs.get(runId);
  if (run === undefined) throw new Error('the run has no document');
  await count.through(run, last);
  const { seen, ended, planned, uncreated, stale, kept, ...spent } = count.totals();
  const counts = countsOf(seen, ended);
  const calls = addCalls(run.calls, spent.calls);
  const traffic = addTraffic(run.traffic, spent.traffic);
  return {
    run,
    totals: { counts, calls, traffic, stale, kept },
    planned,
    uncreated,
    addsUp: isComplete(run) && sum(counts) === seen,
  };
}

function isComplete({ walks }: Run): boolean {
  return walks.apigee.complete && walks.portal.complete && walks.links.complete;
}

function countsOf(seen: number, { outcomes }: Tally): RunCounts {
  return {
    seen,
    created: { apigee: outcomes['created-apigee'], portal: outcomes['created-portal'] },
    updated: { apigee: outcomes['updated-apigee'], portal: outcomes['updated-portal'] },
    unchanged: outcomes.unchanged,
    held: outcomes.held,
    failed: outcomes.failed,
  };
}

function sum({ created, updated, unchanged, held, failed }: RunCounts): number {
  return created.apigee + created.portal + updated.apigee + updated.portal + unchanged + held + failed;
}
