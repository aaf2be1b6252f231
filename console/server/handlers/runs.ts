import { gateAnswer, groupsAnswer, runPerson, runSummary } from '../answers/run.ts';
import { runProgress, seenBefore } from '../answers/progress.ts';
import { answer, mistyped, notFound, refused, type Handler, type Reply } from '../asked.ts';
import type { Desk } from '../desk.ts';
import { newKept } from '../kept.ts';
import { askerOf, askersOf, kinOf } from './run-kin.ts';
import { askForRun } from '../../../shared/operator/actions/ask-for-run.ts';
import { approveHeldRun, rejectHeldRun } from '../../../shared/operator/actions/holds.ts';
import { audited } from '../../../shared/operator/actions/audited.ts';
import { adviceFor, plannedBy, readHolds } from '../../../shared/operator/views/holds.ts';
import { groupRows, type RunGroups } from '../../../shared/operator/views/run-groups.ts';
import { pageOfRows, placeOf, placeText } from '../../../shared/operator/views/run-rows.ts';
import { approvedWords } from '../../../shared/operator/words/holds.ts';
import { refusalWords } from '../../../shared/operator/words/refusals.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import { supersededBy } from '../../../shared/run/lifecycle/approve-run.ts';
import { heldAt } from '../../../shared/state/run-document.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Run, RunsPlace } from '../../../shared/state/runs.ts';

export const runs: Handler<'runs'> = async ({ desk, query }) => {
  const limit = Math.min(200, Math.max(1, Number(query('limit')) || 100));
  const before = query('before');
  const place = before === undefined ? undefined : placeAmongRuns(before);
  if (before !== undefined && place === undefined) return refused('this is no place in the history: begin anew');
  const found = await desk.services.runs(newMeter()).recent(limit + 1, place);
  const page = found.slice(0, limit);
  const askers = await askersOf(desk, page);
  const last = page.at(-1);
  return answer({
    runs: page.map((run) => runSummary(run, askers.get(run.runId))),
    next: found.length > limit && last !== undefined ? `${String(last.requestedAt)}.${last.runId}` : null,
  });
};

/** A place as an earlier page told it, which stays where runs expire. */
function placeAmongRuns(text: string): RunsPlace | undefined {
  const [, requestedAt, runId] = /^(\d{1,15})\.(.{1,200})$/u.exec(text) ?? [];
  return requestedAt === undefined || runId === undefined ? undefined : { requestedAt: Number(requestedAt), runId };
}

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
  const [asker, kin, groups, recent, control, held] = await Promise.all([
    askerOf(desk, found),
    kinOf(desk, found),
    isOver ? groupsOnce(desk, found) : undefined,
    isOver ? [] : store.recent(50),
    store.control(),
    store.held(10),
  ]);
  return answer({
    now,
    run: runSummary(found, asker),
    progress: await runProgress(store, found, seenBefore(recent, found), now, control.stopped),
    gate: gateAnswer(found),
    rows: groups?.rows ?? null,
    groups: groupsAnswer(groups, found.dryRun),
    judge: judgeOf(found, now),
    supersededBy: found.state === 'held' ? (supersededBy(found, control, held) ?? null) : null,
    ...kin,
  });
};

export const runPeople: Handler<'runPeople'> = async ({ desk, param, body }) => {
  const store = desk.services.runs(newMeter());
  const found = await store.get(param('runId'));
  if (found === undefined) return notFound(`There is no run ${param('runId')}`);
  const { after, ...filter } = body;
  const from = after === undefined ? undefined : placeOf(after);
  if (after !== undefined && from === undefined) return refused('this is no place in a run: begin at its first page');
  const { rows, next } = await pageOfRows(store, found, filter, from, { length: 200, batches: 200 });
  return answer({
    people: rows.map(({ row, place }) => ({ ...runPerson(row, found.dryRun), row: placeText(place) })),
    next: next === undefined ? null : placeText(next),
  });
};

export const requestRun: Handler<'requestRun'> = async ({ desk, acting, body }) => {
  const { mode, dryRun, reason } = body;
  const asked = await askForRun(desk.services, acting(reason), { mode, dryRun });
  if (asked.kind === 'refused') return refused(refusalWords(asked.reason));
  return answer({ runId: asked.runId, joined: asked.joined });
};

const mostPlanned = 1000;

export const plannedPeople: Handler<'plannedPeople'> = async ({ desk, param }) => {
  const found = await desk.services.runs(newMeter()).get(param('runId'));
  if (found === undefined) return notFound(`There is no run ${param('runId')}`);
  const planned = await plannedBy(desk.services.runs(newMeter()), found);
  const people = planned.slice(0, mostPlanned).map((row) => runPerson(row, found.dryRun));
  return answer({ runId: found.runId, count: planned.length, people });
};

export const approveRun: Handler<'approveRun'> = async ({ desk, acting, param, body }) => {
  const runId = param('runId');
  const stopped = await mistypedFor(desk, runId, body.planned);
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
  const stopped = await mistypedFor(desk, runId, body.planned);
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

/** The number that has to be typed is the one that the run planned for. */
async function mistypedFor(desk: Desk, runId: string, typed: number): Promise<Reply<never> | undefined> {
  const found = await desk.services.runs(newMeter()).get(runId);
  if (found === undefined) return notFound(`There is no run ${runId}`);
  const expected = found.gate?.planned;
  if (found.state !== 'held' || expected === undefined || expected === typed) return undefined;
  return mistyped('This is not the number of people who wait for the approval.', expected);
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

const groupsKept = newKept<RunGroups>();

function groupsOnce(desk: Desk, run: Run): Promise<RunGroups> {
  const { runId, state, finishedAt } = run;
  const name = `${runId} ${state} ${String(finishedAt)}`;
  return groupsKept.of(desk, name, () => groupRows(desk.services.runs(newMeter()), run));
}

/** What an admin may do about a run; null: there is nothing to decide. */
function judgeOf(run: Run, now: number): 'approve' | 'too-old' | null {
  const advice = run.state === 'held' ? adviceFor(run, now) : 'dry-run';
  return advice === 'dry-run' ? null : advice;
}
