import { workingTime } from '../../shared/run/lifecycle/end-run.ts';
import type { Run, Watermark } from '../../shared/state/runs.ts';
import type { ActiveRun, Counted, Status } from '../../shared/operator/views/status.ts';
import { folded, plainTable } from './report.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import {
  ago,
  counted,
  duration,
  number,
  personWords,
  phaseWords,
  timeWords,
} from '../../shared/operator/words/words.ts';

/** How many people are listed. */
const shownPeople = 50;

export function renderStatus(status: Status): string {
  const { now, active, queued } = status;
  const lines = [
    ...lastRuns(status.runs, now),
    '',
    `Active       ${active === undefined ? 'no run' : activeWords(active, now)}`,
    ...(queued.length === 0 ? [] : [`Queued       ${queued.map(({ runId }) => safeText(runId)).join(', ')}`]),
    `Full         ${freshness(status.lastFull, now)}`,
    `Incremental  ${freshness(status.lastIncremental, now)}`,
    `People       ${peopleWords(status)}`,
    ...oldestWords(status),
    ...troubledPeople(status),
    ...rejections(status),
  ];
  return `${lines.join('\n')}\n`;
}

function lastRuns(runs: readonly Run[], now: number): readonly string[] {
  if (runs.length === 0) return ['There has been no run yet: devsync sync requests the first one.'];
  const table = plainTable([
    'run',
    'requested',
    'mode',
    'state',
    'seen',
    'created',
    'updated',
    'held',
    'failed',
    'took',
  ]);
  for (const run of runs) {
    const { runId, requestedAt, mode, dryRun, state, totals, problem } = run;
    const counts = totals?.counts;
    const worked = workingTime(run);
    const took = worked === undefined ? '' : duration(worked);
    const sides = (what: { readonly apigee: number; readonly portal: number } | undefined): string =>
      what === undefined ? '' : number(what.apigee + what.portal);
    const count = (value: number | undefined): string => (value === undefined ? '' : number(value));
    table.push([
      safeText(runId),
      ago(requestedAt, now),
      dryRun ? `${mode}, dry` : mode,
      problem === undefined ? state : folded(`${state}: ${shortText(problem, 200)}`, 40),
      count(counts?.seen),
      sides(counts?.created),
      sides(counts?.updated),
      count(counts?.held),
      count(counts?.failed),
      took,
    ]);
  }
  return [table.toString()];
}

function activeWords({ run, lastMoved, stalled }: ActiveRun, now: number): string {
  const stands = stalled ? ' STANDS STILL: the next request or the schedule sets it going again;' : '';
  return `${safeText(run.runId)}, ${run.mode}, ${phaseWords(run.phase)};${stands} last moved ${ago(lastMoved, now)}`;
}

function freshness(mark: Watermark | undefined, now: number): string {
  if (mark === undefined) return 'no complete run yet';
  const { runId, startedAt } = mark;
  return `last complete run began ${ago(startedAt, now)} (${timeWords(startedAt)}, ${safeText(runId)})`;
}

function peopleWords({ pending, held, failed }: Status): string {
  const words = ({ people, exact }: Counted): string => `${number(people)}${exact ? '' : ' or more'}`;
  return `${words(pending)} pending, ${words(held)} held, ${words(failed)} failed`;
}

function oldestWords({ oldest, now }: Status): readonly string[] {
  if (oldest === undefined) return [];
  const who = shortText(personWords(oldest.key), 80);
  const since = oldest.since > now ? `due in ${duration(oldest.since - now)}` : `since ${timeWords(oldest.since)}`;
  return [`Oldest       ${who}, ${since}`];
}

function troubledPeople({ troubled, now }: Status): readonly string[] {
  if (troubled.length === 0) return [];
  const table = plainTable(['person', '', 'since', 'tried again', 'why']);
  for (const { key, kind, since, due, attempts, reason } of troubled.slice(0, shownPeople)) {
    table.push([
      shortText(personWords(key), 60),
      attempts === undefined || attempts < 2 ? kind : `${kind}, ${counted(attempts, 'try', 'tries')}`,
      timeWords(since),
      due === undefined ? nextTry(kind) : due <= now ? 'in the next run' : `in ${duration(due - now)}`,
      folded(shortText(reason, 400), 56),
    ]);
  }
  const more = troubled.length - shownPeople;
  return ['', table.toString(), ...(more > 0 ? [`and ${number(more)} more: devsync status --json lists them`] : [])];
}

function nextTry(kind: 'held' | 'failed'): string {
  return kind === 'held' ? 'once it is resolved' : 'once either side changes';
}

function rejections({ rejections: found, now }: Status): readonly string[] {
  if (found.length === 0) return [];
  const lines = found.map(
    ({ at, source, reason }) => `  ${ago(at, now)}, ${shortText(source, 40)}: ${shortText(reason, 300)}`,
  );
  return ['', 'Rejected messages', ...lines];
}
