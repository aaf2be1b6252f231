import type { ReportRow } from '../../state/batch.ts';
import { byteOrderMark, csvLines } from './csv.ts';
import type { ExportFormat } from './developers.ts';

/**
 * The people of a run for whom something was done, as a file: a piece for each list of rows, so that memory holds one.
 * Once `signal` is aborted it throws the signal's reason, after the list that is being read.
 */
export async function* exportRunPeople(
  batches: AsyncIterable<readonly ReportRow[]>,
  format: ExportFormat,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  if (format === 'csv') yield byteOrderMark + csvLines([['person', 'situation', 'outcome', 'reason', 'fields']]);
  let separator = '[\n';
  for await (const rows of batches) {
    signal?.throwIfAborted();
    if (rows.length === 0) continue;
    switch (format) {
      case 'csv':
        yield csvLines(rows.map((row) => [row.key, row.situation, row.outcome, row.reason, row.fields.join('; ')]));
        break;
      case 'ndjson':
        yield rows.map((row) => `${JSON.stringify(jsonOf(row))}\n`).join('');
        break;
      case 'json':
        yield separator + rows.map((row) => JSON.stringify(jsonOf(row))).join(',\n');
        separator = ',\n';
    }
  }
  if (format === 'json') yield separator === '[\n' ? '[]\n' : '\n]\n';
}

function jsonOf({ key, situation, outcome, reason, fields }: ReportRow): object {
  return { person: key, situation, outcome, reason, fields };
}
