import type { ReportRow } from '../../state/batch.ts';
import type { Run, Runs } from '../../state/runs.ts';
import { rowsInBatches } from './run-rows.ts';

/** How many rows have a value, the most first. */
export interface Grouped<Value extends string = string> {
  readonly value: Value;
  readonly rows: number;
}

export interface RunGroups {
  /** All of them. */
  readonly rows: number;
  readonly outcome: readonly Grouped<ReportRow['outcome']>[];
  readonly situation: readonly Grouped<ReportRow['situation']>[];
  readonly field: readonly Grouped[];
  readonly reason: readonly Grouped[];
  /** False where there are more values of one of them than are kept. */
  readonly complete: boolean;
}

/** Counted are so many values of one kind, whichever come first, and told are the most frequent of these. */
const counted = 1000;
const told = 100;

/** Counts a run's rows by what they have in common, batch by batch: memory holds one batch and the counts. */
export async function groupRows(runs: Runs, run: Pick<Run, 'runId' | 'state'>): Promise<RunGroups> {
  const outcome = newCounts<ReportRow['outcome']>();
  const situation = newCounts<ReportRow['situation']>();
  const field = newCounts();
  const reason = newCounts();
  let all = 0;
  for await (const rows of rowsInBatches(runs, run)) {
    for (const row of rows) {
      all += 1;
      outcome.add(row.outcome);
      situation.add(row.situation);
      reason.add(row.reason);
      for (const name of new Set(row.fields)) field.add(name);
    }
  }
  return {
    rows: all,
    outcome: outcome.most(),
    situation: situation.most(),
    field: field.most(),
    reason: reason.most(),
    complete: [outcome, situation, field, reason].every((one) => one.isComplete()),
  };
}

function newCounts<Value extends string = string>() {
  const counts = new Map<Value, number>();
  let isFull = false;
  return {
    add(value: Value): void {
      const before = counts.get(value);
      if (before === undefined && counts.size === counted) isFull = true;
      else counts.set(value, (before ?? 0) + 1);
    },
    most: (): readonly Grouped<Value>[] =>
      [...counts]
        .map(([value, rows]) => ({ value, rows }))
        .toSorted((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1))
        .slice(0, told),
    isComplete: (): boolean => !isFull && counts.size <= told,
  };
}
