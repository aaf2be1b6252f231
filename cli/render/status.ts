import type { Counted, Status } from '../../shared/operator/views/status.ts';
import { nextTryWords } from '../../shared/operator/words/person.ts';
import { activeWords, freshnessWords, stopWords } from '../../shared/operator/words/runs.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import { ago, counted, duration, number, timeWords } from '../../shared/operator/words/quantities.ts';
import { personWords } from '../../shared/operator/words/results.ts';
import { workingTime } from '../../shared/run/lifecycle/end-run.ts';
import type { Run } from '../../shared/state/runs.ts';
import { folded, plainTable } from './report.ts';

/** At most so many people are listed. */
const shownPeople = 50;

export function renderStatus(status: Status): string {
  const { now, active, queued } = status;
  const lines = [
    ...(status.stopped === undefined ? [] : [`STOPPED      ${stopWords(status.stopped)}: devsync resume`, '']),
    ...lastRuns(status.runs, now),
    '',
    `Active       ${active === undefined ? 'no run' : activeWords(active, now)}`,
    ...(queued.length === 0 ? [] : [`Queued       ${queued.map(({ runId }) => safeText(runId)).join(', ')}`]),
    `Full         ${freshnessWords(status.lastFull, now)}`,
    `Incremental  ${freshnessWords(status.lastIncremental, now)}`,
    `People       ${peopleWords(status)}`,
    ...oldestWords(status),
    ...troubledPeople(status),
    ...fieldsLeftAlone(status),
    ...rejections(status),
  ];
  return `${lines.join('\n')}\n`;
}

/** The last runs by themselves. */
export function renderRuns(runs: readonly Run[], now: number): string {
  return `${lastRuns(runs, now).join('\n')}\n`;
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
  for (const person of troubled.slice(0, shownPeople)) {
    const { key, kind, since, attempts, reason } = person;
    table.push([
      shortText(personWords(key), 60),
      attempts === undefined || attempts < 2 ? kind : `${kind}, ${counted(attempts, 'try', 'tries')}`,
      timeWords(since),
      nextTryWords(person, now),
      folded(shortText(reason, 400), 56),
    ]);
  }
  const more = troubled.length - shownPeople;
  return ['', table.toString(), ...(more > 0 ? [`and ${number(more)} more: devsync status --json lists them`] : [])];
}

/** People by problem, because a wrong mapping is the same sentence for everybody. */
function fieldsLeftAlone({ leftAlone }: Status): readonly string[] {
  const people = new Map<string, string[]>();
  for (const { key, problems } of leftAlone) {
    for (const problem of problems) people.set(problem, [...(people.get(problem) ?? []), key]);
  }
  if (people.size === 0) return [];
  const groups = [...people].sort(([, a], [, b]) => b.length - a.length).slice(0, shownPeople);
  const lines = groups.map(([problem, keys]) => {
    const who = `${counted(keys.length, 'person', 'people')}, such as ${shortText(personWords(keys[0] ?? ''), 60)}`;
    return `  ${who}: ${shortText(problem, 300)}`;
  });
  return ['', 'Fields left alone on both sides', ...lines];
}

function rejections({ rejections: found, now }: Status): readonly string[] {
  if (found.length === 0) return [];
  const lines = found.map(
    ({ at, source, reason }) => `  ${ago(at, now)}, ${shortText(source, 40)}: ${shortText(reason, 300)}`,
  );
  return ['', 'Rejected messages', ...lines];
}
