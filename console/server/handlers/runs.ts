import { gateAnswer, groupsOf, runPerson, runSummary } from '../answers/run.ts';
import { runProgress, seenBefore } from '../answers/progress.ts';
import { answer, notFound, refused, type CheckedBody, type Handler } from '../asked.ts';
import type { Desk } from '../desk.ts';
import { askForRun } from '../../../shared/operator/actions/ask-for-run.ts';
import { approveHeldRun, rejectHeldRun } from '../../../shared/operator/actions/holds.ts';
import { audited } from '../../../shared/operator/actions/audited.ts';
import { adviceFor, plannedBy, readHolds } from '../../../shared/operator/views/holds.ts';
import { collectRows } from '../../../shared/operator/views/report.ts';
import { approvedWords } from '../../../shared/operator/words/holds.ts';
import { refusalWords } from '../../../shared/operator/words/refusals.ts';
import { doneWords, situationWords } from '../../../shared/operator/words/results.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import { supersededBy } from '../../../shared/run/lifecycle/approve-run.ts';
import type { AuditRecord } from '../../../shared/state/audit.ts';
import { heldAt } from '../../../shared/state/run-document.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { ReportRow, Run } from '../../../shared/state/runs.ts';

const mostRuns = 1000;
const peoplePerPage = 200;

export const runs: Handler<'runs'> = async ({ desk, query }) => {
  const limit = Math.min(200, Math.max(1, Number(query('limit')) || 100));
  const before = query('before');
  const recent = await desk.services.runs(newMeter()).recent(before === undefined ? limit + 1 : mostRuns);
  const from = before === undefined ? 0 : recent.findIndex(({ runId }) => runId === before) + 1;
  const page = recent.slice(from, from + limit);
  const askers = await askersOf(desk, page);
  const last = page.at(-1);
  const more = recent.length > from + limit && last !== undefined;
  return answer({
    runs: page.map((run) => runSummary(run, askers.get(run.runId))),
    next: more ? last.runId : null,
  });
};

export const run: Handler<'run'> = async ({ desk, param }) => {
  const { services } = desk;
  const store = services.runs(newMeter());
  const found = await store.get(param('runId'));
  if (found === undefined) {
    // The request may be a message still, or was sent with an id of its own.
    return notFound(`There is no run ${param('runId')} yet`);
  }
  const now = services.clock.now();
  const isOver = found.state !== 'queued' && found.state !== 'running';
  const [askers, rows, recent, control, held] = await Promise.all([
    askersOf(desk, [found]),
    isOver ? rowsOf(desk, found) : [],
    isOver ? [] : store.recent(50),
    store.control(),
    store.held(10),
  ]);
  return answer({
    now,
    run: runSummary(found, askers.get(found.runId)),
    progress: await runProgress(store, found, seenBefore(recent, found), now),
    gate: gateAnswer(found),
    groups: {
      outcome: groupsOf(
        rows,
        ({ outcome }) => [outcome],
        (value) => doneWords(value as ReportRow['outcome'], found.dryRun),
      ),
      situation: groupsOf(
        rows,
        ({ situation }) => [situation],
        (value) => situationWords(value as ReportRow['situation']),
      ),
      field: groupsOf(rows, ({ fields }) => fields, safeText),
      reason: groupsOf(rows, ({ reason }) => [reason], safeText),
    },
    judge: judgeOf(found, now),
    supersededBy: found.state === 'held' ? (supersededBy(found, control, held) ?? null) : null,
  });
};

export const runPeople: Handler<'runPeople'> = async ({ desk, param, body }) => {
  const found = await desk.services.runs(newMeter()).get(param('runId'));
  if (found === undefined) return notFound(`There is no run ${param('runId')}`);
  const rows = selected(await rowsOf(desk, found), body);
  const from = Math.max(0, Number(body.after ?? '0') || 0);
  const page = rows.slice(from, from + peoplePerPage);
  return answer({
    people: page.map((row) => runPerson(row, found.dryRun)),
    total: rows.length,
    next: from + peoplePerPage < rows.length ? String(from + peoplePerPage) : null,
  });
};

type Filter = Omit<CheckedBody<'runPeople'>, 'after'>;

export function selected(rows: readonly ReportRow[], filter: Filter): readonly ReportRow[] {
  const { outcomes = [], situation, field, reason } = filter;
  const part = reason?.toLowerCase();
  return rows.filter(
    (row) =>
      (outcomes.length === 0 || outcomes.includes(row.outcome)) &&
      (situation === undefined || row.situation === situation) &&
      (field === undefined || row.fields.includes(field)) &&
      (part === undefined || row.reason.toLowerCase().includes(part)),
  );
}

export const requestRun: Handler<'requestRun'> = async ({ desk, acting, body }) => {
  const { mode, dryRun, reason } = body;
  const asked = await askForRun(desk.services, acting(reason), { mode, dryRun });
  if (asked.kind === 'refused') return refused(refusalWords(asked.reason));
  return answer({ runId: asked.runId, joined: asked.joined });
};

export const plannedPeople: Handler<'plannedPeople'> = async ({ desk, param }) => {
  const found = await desk.services.runs(newMeter()).get(param('runId'));
  if (found === undefined) return notFound(`There is no run ${param('runId')}`);
  const planned = await plannedBy(desk.services.runs(newMeter()), found.runId);
  return answer({ runId: found.runId, people: planned.map((row) => runPerson(row, found.dryRun)) });
};

export const approveRun: Handler<'approveRun'> = async ({ desk, acting, param, body }) => {
  const runId = param('runId');
  const stopped = await mistyped(desk, runId, body.planned);
  if (stopped !== undefined) return stopped;
  const { services } = desk;
  const { clock } = services;
  return audited(services, acting(body.reason), { action: 'approve-run', runId, people: body.planned }, async () => {
    const approved = await approveHeldRun(services, runId);
    if (approved.kind === 'refused') {
      const words = refusalWords(approved.reason);
      return { result: refused(words), end: { state: 'refused', words } };
    }
    const words = approvedWords(approved, clock.now());
    return { result: answer({ runId, words }), end: { state: 'done', words: 'approved' } };
  });
};

export const rejectRun: Handler<'rejectRun'> = async ({ desk, acting, param, body }) => {
  const runId = param('runId');
  const stopped = await mistyped(desk, runId, body.planned);
  if (stopped !== undefined) return stopped;
  const intended = { action: 'reject-run', runId, people: body.planned } as const;
  return audited(desk.services, acting(body.reason), intended, async () => {
    const rejected = await rejectHeldRun(desk.services, runId);
    if (rejected.kind === 'refused') {
      const words = refusalWords(rejected.reason);
      return { result: refused(words), end: { state: 'refused', words } };
    }
    const words = [`The run ${safeText(runId)} is rejected: nothing of what it planned is made.`];
    return { result: answer({ runId, words }), end: { state: 'done', words: 'rejected' } };
  });
};

/** The number that has to be typed is the one that the run planned for: whoever types another one read something else. */
async function mistyped(desk: Desk, runId: string, typed: number) {
  const found = await desk.services.runs(newMeter()).get(runId);
  if (found === undefined) return notFound(`There is no run ${runId}`);
  const expected = found.gate?.planned;
  if (found.state !== 'held' || expected === undefined || expected === typed) return undefined;
  const message = 'This is not the number of people who wait for the approval.';
  return { kind: 'problem', error: { kind: 'mistyped', message, expected } } as const;
}

export const holds: Handler<'holds'> = async ({ desk }) => {
  const { runs: held, now } = await readHolds(desk.services);
  const askers = await askersOf(
    desk,
    held.map(({ run: it }) => it),
  );
  return answer({
    runs: held.map((one) => ({
      run: runSummary(one.run, askers.get(one.run.runId)),
      heldAt: heldAt(one.run),
      judge: judgeOf(one.run, now),
      supersededBy: one.supersededBy ?? null,
      gate: gateAnswer(one.run),
    })),
  });
};

/** The actions of operators that asked for these runs, by run. */
export async function askersOf(desk: Desk, of: readonly Run[]): Promise<ReadonlyMap<string, AuditRecord>> {
  const byOperators = of.map(({ runId }) => runId).filter((runId) => /^(?:console|cli)-/u.test(runId));
  return byOperators.length === 0 ? new Map() : desk.services.audit.get(byOperators);
}

/** The people of a run that is over do not change any more, and are looked at page after page. */
const kept = new WeakMap<Desk, Map<string, Promise<readonly ReportRow[]>>>();
const runsKept = 3;

export function rowsOf(desk: Desk, { runId, state, finishedAt }: Run): Promise<readonly ReportRow[]> {
  const store = desk.services.runs(newMeter());
  if (state === 'queued' || state === 'running') return collectRows(store, runId);
  const cache = kept.get(desk) ?? new Map<string, Promise<readonly ReportRow[]>>();
  kept.set(desk, cache);
  const name = `${runId} ${state} ${String(finishedAt)}`;
  const rows = cache.get(name) ?? collectRows(store, runId);
  cache.delete(name);
  cache.set(name, rows);
  for (const old of [...cache.keys()].slice(0, Math.max(0, cache.size - runsKept))) cache.delete(old);
  rows.catch(() => cache.delete(name));
  return rows;
}

/** What an admin may do about a run; null: there is nothing to decide. */
function judgeOf(run: Run, now: number): 'approve' | 'too-old' | null {
  const advice = run.state === 'held' ? adviceFor(run, now) : 'dry-run';
  return advice === 'dry-run' ? null : advice;
}
