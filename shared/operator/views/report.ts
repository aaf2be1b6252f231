import type { ReportRow } from '../../state/batch.ts';
import type { Runs } from '../../state/runs.ts';

/**
 * Everyone for whom a run did something, or would have, each person once. For a person whom several phases met, the row
 * of the last phase counts, unless that phase found nothing more to do. Failed people come first, then held ones, then
 * the rest, each by key.
 */
export async function collectRows(runs: Runs, runId: string): Promise<readonly ReportRow[]> {
  const rows = new Map<string, ReportRow>();
  for await (const { result } of runs.batches(runId)) {
    for (const row of result?.rows ?? []) {
      if (row.outcome !== 'unchanged' || !rows.has(row.key)) rows.set(row.key, row);
    }
  }
  return [...rows.values()].sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1));
}

function rank({ outcome }: ReportRow): number {
  switch (outcome) {
    case 'failed':
      return 0;
    case 'held':
      return 1;
    case 'created-apigee':
    case 'created-portal':
    case 'updated-apigee':
    case 'updated-portal':
      return 2;
    case 'unchanged':
      return 3;
  }
}
