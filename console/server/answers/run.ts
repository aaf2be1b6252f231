import type { GateAnswer, Group, RunPerson, RunSummary } from '../../api/answers/runs.ts';
import { linkId } from '../../../shared/core/model/email.ts';
import type { PersonKey } from '../../../shared/core/model/email.ts';
import { doneWords, situationWords } from '../../../shared/operator/words/results.ts';
import { gateWords, runWords } from '../../../shared/operator/words/runs.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import type { AuditRecord } from '../../../shared/state/audit.ts';
import type { ReportRow, Run } from '../../../shared/state/runs.ts';

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
  if (runId.startsWith('cli-')) return 'devsync';
  return runId.startsWith('local-') ? 'npm start' : null;
}

export function gateAnswer({ gate }: Run): GateAnswer | null {
  if (gate === undefined) return null;
  const { planned, seen, limit, limitPercent, open, approved } = gate;
  return { planned, seen, limit, limitPercent, open, approved, words: gateWords(gate) };
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

/** How many people there are of each value, the most first. */
export function groupsOf(
  rows: readonly ReportRow[],
  valuesOf: (row: ReportRow) => readonly string[],
  words: (value: string) => string,
): readonly Group[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const value of valuesOf(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, people]) => ({ value, words: words(value), people }))
    .toSorted((a, b) => b.people - a.people || (a.value < b.value ? -1 : 1));
}
