import { batchPhases, type BatchPhase, type ReportRow } from '../../state/batch.ts';
import type { Run, Runs } from '../../state/runs.ts';

/** Where a row stands in its run: rows of a batch that is done never move. */
export interface RowPlace {
  readonly phase: BatchPhase;
  readonly seq: number;
  /** Within the batch, from 0. */
  readonly row: number;
}

export interface PlacedRow {
  readonly place: RowPlace;
  readonly row: ReportRow;
}

/** Whom to show: everyone who is like all that is given. An empty list of outcomes is not given. */
export interface RowFilter {
  readonly outcomes?: readonly string[] | undefined;
  readonly situation?: string | undefined;
  readonly field?: string | undefined;
  /** Part of the reason, in any case. */
  readonly reason?: string | undefined;
  /** Part of the person's email, in any case. */
  readonly person?: string | undefined;
}

export interface RowPage {
  readonly rows: readonly PlacedRow[];
  /** Where to go on: there may be more behind it. Undefined: there is no more. */
  readonly next: RowPlace | undefined;
}

interface Bounds {
  /** Rows of a page. */
  readonly length: number;
  /** Batches that are looked at for one page, whether or not any of their rows is shown. */
  readonly batches: number;
}

type RowsOf = Pick<Run, 'runId' | 'state'>;

/** One page of the rows that the filter selects, in the order in which the run came to them. */
export async function pageOfRows(
  runs: Runs,
  run: RowsOf,
  filter: RowFilter,
  from: RowPlace | undefined,
  bounds: Bounds,
): Promise<RowPage> {
  const rows: PlacedRow[] = [];
  let looked = 0;
  for await (const placed of placedBatches(runs, run, from)) {
    const { phase, seq } = placed;
    if (looked === bounds.batches) return { rows, next: { phase, seq, row: 0 } };
    looked += 1;
    for (const one of placed.rows) {
      if (!isSelected(one.row, filter)) continue;
      if (rows.length === bounds.length) return { rows, next: one.place };
      rows.push(one);
    }
  }
  return { rows, next: undefined };
}

/** Every row that the filter selects, the rows of one batch at a time: memory holds no more. */
export async function* rowsInBatches(
  runs: Runs,
  run: RowsOf,
  filter: RowFilter = {},
): AsyncGenerator<readonly ReportRow[]> {
  for await (const { rows } of placedBatches(runs, run, undefined))
    yield rows.map(({ row }) => row).filter((row) => isSelected(row, filter));
}

/**
 * A person whom several phases met has a row in each. Only whoever waited for the gate is left out of a run that is done:
 * the last phase tells what became of that person.
 */
async function* placedBatches(
  runs: Runs,
  { runId, state }: RowsOf,
  from: RowPlace | undefined,
): AsyncGenerator<{ readonly phase: BatchPhase; readonly seq: number; readonly rows: readonly PlacedRow[] }> {
  for await (const { phase, seq, result } of runs.batches(runId, from)) {
    const begin = from !== undefined && from.phase === phase && from.seq === seq ? from.row : 0;
    const waited = new Set<string>(state === 'done' && phase !== 'destructive' ? result?.planned : []);
    const rows = (result?.rows ?? [])
      .map((row, index) => ({ row, place: { phase, seq, row: index } }))
      .filter(({ row, place }) => place.row >= begin && !waited.has(row.key));
    yield { phase, seq, rows };
  }
}

function isSelected(row: ReportRow, { outcomes = [], situation, field, reason, person }: RowFilter): boolean {
  return (
    (outcomes.length === 0 || outcomes.includes(row.outcome)) &&
    (situation === undefined || row.situation === situation) &&
    (field === undefined || row.fields.includes(field)) &&
    (reason === undefined || row.reason.toLowerCase().includes(reason.toLowerCase())) &&
    (person === undefined || row.key.toLowerCase().includes(person.toLowerCase()))
  );
}

export function placeText({ phase, seq, row }: RowPlace): string {
  return `${phase}.${String(seq)}.${String(row)}`;
}

/** Undefined where the text is no place. */
export function placeOf(text: string): RowPlace | undefined {
  const [phaseName, seq, row, ...more] = text.split('.');
  const phase = batchPhases.find((one) => one === phaseName);
  const numbers = [seq, row].map((part) => (/^\d{1,6}$/u.test(part ?? '') ? Number(part) : undefined));
  const [atSeq, atRow] = numbers;
  if (phase === undefined || atSeq === undefined || atRow === undefined || more.length > 0) return undefined;
  return { phase, seq: atSeq, row: atRow };
}
