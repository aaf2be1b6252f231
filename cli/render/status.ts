import type { Counted, Status } from '../../shared/operator/views/status.ts';
import { nextTryWords } from '../../shared/operator/words/person.ts';
import { activeWords, freshnessWords, stopWords } from '../../shared/operator/words/runs.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import { ago, counted, duration, number, timeWords } from '../../shared/operator/words/quantities.ts';
import { personWords } from '../../shared/operator/words/results.ts';
import { workingTime } from '../../shared/run/lifecycle/end-run.ts';
import type { Run } from '../../shared/state/runs.ts';
import { renderTable, type Layout } from './layout.ts';
import { toneOf } from './tones.ts';

/** At most so many people are listed. */
const shownPeople = 50;

export function renderStatus(status: Status, layout: Layout): string {
  const { now, active, queued } = status;
  const lines = [
    ...(status.stopped === undefined ? [] : [`STOPPED      ${stopWords(status.stopped)}: devsync resume`, '']),
    ...lastRuns(status.runs, now, layout),
    '',
    `Active       ${active === undefined ? 'no run' : activeWords(active, now)}`,
    ...(queued.length === 0 ? [] : [`Queued       ${queued.map(({ runId }) => safeText(runId)).join(', ')}`]),
    `Full         ${freshnessWords(status.lastFull, now)}`,
    `Incremental  ${freshnessWords(status.lastIncremental, now)}`,
    `People       ${peopleWords(status)}`,
    ...oldestWords(status),
    ...troubledPeople(status, layout),
    ...fieldsLeftAlone(status),
    ...rejections(status),
  ];
  return `${lines.join('\n')}\n`;
}

/** The last runs by themselves. */
export function renderRuns(runs: readonly Run[], now: number, layout: Layout): string {
  return `${lastRuns(runs, now, layout).join('\n')}\n`;
}

function lastRuns(runs: readonly Run[], now: number, layout: Layout): readonly string[] {
  if (runs.length === 0) return ['There has been no run yet: devsync sync requests the first one.'];
  const head = ['run', 'requested', 'mode', 'state', 'seen', 'created', 'updated', 'held', 'failed', 'took'];
  const rows = runs.map((run) => {
    const { runId, requestedAt, mode, dryRun, state, totals, problem } = run;
    const counts = totals?.counts;
    const worked = workingTime(run);
    const took = worked === undefined ? '' : duration(worked);
    // What a dry run would do is not done.
    const made = (people: number): string => (dryRun && people > 0 ? `(${number(people)})` : number(people));
    const sides = (what: { readonly apigee: number; readonly portal: number } | undefined): string =>
      what === undefined ? '' : made(what.apigee + what.portal);
    const count = (value: number | undefined): string => (value === undefined ? '' : number(value));
    return [
      safeText(runId),
      ago(requestedAt, now),
      dryRun ? `${mode}, dry` : mode,
      { text: problem === undefined ? state : `${state}: ${shortText(problem, 200)}`, tone: toneOf(state) },
      count(counts?.seen),
      sides(counts?.created),
      sides(counts?.updated),
      count(counts?.held),
      count(counts?.failed),
      took,
    ];
  });
  return [renderTable(head, rows, layout)];
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

function troubledPeople({ troubled, now }: Status, layout: Layout): readonly string[] {
  if (troubled.length === 0) return [];
  const rows = troubled.slice(0, shownPeople).map((person) => {
    const { key, kind, since, attempts, reason } = person;
    const tries = attempts === undefined || attempts < 2 ? kind : `${kind}, ${counted(attempts, 'try', 'tries')}`;
    return [
      shortText(personWords(key), 60),
      { text: tries, tone: kind === 'failed' ? 'bad' : 'doubtful' } as const,
      timeWords(since),
      nextTryWords(person, now),
      shortText(reason, 400),
    ];
  });
  const table = renderTable(['person', 'is', 'since', 'tried again', 'why'], rows, layout);
  const more = troubled.length - shownPeople;
  return ['', table, ...(more > 0 ? [`and ${number(more)} more: devsync status --json lists them`] : [])];
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
