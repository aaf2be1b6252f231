import { describe, expect, test } from 'vitest';
import { collectRows, renderReport } from '../../cli/render/report.ts';
import { toReportJson } from '../../shared/operator/json/report.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import { duration } from '../../shared/operator/words/words.ts';
import { createInMemoryDatabase } from '../../shared/state/in-memory/database.ts';
import { createInMemoryRuns } from '../../shared/state/in-memory/runs.ts';
import type { ReportRow, RunTotals } from '../../shared/state/runs.ts';
import { newBatch, newResult, newRun } from '../shared/state/samples.ts';
import { hostileValues, steers } from './command-world.ts';

const totals: RunTotals = {
  counts: {
    seen: 1234,
    created: { apigee: 1, portal: 2 },
    updated: { apigee: 3, portal: 4 },
    unchanged: 1220,
    held: 3,
    failed: 1,
  },
  calls: { list: 3, get: 1500, create: 1, update: 3, status: 0, delete: 0 },
  traffic: { reads: 2500, writes: 10, bookkeeping: 60 },
};

function row(key: string, changes: Partial<ReportRow> = {}): ReportRow {
  return { key, situation: 'apigee-only', outcome: 'created-portal', reason: 'because', fields: [], ...changes };
}

describe('the report', () => {
  test('says how the run ended, what it did and what it cost', () => {
    const run = newRun('r1', { state: 'done', totals, startedAt: 1000, finishedAt: 186_000, reason: 'nightly' });
    const report = renderReport(run, []);
    expect(report).toContain('The full run r1 is complete and adds up.');
    expect(report).toContain('1,234 seen: 1 created in Apigee, 2 on the portal; 3 updated in Apigee, 4 on the portal');
    expect(report).toContain('1,220 unchanged, 3 held, 1 failed');
    expect(report).toContain('1,507 calls: list 3, get 1,500, create 1, update 3');
    expect(report).toContain('2,500 reads, 10 writes; 60 of its own bookkeeping');
    expect(report).toMatch(/took +3 min 5 s/u);
    expect(report).toMatch(/asked for +nightly/u);
    expect(report).not.toContain('DRY');
  });

  test.each([
    ['queued', 'is queued.'],
    ['running', 'is running: reading the portal.'],
    ['held', 'is HELD until someone decides: too many'],
    ['failed', 'FAILED: too many'],
  ] as const)('says why a run is %s', (state, text) => {
    expect(renderReport(newRun('r1', { state, problem: 'too many' }), [])).toContain(text);
  });

  test('lists who changed in words, fields by name', () => {
    const fields = ['firstName', 'attributes.team'];
    const rows = [
      row('ann@example.com', { situation: 'both-changed', outcome: 'updated-apigee', fields }),
      row('#doc 1'),
    ];
    const report = renderReport(newRun('r1', { state: 'done', totals }), rows);
    expect(report).toMatch(/ann@example\.com +│ changed on both sides +│ updated in Apigee +│ firstName +│ because/u);
    expect(report).toMatch(/│ +│ +│ +│ attributes\.team +│/u);
    expect(report).toContain('document doc 1');
  });

  test('a long list ends with how many more there are and where to see them', () => {
    const rows = Array.from({ length: 1234 }, (_, place) => row(`p${place}@example.com`));
    const report = renderReport(newRun('r1', { state: 'done', totals }), rows, { limit: 3 });
    expect(report).toContain('p2@example.com');
    expect(report).not.toContain('p3@example.com');
    expect(report).toContain('and 1,231 more: devsync explain EMAIL tells about each, devsync status --json');
  });

  test('hostile names keep the table straight and the terminal alone', () => {
    const rows = hostileValues.map((value, place) =>
      row(`#${value}`, { reason: `${place} ${value}`, fields: [`attributes.${value}`] }),
    );
    const report = renderReport(newRun('r1', { state: 'done', totals, reason: '\u001b[31m' }), rows);
    expect(steers(report.replaceAll('\u200d', ''))).toBe(false);
    expect(report).toContain('\\u{1b}[2J');
    expect(report).toContain('日本語の名前');
  });
});

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

describe('the JSON of a run', () => {
  test('has the documented members, in their order, and no others', () => {
    const run = newRun('r1', { state: 'held', dryRun: true, totals, startedAt: 0, problem: 'x', reason: 'y' });
    expect(JSON.stringify(toReportJson(run))).toBe(
      '{"runId":"r1","mode":"full","dryRun":true,"state":"held","counts":{"seen":1234,"created":{"apigee":1,"portal":2},' +
        '"updated":{"apigee":3,"portal":4},"unchanged":1220,"held":3,"failed":1},' +
        '"apigeeCalls":{"list":3,"get":1500,"create":1,"update":3,"status":0,"delete":0},' +
        '"startedAt":"1970-01-01T00:00:00.000Z","finishedAt":null}',
    );
  });

  test('a run that was never counted has zeros, and the calls of its walk', () => {
    const { counts, apigeeCalls } = toReportJson(newRun('r1', { state: 'failed' }));
    expect(counts).toMatchObject({ seen: 0, created: { apigee: 0, portal: 0 }, failed: 0 });
    expect(apigeeCalls).toMatchObject({ list: 1, delete: 6 });
  });
});

describe('text for a terminal', () => {
  test('control characters are spelt out, everything readable stays', () => {
    expect(safeText('a\u001b[2Jb\u202ec\u2028d\ud800')).toBe('a\\u{1b}[2Jb\\u{202e}c\\u{2028}d\ufffd');
    expect(safeText('Zoë 日本語 👨‍👩‍👧 می‌خواهم')).toBe('Zoë 日本語 👨‍👩‍👧 می‌خواهم');
  });

  test('long text is cut between characters', () => {
    expect(shortText('abc', 3)).toBe('abc');
    expect(shortText('abcd', 3)).toBe('ab…');
    expect(shortText('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 3)).toBe('👨‍👩‍👧👨‍👩‍👧…');
    expect(shortText('🙂'.repeat(1000), 2)).toBe('🙂…');
  });

  test.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [59_400, '59 s'],
    [59_600, '1 min 0 s'],
    [3_600_000, '1 h 0 min'],
    [47 * 3_600_000, '47 h 0 min'],
    [72 * 3_600_000, '3 days'],
  ])('%i ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
