import Table from 'cli-table3';
import { operations, type ApigeeCalls } from '../../shared/apigee/developers.ts';
import { workingTime } from '../../shared/run/lifecycle/end-run.ts';
import type { ReportRow, Run, RunCounts } from '../../shared/state/runs.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import {
  counted,
  doneWords,
  duration,
  number,
  personWords,
  phaseWords,
  situationWords,
} from '../../shared/operator/words/words.ts';

export { collectRows } from '../../shared/operator/views/report.ts';

export interface ReportOptions {
  /** How many people the table shows; 50. */
  readonly limit?: number;
}

/** A run for people to read: how it ended and why, what it cost, and what changed for whom. */
export function renderReport(run: Run, rows: readonly ReportRow[], { limit = 50 }: ReportOptions = {}): string {
  const lines = [headline(run), ...dryRunNotice(run), ...approvalHint(run), '', ...summary(run)];
  const shown = rows.slice(0, limit);
  if (shown.length > 0) lines.push('', changesTable(shown, run.dryRun));
  if (rows.length > shown.length) {
    lines.push(
      `and ${number(rows.length - shown.length)} more: devsync explain EMAIL tells about each,` +
        ' devsync status --json lists all who failed or are held',
    );
  }
  return `${lines.join('\n')}\n`;
}

function headline(run: Run): string {
  const { runId, mode, dryRun, state, problem } = run;
  const name = `The ${dryRun ? 'dry ' : ''}${mode} run ${safeText(runId)}`;
  const why = problem === undefined ? '' : `: ${safeText(problem)}`;
  switch (state) {
    case 'queued':
      return `${name} is queued.`;
    case 'running':
      return `${name} is running: ${phaseWords(run.phase)}.`;
    case 'held':
      return `${name} is HELD until someone decides${why}`;
    case 'failed':
      return `${name} FAILED${why}`;
    case 'done':
      return `${name} is complete and adds up${why}.`;
  }
}

function dryRunNotice({ dryRun }: Run): readonly string[] {
  return dryRun ? ['DRY RUN: nothing was written, neither in Apigee nor on the portal. A run would do this:'] : [];
}

function approvalHint({ state, dryRun, runId }: Run): readonly string[] {
  return state === 'held' && !dryRun ? [`If it is meant: devsync holds approve ${safeText(runId)}`] : [];
}

function summary(run: Run): readonly string[] {
  const { reason, totals, gate } = run;
  const traffic = totals?.traffic ?? run.traffic;
  const worked = workingTime(run);
  const table: readonly (readonly [string, string | undefined])[] = [
    ['asked for', reason === undefined ? undefined : shortText(reason, 200)],
    ['people', totals === undefined ? 'not counted' : countWords(totals.counts)],
    ['Apigee', callWords(totals?.calls ?? run.calls)],
    [
      'Firestore',
      `${counted(traffic.reads, 'read', 'reads')}, ${counted(traffic.writes, 'write', 'writes')}` +
        `${run.dryRun ? ' (to notes of its own, gone by now)' : ''};` +
        ` ${number(traffic.bookkeeping)} of its own bookkeeping`,
    ],
    [
      'gate',
      gate === undefined || gate.planned === 0
        ? undefined
        : `${number(gate.planned)} to deactivate or delete of ${number(gate.seen)} seen;` +
          ` at most ${number(gate.limit)} and ${number(gate.limitPercent)} %${gate.approved ? '; approved' : ''}`,
    ],
    ['took', worked === undefined ? undefined : duration(worked)],
  ];
  return table.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(10)} ${value}`]));
}

export function countWords({ seen, created, updated, unchanged, held, failed }: RunCounts): string {
  const sides = ({ apigee, portal }: RunCounts['created'], what: string): string =>
    `${number(apigee)} ${what} in Apigee, ${number(portal)} on the portal`;
  return [
    `${number(seen)} seen: ${sides(created, 'created')}`,
    sides(updated, 'updated'),
    `${number(unchanged)} unchanged, ${number(held)} held, ${number(failed)} failed`,
  ].join('; ');
}

function callWords(calls: ApigeeCalls): string {
  const made = operations.filter((operation) => calls[operation] > 0);
  const total = made.reduce((sum, operation) => sum + calls[operation], 0);
  const each = made.map((operation) => `${operation} ${number(calls[operation])}`).join(', ');
  return `${counted(total, 'call', 'calls')}${each === '' ? '' : `: ${each}`}`;
}

function changesTable(rows: readonly ReportRow[], dryRun: boolean): string {
  const table = plainTable(['person', 'situation', dryRun ? 'would happen' : 'done', 'fields', 'why']);
  for (const { key, situation, outcome, fields, reason } of rows) {
    table.push([
      shortText(personWords(key), 60),
      situationWords(situation),
      doneWords(outcome, dryRun),
      fieldLines(fields),
      folded(shortText(reason, 400), 56),
    ]);
  }
  return table.toString();
}

/** Without colours: reports are piped and pasted. */
export function plainTable(head: readonly string[]): Table.Table {
  return new Table({ head: [...head], style: { head: [], border: [], compact: true } });
}

/** One field a line, the first few of them. */
export function fieldLines(fields: readonly string[], limit = 6): string {
  const lines = fields.slice(0, limit).map((field) => shortText(field, 40));
  if (fields.length > limit) lines.push(`and ${number(fields.length - limit)} more`);
  return lines.join('\n');
}

/** Broken between words into lines of about `width` characters. */
export function folded(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
