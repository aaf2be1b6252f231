import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { documentKey } from '../../../shared/core/model/email.ts';
import { decodeBatch, encodeBatch } from '../../../shared/state/batch-document.ts';
import { decodeRun, encodeRun } from '../../../shared/state/run-document.ts';
import type { Batch, BatchResult, ReportRow } from '../../../shared/state/batch.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { email, newBatch, newResult, newRun } from './samples.ts';
import { storedBefore, type StoredDocument } from './stored-before.ts';

/*
 * Two things are promised of each document that an earlier version stored: today's code reads it, and what today's code
 * makes of it is the same document, so that the earlier version can follow again.
 */

/** How far a walk over the links had come, as its cursor says it. */
const place =
  '{"stage":"vanished","at":1700000001000,"search":true,"outside":2,"after":{"key":"ann@example.com","due":5}}';

describe('runs', () => {
  const stored = storedBefore('runs');
  const calls = { list: 1, get: 2, create: 3, update: 4, status: 5, delete: 6 };
  const created = { apigee: 1, portal: 2 };
  const updated = { apigee: 3, portal: 4 };
  const totals: Run['totals'] = {
    counts: { seen: 21, created, updated, unchanged: 5, held: 4, failed: 2 },
    calls,
    traffic: { reads: 7, writes: 8, bookkeeping: 9 },
    stale: 0,
    kept: 0,
  };
  const gate = {
    planned: 60,
    uncreated: 0,
    creationLimit: 0,
    seen: 500,
    limit: 50,
    limitPercent: 5,
    open: false,
    approved: false,
    review: false,
  };
  const started: Partial<Run> = {
    scope: 'scope-1',
    startedAt: 1_700_000_001_000,
    heartbeatAt: 1_700_000_009_000,
    walks: {
      portal: { batches: 2, complete: true, cursor: undefined },
      apigee: { batches: 3, complete: true, cursor: 'zoe@example.com\nzoe2@example.com' },
      links: { batches: 1, complete: true, cursor: place },
      destructive: { batches: 0, complete: false, cursor: undefined },
    },
    walked: 12,
  };
  const finishedAt = 1_700_000_010_000;
  const run = (place: number, changes: Partial<Run>): Run => newRun(`20261122T165750Z-${String(place)}`, changes);
  const expected: Readonly<Record<string, Run>> = {
    queued: run(1, { reason: 'npm start' }),
    'running, incremental, in its Apigee phase': run(2, {
      ...started,
      mode: 'incremental',
      state: 'running',
      phase: 'apigee',
      since: 1_699_999_400_000,
      resumes: 2,
    }),
    'running, dry, in its links phase': run(3, { ...started, dryRun: true, state: 'running', phase: 'links' }),
    'held at the gate': run(4, {
      ...started,
      state: 'held',
      phase: 'links',
      finishedAt,
      totals,
      gate,
      problem:
        '60 of 500 people would be deactivated or deleted: more than DESTRUCTIVE_LIMIT=50, DESTRUCTIVE_LIMIT_PERCENT=5; none was',
    }),
    'approved, waiting for its place': run(5, {
      ...started,
      phase: 'links',
      gate: { ...gate, approved: true },
      pause: { from: finishedAt, to: undefined },
    }),
    'approved and going on': run(6, {
      ...started,
      state: 'running',
      phase: 'destructive',
      gate: { ...gate, approved: true },
      pause: { from: finishedAt, to: 1_700_000_020_000 },
    }),
    done: run(7, {
      ...started,
      state: 'done',
      phase: 'destructive',
      finishedAt,
      totals,
      gate: { ...gate, planned: 1, open: true },
    }),
    failed: run(8, {
      ...started,
      state: 'failed',
      finishedAt,
      problem: 'the run does not add up: not everyone it saw has an outcome',
    }),
  };

  test('each one has an expectation', () => expect(Object.keys(stored)).toEqual(Object.keys(expected)));

  test.each(Object.entries(expected))('%s', (name, whole) => {
    expect(decodeRun('id', stored[name])).toEqual(whole);
    expect(encodeRun(decodeRun('id', stored[name]))).toEqual(stored[name]);
  });
});

describe('batches', () => {
  const stored = storedBefore('batches');
  const row = (key: string, outcome: ReportRow['outcome'], situation: ReportRow['situation']): ReportRow => ({
    key,
    outcome,
    situation,
    reason: `because of ${situation}`,
    fields: ['firstName', 'attributes.a.b'],
  });
  const bob = email('bob@example.com');
  const people = [email('ann@example.com'), bob, documentKey('doc 7')];
  const result = (changes: Partial<BatchResult> = {}): BatchResult =>
    newResult(people, {
      outcomes: ['updated-apigee', 'held', 'failed'],
      rows: [
        row('ann@example.com', 'updated-apigee', 'both-changed'),
        row('bob@example.com', 'held', 'portal-deleted'),
        row('#doc 7', 'failed', 'malformed'),
      ],
      planned: [bob],
      ...changes,
    });
  const expected: Readonly<Record<string, Batch>> = {
    'portal, open': newBatch('run-1', 'portal', 0),
    'portal, done: it found its people itself': newBatch('run-1', 'portal', 1, {
      part: { kind: 'page', after: 'doc 1' },
      result: newResult(['#doc 7'], { outcomes: ['failed'], rows: [row('#doc 7', 'failed', 'malformed')] }),
    }),
    'portal, from the start of the collection': newBatch('run-1', 'portal', 2, {
      part: { kind: 'page', after: undefined },
    }),
    'apigee, open': newBatch('run-1', 'apigee', 0, {
      part: { kind: 'page', first: 'Ann@example.com', last: 'bob@example.com' },
      people: ['Ann@example.com', 'bob@example.com'],
    }),
    'apigee, done, with a person it was not made for': newBatch('run-1', 'apigee', 1, {
      part: { kind: 'page', first: 'ann@example.com', last: 'bob@example.com' },
      people,
      result: result({
        rows: [
          row('ann@example.com', 'updated-apigee', 'both-changed'),
          row('carl@example.com', 'created-portal', 'apigee-only'),
        ],
      }),
    }),
    'links, open, people the listing did not show': newBatch('run-1', 'links', 0, {
      kind: 'missing',
      next: place,
      people,
    }),
    'links, done': newBatch('run-1', 'links', 1, { kind: 'look', people, result: result() }),
    'destructive, open': newBatch('run-1', 'destructive', 0, { people: [bob] }),
    'destructive, done': newBatch('run-1', 'destructive', 1, {
      people: [bob],
      result: newResult([bob], {
        outcomes: ['updated-apigee'],
        rows: [row('bob@example.com', 'updated-apigee', 'portal-deleted')],
      }),
    }),
  };

  test('each one has an expectation', () => expect(Object.keys(stored)).toEqual(Object.keys(expected)));

  test.each(Object.entries(expected))('%s', (name, batch) => {
    const read = decodeBatch('id', bytesOf(stored[name] ?? {}));
    expect(read).toEqual(batch);
    expect(unpacked(encodeBatch(read))).toEqual(unpacked(bytesOf(stored[name] ?? {})));
  });
});

/** As Firestore keeps it: packed lists are bytes. */
function bytesOf({ people, result, ...rest }: StoredDocument): StoredDocument {
  const packed = Object.entries({ people, result }).filter(([, text]) => typeof text === 'string');
  return { ...rest, ...Object.fromEntries(packed.map(([name, text]) => [name, Buffer.from(String(text), 'base64')])) };
}

/** With its lists unpacked: compressing the same list twice need not give the same bytes. */
function unpacked(stored: StoredDocument): StoredDocument {
  const read = (value: unknown): unknown =>
    value instanceof Uint8Array ? JSON.parse(gunzipSync(value).toString('utf8')) : value;
  return Object.fromEntries(Object.entries(stored).map(([name, value]): [string, unknown] => [name, read(value)]));
}
