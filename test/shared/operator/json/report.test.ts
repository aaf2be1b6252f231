import { describe, expect, test } from 'vitest';
import { toReportJson } from '../../../../shared/operator/json/report.ts';
import type { RunTotals } from '../../../../shared/state/runs.ts';
import { newRun } from '../../state/samples.ts';

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
