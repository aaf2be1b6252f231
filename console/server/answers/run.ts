import type { GateAnswer, Group, RunAnswer, RunPerson, RunSummary } from '../../api/answers/runs.ts';
import { linkId } from '../../../shared/core/model/email.ts';
import type { PersonKey } from '../../../shared/core/model/email.ts';
import type { Grouped, RunGroups } from '../../../shared/operator/views/run-groups.ts';
import { doneWords, situationWords } from '../../../shared/operator/words/results.ts';
import { gateWords, runWords } from '../../../shared/operator/words/runs.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import type { AuditRecord } from '../../../shared/state/audit.ts';
import type { ReportRow } from '../../../shared/state/batch.ts';
import type { Run } from '../../../shared/state/runs.ts';

/** A run on one line. `record`: of the operator's action that asked for it. */
export function runSummary(run: Run, record: AuditRecord | undefined): RunSummary {
  const { runId, mode, dryRun, state, reason, requestedAt, startedAt, finishedAt, totals, problem } = run;
  const { list, get, create, update, status, delete: deleted } = totals?.calls ?? run.calls;
  const { writes, reads } = totals?.traffic ?? run.traffic;
  return {
    runId,
    mode,
    dryRun,
    state,
    reason: reason === undefined ? null : safeText(reason),
    by: record?.operator.name ?? senderOf(runId),
    requestedAt,
    startedAt: startedAt ?? null,
    finishedAt: finishedAt ?? null,
    counts: totals?.counts ?? null,
    calls: { list, get, create, update, status, delete: deleted },
    writes,
    reads,
    problem: problem === undefined ? null : safeText(problem),
    words: runWords(run),
  };
}

/** Who asked, by the form of the id: our own command line and the schedule make ids that tell. */
function senderOf(runId: string): string | null {
  if (/-(?:incremental|full)$/u.test(runId)) return 'schedule';
  // Who applies a plan is not who made it.
  if (runId.endsWith('.applied')) return null;
  if (runId.startsWith('cli-')) return 'devsync';
  return runId.startsWith('local-') ? 'npm start' : null;
}

export function gateAnswer({ gate }: Run): GateAnswer | null {
  if (gate === undefined) return null;
  const { planned, seen, limit, limitPercent, open, approved, review, uncreated } = gate;
  return { planned, seen, limit, limitPercent, open, approved, review, uncreated, words: gateWords(gate) };
}

export function runPerson({ key, situation, outcome, reason, fields }: ReportRow, dryRun: boolean): RunPerson {
  return {
    id: linkId(key as PersonKey),
    key,
    outcome,
    outcomeWords: doneWords(outcome, dryRun),
    situation,
    situationWords: situationWords(situation),
    reason: safeText(reason),
    fields,
  };
}

/** Empty until the run is over. */
export function groupsAnswer(groups: RunGroups | undefined, dryRun: boolean): RunAnswer['groups'] {
  if (groups === undefined) return { complete: true, outcome: [], situation: [], field: [], reason: [] };
  const { complete, outcome, situation, field, reason } = groups;
  return {
    complete,
    outcome: outcome.map(({ value, rows }) => ({ value, words: doneWords(value, dryRun), people: rows })),
    situation: situation.map(({ value, rows }) => ({ value, words: situationWords(value), people: rows })),
    field: field.map(textGroup),
    reason: reason.map(textGroup),
  };
}

function textGroup({ value, rows }: Grouped): Group {
  return { value, words: safeText(value), people: rows };
}
