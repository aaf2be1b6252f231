import { describe, expect, test } from 'vitest';
import { exportRunPeople } from '../../../../shared/operator/export/run.ts';
import { groupRows } from '../../../../shared/operator/views/run-groups.ts';
import {
  pageOfRows,
  placeOf,
  placeText,
  rowsInBatches,
  type RowFilter,
} from '../../../../shared/operator/views/run-rows.ts';
import { createInMemoryDatabase } from '../../../../shared/state/in-memory/database.ts';
import { createInMemoryRuns } from '../../../../shared/state/in-memory/runs.ts';
import type { Batch, BatchPhase, BatchResult, ReportRow } from '../../../../shared/state/batch.ts';
import type { Runs } from '../../../../shared/state/runs.ts';
import { email, newBatch, newResult, newRun } from '../../state/samples.ts';

const done = { runId: 'r1', state: 'done' } as const;
const bounds = { length: 3, batches: 100 };

function row(key: string, changes: Partial<ReportRow> = {}): ReportRow {
  return { key, situation: 'apigee-only', outcome: 'created-portal', reason: 'because', fields: [], ...changes };
}

function several(phase: BatchPhase, from: number, to: number): readonly ReportRow[] {
  return Array.from({ length: to - from }, (_, index) => row(`${phase}${String(from + index)}`));
}

type Filled = readonly (readonly [BatchPhase, number, readonly ReportRow[], Partial<BatchResult>?])[];

async function filled(batches: Filled): Promise<Runs> {
  const runs = createInMemoryRuns({ database: createInMemoryDatabase({ now: Date.now }) });
  await runs.create(newRun('r1'));
  for (const [phase, seq, rows, more = {}] of batches) {
    await runs.createBatch(newBatch('r1', phase, seq));
    const keys = rows.map(({ key }) => key);
    await runs.completeBatch({ runId: 'r1', phase, seq }, newResult(keys, { rows, ...more }));
  }
  return runs;
}

async function everyPage(runs: Runs, filter: RowFilter = {}, within = bounds) {
  const pages: (readonly string[])[] = [];
  let from: ReturnType<typeof placeOf>;
  do {
    const { rows, next } = await pageOfRows(runs, done, filter, from, within);
    pages.push(rows.map(({ row: { key } }) => key));
    from = next === undefined ? undefined : placeOf(placeText(next));
  } while (from !== undefined && pages.length < 9);
  return pages;
}

describe('pages of the rows of a run', () => {
  test('show every row once, in the order of the run, and say when there is no more', async () => {
    const runs = await filled([
      ['portal', 0, several('portal', 0, 4)],
      ['portal', 1, []],
      ['portal', 2, several('portal', 4, 5)],
      ['links', 0, several('links', 0, 1)],
    ]);
    expect(await everyPage(runs)).toEqual([
      ['portal0', 'portal1', 'portal2'],
      ['portal3', 'portal4', 'links0'],
    ]);
  });

  test('end after a bounded number of batches, and tell where to go on though nobody was found', async () => {
    const rare = row('rare', { outcome: 'failed' });
    const runs = await filled([
      ['apigee', 0, several('apigee', 0, 9)],
      ['apigee', 1, several('apigee', 9, 18)],
      ['apigee', 2, [rare]],
    ]);
    expect(await everyPage(runs, { outcomes: ['failed'] }, { length: 3, batches: 2 })).toEqual([[], ['rare']]);
  });

  test('are filtered by outcome, situation, field, part of the reason and part of the email', async () => {
    const special = row('Ann@example.com', {
      outcome: 'held',
      situation: 'conflict',
      fields: ['lastName'],
      reason: 'Two of them',
    });
    const runs = await filled([['portal', 0, [...several('portal', 0, 2), special]]]);
    const filters: readonly RowFilter[] = [
      { outcomes: ['held'] },
      { situation: 'conflict' },
      { field: 'lastName' },
      { reason: 'two OF' },
      { person: 'ann@' },
    ];
    for (const filter of filters) expect(await everyPage(runs, filter)).toEqual([['Ann@example.com']]);
  });

  test('leave out who waited for the gate once the run is done: the last phase tells what became of them', async () => {
    const key = email('ann@example.com');
    const runs = await filled([
      ['links', 0, [row(key, { outcome: 'held' })], { planned: [key] }],
      ['destructive', 0, [row(key, { outcome: 'updated-portal' })]],
    ]);
    expect(await everyPage(runs, { outcomes: ['held'] })).toEqual([[]]);
    const { rows } = await pageOfRows(runs, { ...done, state: 'held' }, { outcomes: ['held'] }, undefined, bounds);
    expect(rows).toHaveLength(1);
  });

  test.each(['', 'portal', 'portal.1', 'other.1.1', 'portal.-1.0', 'portal.1.1.1'])('%j is no place', (text) => {
    expect(placeOf(text)).toBeUndefined();
  });
});

describe('groups of the rows of a run', () => {
  test('count rows by what they have in common, the most first', async () => {
    const failed = row('x', { outcome: 'failed', fields: ['lastName', 'lastName'] });
    const runs = await filled([['portal', 0, [failed, ...several('portal', 0, 2)]]]);
    expect(await groupRows(runs, done)).toEqual({
      rows: 3,
      complete: true,
      outcome: [
        { value: 'created-portal', rows: 2 },
        { value: 'failed', rows: 1 },
      ],
      situation: [{ value: 'apigee-only', rows: 3 }],
      field: [{ value: 'lastName', rows: 1 }],
      reason: [{ value: 'because', rows: 3 }],
    });
  });

  test('are bounded in number, and say so', async () => {
    const rows = Array.from({ length: 1500 }, (_, at) => row(String(at), { reason: `reason ${String(at)}` }));
    const groups = await groupRows(await filled([['portal', 0, rows]]), done);
    expect(groups).toMatchObject({ rows: 1500, complete: false });
    expect(groups.reason).toHaveLength(100);
  });
});

describe('the export of a run', () => {
  /** Tells how many batches were read so far. */
  function watched(runs: Runs): { readonly runs: Runs; readonly read: () => number } {
    let read = 0;
    async function* batches(runId: string, from?: Parameters<Runs['batches']>[1]): AsyncGenerator<Batch> {
      for await (const batch of runs.batches(runId, from)) {
        read += 1;
        yield batch;
      }
    }
    return { runs: { ...runs, batches }, read: () => read };
  }

  const three: Filled = [0, 1, 2].map((seq) => ['portal', seq, several('portal', seq, seq + 1)]);

  test('reads a batch only once the one before it was taken', async () => {
    const { runs, read } = watched(await filled(three));
    const chunks = exportRunPeople(rowsInBatches(runs, done), 'ndjson');
    expect((await chunks.next()).value).toContain('portal0');
    expect(read()).toBe(1);
    await chunks.return(undefined);
    expect(read()).toBe(1);
  });

  test('ends with the connection', async () => {
    const leaving = new AbortController();
    const chunks = exportRunPeople(rowsInBatches(await filled(three), done), 'csv', leaving.signal);
    await chunks.next();
    await chunks.next();
    leaving.abort(new Error('left'));
    await expect(chunks.next()).rejects.toThrow('left');
  });

  test('is one list as JSON, however many batches there are, and an empty one of nobody', async () => {
    const whole = async (batches: Filled, filter: RowFilter = {}): Promise<unknown> => {
      let text = '';
      for await (const chunk of exportRunPeople(rowsInBatches(await filled(batches), done, filter), 'json'))
        text += chunk;
      return JSON.parse(text) as unknown;
    };
    expect(await whole(three)).toMatchObject([{ person: 'portal0' }, { person: 'portal1' }, { person: 'portal2' }]);
    expect(await whole(three, { person: 'nobody' })).toEqual([]);
  });
});
