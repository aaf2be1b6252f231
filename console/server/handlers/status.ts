import type { Freshness, NextAction, StatusAnswer } from '../../api/answers/status.ts';
import { refusedToLook } from '../../../shared/operator/actions/own-state.ts';
import { readStatus, type Status } from '../../../shared/operator/views/status.ts';
import { refusalWords } from '../../../shared/operator/words/refusals.ts';
import { ago, counted } from '../../../shared/operator/words/quantities.ts';
import { activeWords, freshnessWords, stopWords } from '../../../shared/operator/words/runs.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Stopped, Watermark } from '../../../shared/state/control.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { runProgress, seenBefore } from '../answers/progress.ts';
import { runSummary } from '../answers/run.ts';
import { answer, refused, type Handler } from '../asked.ts';
import { askersOf } from './run-kin.ts';

export const status: Handler<'status'> = async ({ desk }) => {
  const { services } = desk;
  const stranger = await refusedToLook(services);
  if (stranger !== undefined) return refused(refusalWords(stranger.reason));
  const found = await readStatus(services);
  const held = (await services.runs(newMeter()).held(20)).filter(({ dryRun }) => !dryRun);
  const askers = await askersOf(desk, found.queued);
  const line = lineOf(found, held);
  return answer({
    now: found.now,
    ...line,
    stopped: stoppedAnswer(found.stopped),
    freshness: { full: freshness(found.lastFull), incremental: freshness(found.lastIncremental) },
    active:
      found.active === undefined
        ? null
        : await runProgress(
            services.runs(newMeter()),
            found.active.run,
            seenBefore(found.runs, found.active.run),
            found.now,
            found.stopped,
          ),
    queued: found.queued.map((run) => runSummary(run, askers.get(run.runId))),
    heldRuns: held.length,
    pending: found.pending,
    held: found.held,
    failed: found.failed,
    oldestSince: found.oldest?.since ?? null,
    rejections: found.rejections.map(({ source, reason, at }) => ({ source, reason: safeText(reason), at })),
  });
};

function stoppedAnswer(stopped: Stopped | undefined): StatusAnswer['stopped'] {
  if (stopped === undefined) return null;
  const { at, by, reason } = stopped;
  return { at, by: safeText(by), reason: reason === undefined ? null : safeText(reason) };
}

function freshness(mark: Watermark | undefined): Freshness | null {
  if (mark === undefined) return null;
  const { runId, startedAt, finishedAt } = mark;
  return { runId, startedAt, finishedAt };
}

type Line = Pick<StatusAnswer, 'state' | 'words' | 'why' | 'next'>;

/** One line for everything: the first that fits counts. */
function lineOf(found: Status, heldRuns: readonly Run[]): Line {
  const { now, active, runs, lastFull, stopped } = found;
  if (stopped !== undefined) {
    const why = `${stopWords(stopped)}. Edits wait until an admin resumes`;
    return { state: 'stopped', words: 'Every write is stopped', why, next: null };
  }
  if (active?.stalled === true) {
    const next: NextAction = {
      kind: 'run',
      mode: 'incremental',
      words: 'Request a run: it sets the other one going again',
    };
    return { state: 'stalled', words: 'A run stands still', why: activeWords(active, now), next };
  }
  if (active !== undefined) {
    const { runId } = active.run;
    return {
      state: 'running',
      words: 'A run is under way',
      why: activeWords(active, now),
      next: { kind: 'look-at-run', runId, words: 'Follow it' },
    };
  }
  const [held] = heldRuns;
  if (held !== undefined) {
    const next: NextAction = {
      kind: 'judge-run',
      runId: held.runId,
      words: 'Look at what waits, then approve or reject it',
    };
    return { state: 'held', words: 'A run is held until somebody decides', why: held.problem ?? '', next };
  }
  if (lastFull === undefined) {
    const next: NextAction = { kind: 'run', mode: 'full', words: 'Run a full synchronisation' };
    return {
      state: 'never-run',
      words: 'Nothing has been synchronised yet',
      why: 'No run with these settings is complete',
      next,
    };
  }
  const latest = runs.find(({ dryRun }) => !dryRun);
  if (latest?.state === 'failed') {
    const next: NextAction = { kind: 'look-at-run', runId: latest.runId, words: 'See why' };
    return { state: 'failed', words: 'The last run failed', why: safeText(latest.problem ?? ''), next };
  }
  const troubled = found.held.people + found.failed.people;
  if (troubled > 0) {
    const why = `${counted(found.held.people, 'person is', 'people are')} held, ${counted(found.failed.people, 'person', 'people')} failed`;
    return {
      state: 'behind',
      words: `${counted(troubled, 'person needs', 'people need')} attention`,
      why,
      next: { kind: 'attention', words: 'See who, by reason' },
    };
  }
  if (found.pending.people > 0) {
    const why = `${counted(found.pending.people, 'person waits', 'people wait')} for the next run`;
    return {
      state: 'behind',
      words: 'A few are behind',
      why,
      next: { kind: 'run', mode: 'incremental', words: 'Run now' },
    };
  }
  const began = Math.max(lastFull.startedAt, found.lastIncremental?.startedAt ?? 0);
  return {
    state: 'in-step',
    words: 'Everybody is in step',
    why: `As of ${ago(began, now)}: ${freshnessWords(lastFull, now)}`,
    next: null,
  };
}
