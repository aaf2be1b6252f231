import { describe, expect, test } from 'vitest';
import { plainLayout } from '../../../cli/render/layout.ts';
import { renderReport } from '../../../cli/render/report.ts';
import type { ReportRow } from '../../../shared/state/batch.ts';
import type { RunTotals } from '../../../shared/state/runs.ts';
import { newRun } from '../../shared/state/samples.ts';
import { hostileValues, steers } from '../command-world.ts';

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
  stale: 0,
  kept: 0,
};

function row(key: string, changes: Partial<ReportRow> = {}): ReportRow {
  return { key, situation: 'apigee-only', outcome: 'created-portal', reason: 'because', fields: [], ...changes };
}

describe('the report', () => {
  test('says how the run ended, what it did and what it cost', () => {
    const run = newRun('r1', { state: 'done', totals, startedAt: 1000, finishedAt: 186_000, reason: 'nightly' });
    const report = renderReport(run, [], plainLayout);
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
    expect(renderReport(newRun('r1', { state, problem: 'too many' }), [], plainLayout)).toContain(text);
  });

  test('lists who changed in words, fields by name', () => {
    const fields = ['firstName', 'attributes.team'];
    const rows = [
      row('ann@example.com', { situation: 'both-changed', outcome: 'updated-apigee', fields }),
      row('#doc 1'),
    ];
    const report = renderReport(newRun('r1', { state: 'done', totals }), rows, plainLayout);
    expect(report).toMatch(/ann@example\.com +│ changed on both sides +│ updated in Apigee +│ firstName +│ because/u);
    expect(report).toMatch(/│ +│ +│ +│ attributes\.team +│/u);
    expect(report).toContain('document doc 1');
  });

  test('a long list ends with how many more there are and where to see them', () => {
    const rows = Array.from({ length: 1234 }, (_, place) => row(`p${place}@example.com`));
    const report = renderReport(newRun('r1', { state: 'done', totals }), rows, plainLayout, { limit: 3 });
    expect(report).toContain('p2@example.com');
    expect(report).not.toContain('p3@example.com');
    expect(report).toContain('and 1,231 more: devsync runs show r1 shows everyone');
  });

  test('hostile names keep the table straight and the terminal alone', () => {
    const rows = hostileValues.map((value, place) =>
      row(`#${value}`, { reason: `${place} ${value}`, fields: [`attributes.${value}`] }),
    );
    const report = renderReport(newRun('r1', { state: 'done', totals, reason: '\u001b[31m' }), rows, plainLayout);
    expect(steers(report.replaceAll('\u200d', ''))).toBe(false);
    expect(report).toContain('\\u{1b}[2J');
    expect(report).toContain('日本語の名前');
  });
});
