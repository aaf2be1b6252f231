import { combined } from '../../core/changes/combined.ts';
import { outcomeOf } from '../../core/changes/outcome.ts';
import { Met } from '../../core/count.ts';
import type { FieldWrite } from '../../core/model/change.ts';
import { canonicalEmail } from '../../core/model/email.ts';
import type { Outcome } from '../../core/model/link.ts';
import type { ReportedSituation } from '../../core/model/situation.ts';
import { peopleChangedBy } from '../../state/changes.ts';
import { isReviewed } from '../../run/session.ts';
import { newMeter } from '../../state/meter.ts';
import { batchPhases, type BatchPhase, type BatchResult, type ReportRow } from '../../state/batch.ts';
import type { Run, Runs } from '../../state/runs.ts';
import type { Services } from '../../wiring/services.ts';

/** Somebody whom a run changed, held or failed for; of a dry run, whom a run would. */
export interface RunPerson {
  /** A person key; a developer whose email cannot be used has `#developer:` and the email. */
  readonly key: string;
  readonly situation: ReportedSituation;
  readonly outcome: Outcome;
  /** A sentence for people, without values. */
  readonly reason: string;
  /** Whether a deletion on one side deactivates or deletes on the other (rule 16), or waits to do so. */
  readonly destructive: boolean;
  /** What was written, with the values before and after; none where they are not kept (any more). */
  readonly fields: readonly FieldWrite[];
  /** Names of fields without their values: what a person waits for, and what was written where no values are kept. */
  readonly names: readonly string[];
}

type Sources = Pick<Services, 'changes' | 'planned' | 'runs'>;
type RunOf = Pick<Run, 'runId' | 'dryRun' | 'approval' | 'state'>;

/**
 * Everyone of a run but those who were simply unchanged, each person once: with the values that were written, as long as
 * these are kept (rule 34), and of a dry run, that would be (rule 36). Read as a stream, as often as it is iterated:
 * memory holds some digests a person, and only of those who were changed and then held or failed more. Of a run that is
 * under way, those of whom something is known so far.
 */
export function peopleOfRun(services: Sources, run: RunOf): AsyncIterable<RunPerson> {
  return { [Symbol.asyncIterator]: () => everyone(services, run) };
}

async function* everyone(services: Sources, run: RunOf): AsyncGenerator<RunPerson> {
  const { runId } = run;
  const runs = services.runs(newMeter());
  const inTrouble = new Met();
  for await (const { row } of lastRows(runs, runId)) if (isTrouble(row.outcome)) inTrouble.add(row.key);

  const waits = run.dryRun || (isReviewed(run) && run.state === 'held');
  const shown = new Met();
  const changedBefore = new Map<string, RunPerson>();
  for await (const changes of peopleChangedBy(waits ? services.planned(runId) : services.changes, runId)) {
    const { key, acts, situation, reason, destructive, fields } = combined(changes);
    const person = { key, situation, outcome: outcomeOf(acts), reason, destructive, fields, names: [] };
    if (inTrouble.has(key)) changedBefore.set(key, person);
    else if (shown.add(key)) yield person;
  }

  for await (const { row, destructive } of lastRows(runs, runId)) {
    const { key, situation, outcome, reason, fields: names } = row;
    if (!shown.add(key)) continue;
    const changed = changedBefore.get(key);
    changedBefore.delete(key);
    if (changed === undefined) yield { key, situation, outcome, reason, destructive, fields: [], names };
    else if (isTrouble(outcome))
      yield { ...changed, situation, outcome, reason, destructive: destructive || changed.destructive, names };
    else yield changed;
  }
  // Whose row a batch took back meanwhile.
  yield* changedBefore.values();
}

interface LastRow {
  readonly row: ReportRow;
  /** Waits for the gate because the decision is destructive. */
  readonly destructive: boolean;
}

/**
 * The row that tells how a person ended, for each person one: that of the last phase which found something to do. Whoever was
 * held or failed, and was found unchanged by a later phase, needs no help any more, and has none.
 */
async function* lastRows(runs: Runs, runId: string): AsyncGenerator<LastRow> {
  const met = new Met();
  const unchanged = new Met();
  const later: BatchPhase[] = [];
  for (const phase of batchPhases.toReversed()) {
    for await (const { phase: found, result } of runs.batches(runId, { phase, seq: 0 })) {
      if (found !== phase) break;
      if (result === undefined) continue;
      for (const row of result.rows) {
        const isHelped = isTrouble(row.outcome) && later.some((one) => unchanged.has(within(one, row.key)));
        if (!isHelped && met.add(row.key)) yield { row, destructive: waitsForGate(result, row.key) };
      }
      result.people.forEach((name, index) => {
        if (result.outcomes[index] === 'unchanged') unchanged.add(within(phase, canonicalEmail(name) ?? name));
      });
    }
    later.push(phase);
  }
}

function within(phase: BatchPhase, key: string): string {
  return `${phase} ${key}`;
}

function isTrouble(outcome: Outcome): boolean {
  return outcome === 'held' || outcome === 'failed';
}

function waitsForGate({ planned, uncreated }: BatchResult, key: string): boolean {
  const isOf = (one: string): boolean => one === key;
  return planned.some(isOf) && !uncreated.some(isOf);
}
