import { canonicalEmail } from '../../core/model/email.ts';
import { Counter, gateOpens, type Limits, type Tally } from '../../core/count.ts';
import { batchPhases } from '../../state/batch.ts';
import type { GateVerdict, Run, RunCounts, RunTotals } from '../../state/runs.ts';
import { endRun } from './end-run.ts';
import { addCalls, addTraffic, checkpoint, isReviewed, type Session } from '../session.ts';

/**
 * Rule 16: counts the whole run before it makes any destructive write. Both listings are complete by now, because no phase
 * ends before its walk does. False where the run has been ended here: held, failed, or because nothing waits for the gate.
 */
export async function judgeGate(session: Session, runId: string): Promise<boolean> {
  const summary = await summarize(session, runId);
  const run = await session.runs.get(runId);
  const { limit, percent, creation } = session.limits;
  const { planned, uncreated } = summary;
  const review = run !== undefined && isReviewed(run);
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
    approved: run?.gate?.approved ?? false,
  };
  // A dry run destroys nothing, and tells the whole plan (rule 36); at its end it is held as the run would be.
  if (verdict.open || verdict.approved || run?.dryRun === true) {
    await checkpoint(session, runId, (state) => ({ ...state, gate: verdict }));
    if (planned > 0) return true;
    await endCounted(session, runId, summary);
    return false;
  }
  if (!summary.addsUp) await endRun(session, runId, 'failed', doesNotAddUp, { totals: summary.totals, gate: verdict });
  else await endRun(session, runId, 'held', whyHeld(verdict), { totals: summary.totals, gate: verdict });
  return false;
}

function isOpen(
  run: Run | undefined,
  { planned, uncreated, seen }: Pick<GateVerdict, 'planned' | 'uncreated' | 'seen'>,
  limits: Limits,
): boolean {
  if (run?.approval === 'none') return true;
  if (run !== undefined && isReviewed(run)) return planned === 0;
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
export async function finishRun(session: Session, runId: string): Promise<void> {
  await endCounted(session, runId, await summarize(session, runId));
}

async function endCounted(session: Session, runId: string, { totals, addsUp }: Summary): Promise<void> {
  const run = await session.runs.get(runId);
  const gate = run?.dryRun === true ? dryVerdict(run, totals) : undefined;
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
  readonly totals: RunTotals;
  readonly planned: number;
  readonly uncreated: number;
  /** All walks are complete, and as many people have an outcome as there are in the batches (rule 26). */
  readonly addsUp: boolean;
}

/**
 * Reads every batch once, in one go. A million people on each side and none in common make some 5,000 batches, which are
 * 100 pages of 50 and 20 MB. Measured: 3 s to unpack and 13 s to count; with the reading less than a minute, for which
 * every deadline leaves time.
 */
async function summarize(session: Session, runId: string): Promise<Summary> {
  const run = await session.runs.get(runId);
  if (run === undefined) throw new Error('the run has no document');
  const expected = new Counter();
  const reported = new Counter();
  // Counted like the people seen: a first run may leave a million people to an approval.
  const planned = new Counter();
  const uncreated = new Counter();
  let { calls, traffic } = run;
  let stale = 0;
  let kept = 0;
  for await (const batch of session.runs.batches(runId)) {
    const phase = batchPhases.indexOf(batch.phase);
    const { result } = batch;
    // Made by an invocation that was overtaken while it walked: nobody has waited for this batch.
    if (result === undefined && batch.seq >= run.walks[batch.phase].batches) continue;
    const people = batch.phase === 'portal' ? (result?.people ?? []) : batch.people;
    for (const name of people) expected.add(phase, { key: keyOf(name), outcome: 'unchanged' });
    if (result === undefined) continue;
    result.people.forEach((name, index) => {
      const outcome = result.outcomes[index];
      if (outcome !== undefined) reported.add(phase, { key: keyOf(name), outcome });
    });
    for (const key of result.planned) planned.add(0, { key, outcome: 'held' });
    for (const key of result.uncreated) uncreated.add(0, { key, outcome: 'held' });
    stale += result.stale;
    kept += result.kept;
    calls = addCalls(calls, result.calls);
    traffic = addTraffic(traffic, result.traffic);
  }
  const seen = expected.tally().seen;
  const counts = countsOf(seen, reported.tally());
  const waiting = { planned: planned.tally().seen, uncreated: uncreated.tally().seen };
  return {
    totals: { counts, calls, traffic, stale, kept },
    ...waiting,
    addsUp: isComplete(run) && sum(counts) === seen,
  };
}

function isComplete({ walks }: Run): boolean {
  return walks.apigee.complete && walks.portal.complete && walks.links.complete;
}

function keyOf(name: string): string {
  return canonicalEmail(name) ?? name;
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
