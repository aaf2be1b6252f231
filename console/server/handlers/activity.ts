import type { ActivityEntry } from '../../api/answers/activity.ts';
import { linkId } from '../../../shared/core/model/email.ts';
import { actionWords } from '../../../shared/operator/words/audit.ts';
import { runWords } from '../../../shared/operator/words/runs.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import type { AuditRecord } from '../../../shared/state/audit.ts';
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
  const entries = [...records.map(recordEntry), ...runs.map((run) => runEntry(run, asked.get(run.runId)))].toSorted(
    (a, b) => b.at - a.at || (a.id < b.id ? 1 : -1),
  );
  const page = entries.slice(0, perPage);
  const last = page.at(-1);
  return answer({ entries: page, next: entries.length > perPage && last !== undefined ? String(last.at) : null });
};

function recordEntry(record: AuditRecord): ActivityEntry {
  const { actionId, at, operator, reason, person, runId, fields, end } = record;
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
    fields: [],
  };
}
