import { expect, test } from 'vitest';
import { concludeListing } from '../../../shared/run/phases/apigee/conclude.ts';
import { RunCount } from '../../../shared/run/lifecycle/run-count.ts';
import { newRun } from '../../../shared/run/lifecycle/start-run.ts';
import { noCalls } from '../../../shared/run/session.ts';
import type { ApigeeBatch, LinksBatch } from '../../../shared/state/batch.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { fanOutAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { inProcess } from '../../support/in-process.ts';
import type { CanonicalEmail, PersonKey } from '../../../shared/core/model/email.ts';
import { newResult } from '../state/samples.ts';
import { ann } from '../sync/ann.ts';

const runId = 'counted';
const cat = 'cat@example.com' as CanonicalEmail;
const request = { mode: 'full', dryRun: false, reason: undefined } as const;

const doneWith = (people: readonly string[]) => newResult(people, { calls: { ...noCalls(), list: 1 } });

function pageOf(seq: number, people: readonly string[]): ApigeeBatch {
  const part = { kind: 'page', first: people[0], last: people.at(-1) } as const;
  return { runId, phase: 'apigee', seq, people, part, listed: undefined, result: doneWith(people) };
}

function linksOf(seq: number, people: readonly PersonKey[]): LinksBatch {
  return { runId, phase: 'links', seq, kind: 'look', people, next: undefined, result: doneWith(people) };
}

async function counting(...batches: readonly (ApigeeBatch | LinksBatch)[]) {
  const session = openSession(inProcess().services, fanOutAllowance);
  const fresh = newRun(runId, request, Date.now(), 'destructive');
  const over = { batches: 9, complete: true, cursor: undefined };
  const run: Run = { ...fresh, state: 'running', walks: { ...fresh.walks, apigee: over, links: over } };
  await session.runs.create(run);
  for (const batch of batches) await session.runs.createBatch(batch);
  return { session, run, count: new RunCount(session.runs) };
}

test('a phase that was counted when it was over is not read again', async () => {
  const { session, run, count } = await counting(pageOf(0, ['ann@example.com', 'bob@example.com']), pageOf(1, []));
  await count.through(run, 'apigee');
  await session.runs.createBatch(linksOf(0, [ann, cat]));
  const before = session.usage.meter.bookkeeping;
  const seen: string[] = [];
  await count.through(run, 'destructive', ({ phase }) => seen.push(phase));
  expect(seen).toEqual(['links']);
  expect(session.usage.meter.bookkeeping - before).toBeLessThanOrEqual(2);
  expect(count.totals()).toMatchObject({ seen: 3, ended: { seen: 3 }, calls: { list: 3 } });
});

test('a phase is counted once, however often it is asked for', async () => {
  const { run, count } = await counting(pageOf(0, ['ann@example.com']));
  await count.through(run, 'apigee');
  await count.through(run, 'apigee');
  expect(count.totals()).toMatchObject({ seen: 1, calls: { list: 1 } });
});

test('ranges that do not show that they are everybody are counted once the listing was walked (rules 16, 26)', async () => {
  const listed = { size: 1, marks: [], end: { kind: 'open' } } as const;
  const part = { kind: 'range', from: undefined, to: undefined, known: [], apart: false, knows: false } as const;
  const range: ApigeeBatch = { ...pageOf(0, ['ann@example.com']), part, listed };
  const { session, run, count } = await counting(range);
  const walks = { ...run.walks, apigee: { batches: 1, complete: false, unproven: true, cursor: undefined } } as const;
  expect(await concludeListing(session, { ...run, walks }, count)).toBeUndefined();
  await session.runs.createBatch(pageOf(1, ['ann@example.com', 'bob@example.com']));
  expect(await concludeListing(session, run, count)).toMatchObject({ listed: 2 });
  await count.through(run, 'destructive');
  expect(count.totals()).toMatchObject({ seen: 2, ended: { seen: 2 }, calls: { list: 2 } });
});
