import { describe, expect, test } from 'vitest';
import { collectRows } from '../../../../shared/operator/views/report.ts';
import { createInMemoryDatabase } from '../../../../shared/state/in-memory/database.ts';
import { createInMemoryRuns } from '../../../../shared/state/in-memory/runs.ts';
import type { ReportRow } from '../../../../shared/state/batch.ts';
import { newBatch, newResult, newRun } from '../../state/samples.ts';

function row(key: string, changes: Partial<ReportRow> = {}): ReportRow {
  return { key, situation: 'apigee-only', outcome: 'created-portal', reason: 'because', fields: [], ...changes };
}

describe('rows of a run', () => {
  test('each person is there once: the later phase wins, unless it found nothing more to do', async () => {
    const runs = createInMemoryRuns({ database: createInMemoryDatabase({ now: Date.now }) });
    await runs.create(newRun('r1'));
    const phases = [
      [
        'apigee',
        [row('a', { outcome: 'held' }), row('b', { outcome: 'updated-portal' }), row('c', { outcome: 'unchanged' })],
      ],
      [
        'destructive',
        [row('a', { outcome: 'updated-apigee' }), row('b', { outcome: 'unchanged' }), row('d', { outcome: 'failed' })],
      ],
    ] as const;
    for (const [phase, rows] of phases) {
      await runs.createBatch(newBatch('r1', phase, 0));
      await runs.completeBatch(
        { runId: 'r1', phase, seq: 0 },
        newResult(
          rows.map(({ key }) => key),
          { rows },
        ),
      );
    }
    expect((await collectRows(runs, 'r1')).map(({ key, outcome }) => [key, outcome])).toEqual([
      ['d', 'failed'],
      ['a', 'updated-apigee'],
      ['b', 'updated-portal'],
      ['c', 'unchanged'],
    ]);
  });
});
