import { operations, type ApigeeCalls } from '../../apigee/developers.ts';
import type { Stopped, Watermark } from '../../state/control.ts';
import { batchPhases, type BatchPhase } from '../../state/batch.ts';
import type { GateVerdict, Run, RunCounts } from '../../state/runs.ts';
import type { ScheduledJob } from '../actions/schedule.ts';
import { stalledAfter } from '../../run/lifecycle/resume.ts';
import type { Progress, RunInTheWay } from '../views/progress.ts';
import type { ActiveRun } from '../views/status.ts';
import { safeText } from './safe-text.ts';
import { ago, counted, number, timeWords } from './quantities.ts';

const phaseNames: Readonly<Record<BatchPhase, string>> = {
  portal: 'reading the portal',
  apigee: 'reconciling developers',
  links: 'looking at who is left',
  destructive: 'deactivating and deleting',
};

/** What a run is at. */
export function phaseWords({ phase, mode }: Pick<Run, 'phase' | 'mode'>): string {
  switch (mode) {
    case 'full':
    case 'incremental':
      return phaseNames[phase];
    case 'people':
      return 'looking at those who were named';
    case 'apply':
      return 'applying the plan';
    case 'undo':
      return 'undoing';
  }
}

/** That every write is stopped, by whom and why, without the full stop. */
export function stopWords({ at, by, reason }: Stopped): string {
  const why = reason === undefined ? '' : `: ${safeText(reason)}`;
  return `Every write was stopped by ${safeText(by)} on ${timeWords(at)}${why}`;
}

/** How a run is or how it ended, and why: one sentence. */
export function runWords(run: Run): string {
  const { runId, mode, dryRun, state, problem } = run;
  const name = `The ${dryRun ? 'dry ' : ''}${mode} run ${safeText(runId)}`;
  const why = problem === undefined ? '' : `: ${safeText(problem)}`;
  switch (state) {
    case 'queued':
      return `${name} is queued.`;
    case 'running':
      return `${name} is running: ${phaseWords(run)}.`;
    case 'held':
      return `${name} is HELD until someone decides${why}`;
    case 'failed':
      return `${name} FAILED${why}`;
    case 'done':
      return `${name} is complete and adds up${why}.`;
  }
}

/** How far a run is, on one line. */
export function progressWords(progress: Progress): string {
  switch (progress.kind) {
    case 'requested':
      return 'requested: waiting for the run to begin';
    case 'queued':
      return progress.behind === undefined
        ? 'queued: about to begin'
        : `queued behind ${inTheWayWords(progress.behind)}`;
    case 'running': {
      const { phase, mode, batchesDone, batchesKnown, walked, developers, dryRun } = progress;
      const batches = `${number(batchesDone)} of ${number(Math.max(batchesKnown, batchesDone))}${walked ? '' : ' or more'} batches`;
      const people = developers === 0 ? '' : `, ${number(developers)} developers`;
      const isWalk = mode === 'full' || mode === 'incremental';
      const step = isWalk ? `step ${String(batchPhases.indexOf(phase) + 1)} of ${String(batchPhases.length)}, ` : '';
      return `${dryRun ? 'dry run, ' : ''}${step}${phaseWords(progress)}: ${batches}${people}`;
    }
    case 'over':
      return progress.state;
  }
}

/** Which run has to end first, since when it runs, and whether it moves. */
export function inTheWayWords({ runId, beganAt, stillMs, isResumed }: RunInTheWay): string {
  const name = `the run ${safeText(runId)}, which began ${timeWords(beganAt)} and has to end first`;
  const still = Math.floor(stillMs / minute);
  if (still < 2) return isResumed ? `${name}; it stood still and was set going again` : name;
  const limit = String(stalledAfter / minute);
  const next =
    stillMs >= stalledAfter ? 'it is set going again now' : `at ${limit} min whoever waits or asks sets it going again`;
  return `${name}; it has stood still for ${String(still)} min, ${next}`;
}

const minute = 60_000;

export function activeWords({ run, lastMoved, stalled }: ActiveRun, now: number): string {
  const stands = stalled ? ' STANDS STILL: the next request or the schedule sets it going again;' : '';
  return `${safeText(run.runId)}, ${run.mode}, ${phaseWords(run)};${stands} last moved ${ago(lastMoved, now)}`;
}

/** How long ago the last complete run of one kind began. */
export function freshnessWords(mark: Watermark | undefined, now: number): string {
  if (mark === undefined) return 'no complete run yet';
  const { runId, startedAt } = mark;
  return `last complete run began ${ago(startedAt, now)} (${timeWords(startedAt)}, ${safeText(runId)})`;
}

/** How many people were seen and created; updated; and the rest: three parts with `; ` between them. */
export function countWords({ seen, created, updated, unchanged, held, failed }: RunCounts): string {
  const sides = ({ apigee, portal }: RunCounts['created'], what: string): string =>
    `${number(apigee)} ${what} in Apigee, ${number(portal)} on the portal`;
  return [
    `${number(seen)} seen: ${sides(created, 'created')}`,
    sides(updated, 'updated'),
    `${number(unchanged)} unchanged, ${number(held)} held, ${number(failed)} failed`,
  ].join('; ');
}

/** How many calls to Apigee were made, in all and by operation. */
export function callWords(calls: ApigeeCalls): string {
  const made = operations.filter((operation) => calls[operation] > 0);
  const total = made.reduce((sum, operation) => sum + calls[operation], 0);
  const each = made.map((operation) => `${operation} ${number(calls[operation])}`).join(', ');
  return `${counted(total, 'call', 'calls')}${each === '' ? '' : `: ${each}`}`;
}

/** How many people a run left to an approval: to deactivate or delete, and to create; and how many it may. Or to write. */
export function gateWords(gate: GateVerdict): string {
  const { planned, review, uncreated, creationLimit, seen, limit, limitPercent, approved } = gate;
  const destructive = planned - uncreated;
  const deletions =
    `${number(destructive)} to deactivate or delete of ${number(seen)} seen;` +
    ` at most ${number(limit)} and ${number(limitPercent)} %`;
  const creations = `${number(uncreated)} more to create than CREATION_LIMIT=${number(creationLimit)} allows`;
  if (review) return `${number(planned)} to write of ${number(seen)} seen (APPROVAL)${approved ? '; approved' : ''}`;
  const both = uncreated === 0 ? deletions : destructive === 0 ? creations : `${creations}; ${deletions}`;
  return `${both}${approved ? '; approved' : ''}`;
}

/** A job of the schedule: its state, when it runs, and when it last did. */
export function jobWords({ state, schedule, timeZone, next, lastAttempt }: ScheduledJob): string {
  const last = lastAttempt === undefined ? 'never run' : `last run ${timeWords(lastAttempt)}`;
  const coming = next === undefined || state !== 'ENABLED' ? '' : `, next ${timeWords(next)}`;
  return `${safeText(state.toLowerCase())}, ${safeText(schedule)} (${safeText(timeZone)}), ${last}${coming}`;
}
