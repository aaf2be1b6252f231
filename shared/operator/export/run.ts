import type { ReportRow } from '../../state/runs.ts';
import { byteOrderMark, csvLines } from './csv.ts';
import type { ExportFormat } from './developers.ts';

/** The people of a run for whom something was done, as a file. */
export async function* exportRunPeople(rows: readonly ReportRow[], format: ExportFormat): AsyncGenerator<string> {
  const json = rows.map(({ key, situation, outcome, reason, fields }) => ({
    person: key,
    situation,
    outcome,
    reason,
    fields,
  }));
  switch (format) {
    case 'csv':
      yield byteOrderMark;
      yield csvLines([['person', 'situation', 'outcome', 'reason', 'fields']]);
      for (const row of rows)
        yield csvLines([[row.key, row.situation, row.outcome, row.reason, row.fields.join('; ')]]);
      return;
    case 'ndjson':
      for (const row of json) yield `${JSON.stringify(row)}\n`;
      return;
    case 'json':
      yield `${JSON.stringify(json, undefined, 1)}\n`;
  }
}
