import type { ActivityEntry } from '../../api/answers/activity.ts';
import { linkId } from '../../../shared/core/model/email.ts';
import { actionWords } from '../../../shared/operator/words/audit.ts';
import { runWords } from '../../../shared/operator/words/runs.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import type { AuditAction, AuditRecord } from '../../../shared/state/audit.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { runSummary } from '../answers/run.ts';
import { answer, type Handler } from '../asked.ts';

const perPage = 100;

/** One time line of what operators did and of every run, newest first. */
export const activity: Handler<'activity'> = async ({ desk, query }) => {
  const before = Number(query('before')) || undefined;
  const { audit } = desk.services;
  const [records, runs] = await Promise.all([
    audit.recent({ before, limit: perPage + 1 }),
    desk.services.runs(newMeter()).recent(perPage + 1, before === undefined ? undefined : { requestedAt: before }),
  ]);
  const asked = new Map(
    records.filter(({ action }) => action === 'request-run').map((record) => [record.runId, record]),
  );
  const keptSince = desk.services.clock.now() - desk.services.config.undoDays * 24 * 3_600_000;
  const entries = [
    ...records.map((record) => recordEntry(record, keptSince)),
    ...runs.map((run) => runEntry(run, asked.get(run.runId))),
  ].toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  const page = entries.slice(0, perPage);
  const last = page.at(-1);
  return answer({ entries: page, next: entries.length > perPage && last !== undefined ? String(last.at) : null });
};

/** What may have changed people itself, and not by a run. */
const changing: ReadonlySet<AuditAction> = new Set<AuditAction>([
  'sync-person',
  'release-person',
  'retry-group',
  'release-group',
  'create-developer',
  'edit-developer',
  'activate-developer',
  'deactivate-developer',
  'activate-developers',
  'deactivate-developers',
  'delete-developer',
  'delete-developers',
  'sync-people',
]);

/** `keptSince`: from when on changes are kept, ms since the epoch. */
function recordEntry(record: AuditRecord, keptSince: number): ActivityEntry {
  const { actionId, action, at, operator, reason, person, runId, fields, end } = record;
  const isDone = end !== undefined && end.state !== 'refused' && end.state !== 'nothing';
  return {
    id: actionId,
    at,
    kind: 'operator',
    by: operator.name,
    role: operator.role,
    words: actionWords(record),
    reason: reason === undefined ? null : safeText(reason),
    state: end === undefined ? 'intended' : end.state === 'nothing' ? 'done' : end.state,
    outcome: end === undefined ? null : safeText(end.words),
    person: person === undefined ? null : { id: linkId(person), key: person },
    runId: runId ?? null,
    act: isDone && at > keptSince && changing.has(action) ? actionId : null,
    fields,
  };
}

const runStates = { queued: 'intended', running: 'intended', held: 'held', done: 'done', failed: 'failed' } as const;

function runEntry(run: Run, record: AuditRecord | undefined): ActivityEntry {
  return {
    id: `run ${run.runId}`,
    at: run.requestedAt,
    kind: 'run',
    by: runSummary(run, record).by,
    role: null,
    words: runWords(run),
    reason: run.reason === undefined ? null : safeText(run.reason),
    state: runStates[run.state],
    outcome: run.problem === undefined ? null : safeText(run.problem),
    person: null,
    runId: run.runId,
    act: null,
    fields: [],
  };
}
