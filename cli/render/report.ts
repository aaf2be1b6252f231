import { callWords, countWords, gateWords, runWords } from '../../shared/operator/words/runs.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import { counted, duration, number } from '../../shared/operator/words/quantities.ts';
import { fieldWords, personWords, situationWords } from '../../shared/operator/words/results.ts';
import { workingTime } from '../../shared/run/lifecycle/end-run.ts';
import type { ReportRow } from '../../shared/state/batch.ts';
import type { Run } from '../../shared/state/runs.ts';
import { folded, renderTable, type Layout } from './layout.ts';
import { outcomeCell } from './tones.ts';

export interface ReportOptions {
  /** How many people the table shows; default: 50. */
  readonly limit?: number;
}

/** A run for people: how it ended and why, what it cost, and what changed for whom. */
export function renderReport(
  run: Run,
  rows: readonly ReportRow[],
  layout: Layout,
  { limit = 50 }: ReportOptions = {},
): string {
  const lines: string[] = [];
  const shown = rows.slice(0, limit);
  if (shown.length > 0) lines.push('', changesTable(shown, run.dryRun, layout));
  if (rows.length > shown.length) {
    lines.push(
      `and ${number(rows.length - shown.length)} more: devsync runs show ${safeText(run.runId)} shows everyone, with values`,
    );
  }
  return renderHead(run, layout) + lines.map((line) => `${line}\n`).join('');
}

/** How a run ended and why, and what it cost. */
export function renderHead(run: Run, { columns }: Layout): string {
  const words = [runWords(run), ...dryRunNotice(run), ...approvalHint(run)];
  const lines = [...words.flatMap((line) => folded(line, columns)), '', ...summary(run, columns)];
  return `${lines.join('\n')}\n`;
}

function dryRunNotice({ dryRun }: Run): readonly string[] {
  return dryRun ? ['DRY RUN: nothing was written, neither in Apigee nor on the portal. A run would do this:'] : [];
}

function approvalHint({ state, dryRun, runId }: Run): readonly string[] {
  return state === 'held' && !dryRun ? [`If it is meant: devsync holds approve ${safeText(runId)}`] : [];
}

function summary(run: Run, columns: number): readonly string[] {
  const { reason, totals, gate } = run;
  const traffic = totals?.traffic ?? run.traffic;
  const worked = workingTime(run);
  const table: readonly (readonly [string, string | undefined])[] = [
    ['asked for', reason === undefined ? undefined : shortText(reason, 200)],
    ['people', totals === undefined ? 'not counted' : countWords(totals.counts)],
    ['Apigee', callWords(totals?.calls ?? run.calls)],
    [
      'Firestore',
      `${counted(traffic.reads, 'read', 'reads')}, ${run.dryRun ? 'no write' : counted(traffic.writes, 'write', 'writes')};` +
        ` ${number(traffic.bookkeeping + (run.dryRun ? traffic.writes : 0))} of its own bookkeeping`,
    ],
    ['gate', gate === undefined || gate.planned === 0 ? undefined : gateWords(gate)],
    [
      'stale',
      toldOf(
        totals?.stale,
        'person is not as planned any more and was left alone',
        'people are not as planned any more and were left alone',
      ),
    ],
    [
      'kept',
      toldOf(
        totals?.kept,
        'value was left as it is: it moved on, or cannot come back',
        'values were left as they are: they moved on, or cannot come back',
      ),
    ],
    ['took', worked === undefined ? undefined : duration(worked)],
  ];
  return table.flatMap(([name, value]) => {
    if (value === undefined) return [];
    const [first = '', ...more] = folded(value, columns - 13);
    return [`  ${name.padEnd(10)} ${first}`, ...more.map((line) => `${' '.repeat(13)}${line}`)];
  });
}

/** Undefined where there is nobody and nothing to tell of. */
function toldOf(count: number | undefined, one: string, many: string): string | undefined {
  return count === undefined || count === 0 ? undefined : counted(count, one, many);
}

function changesTable(rows: readonly ReportRow[], dryRun: boolean, layout: Layout): string {
  const head = ['person', 'situation', dryRun ? 'would happen' : 'done', 'fields', 'why'];
  const cells = rows.map(({ key, situation, outcome, fields, reason }) => [
    shortText(personWords(key), 60),
    situationWords(situation),
    outcomeCell(outcome, dryRun),
    fieldWords(fields).join('\n'),
    shortText(reason, 400),
  ]);
  return renderTable(head, cells, layout);
}
