import type { RunProgress } from '../../api/answers/runs.ts';
import { stalledAfter } from '../../../shared/run/lifecycle/resume.ts';
import { lastMoved, runInTheWay } from '../../../shared/operator/views/progress.ts';
import { inTheWayWords, phaseWords } from '../../../shared/operator/words/runs.ts';
import type { Stopped } from '../../../shared/state/control.ts';
import { batchPhases, type BatchPhase } from '../../../shared/state/batch.ts';
import type { Run, Runs } from '../../../shared/state/runs.ts';

/** How many people the last complete run of this kind saw. */
export function seenBefore(recent: readonly Run[], run: Run): number | undefined {
  const earlier = recent.find(
    ({ runId, mode, state, totals }) =>
      runId !== run.runId && mode === run.mode && state !== 'failed' && totals !== undefined,
  );
  return earlier?.totals?.counts.seen;
}

/** How much of the way each phase is, as runs usually go: the pages of the listing are nearly all of it. */
const share: Readonly<Record<BatchPhase, number>> = { portal: 0.15, apigee: 0.7, links: 0.1, destructive: 0.05 };
/** A rate is told only after this long, ms: before, it jumps. */
const settleMs = 5000;

/**
 * How far a run that is not over is, in people. `lastSeen`: how many people the last run of its kind saw. Of the
 * budget of calls and of the breaker it says nothing: each process that calls Apigee has its own, and keeps it to itself.
 */
export async function runProgress(
  runs: Runs,
  run: Run,
  lastSeen: number | undefined,
  now: number,
  stopped: Stopped | undefined,
): Promise<RunProgress | null> {
  const { runId, mode, dryRun, state, phase, startedAt, walks } = run;
  if (state !== 'queued' && state !== 'running') return null;
  const moved = await lastMoved(runs, run);
  const common = { runId, mode, dryRun, startedAt: startedAt ?? null, lastMoved: moved };
  if (state === 'queued') {
    const behind = await runInTheWay(runs, runId, now);
    return {
      ...common,
      state,
      phase: null,
      phaseWords: 'queued',
      done: 0,
      expected: lastSeen ?? null,
      fraction: null,
      perMinute: null,
      leftMs: null,
      waitsFor: stopped !== undefined ? resumption : behind === undefined ? null : inTheWayWords(behind),
      stalled: false,
    };
  }
  const { batches, complete } = walks[phase];
  const finished = batches === 0 ? 0 : await runs.countDone(runId, phase);
  const ofPhase = batches === 0 ? (complete ? 1 : 0) : finished / batches;
  // Until a walk is over nobody knows how much there is: what the last run of the kind saw is the best guess.
  const walkedShare =
    complete || lastSeen === undefined || phase !== 'apigee' ? 1 : Math.min(1, run.walked / Math.max(1, lastSeen));
  const before = batchPhases.slice(0, batchPhases.indexOf(phase)).reduce((sum, one) => sum + share[one], 0);
  const fraction = Math.min(0.99, before + share[phase] * ofPhase * walkedShare);
  const expected = Math.max(lastSeen ?? 0, run.walked);
  const done = phase === 'apigee' ? Math.round(run.walked * ofPhase) : Math.round(expected * fraction);
  const elapsed = startedAt === undefined ? 0 : now - startedAt;
  const isSettled = elapsed >= settleMs && done > 0;
  const canTell = isSettled && fraction > 0 && (complete || lastSeen !== undefined);
  const still = now - moved;
  return {
    ...common,
    state,
    phase,
    phaseWords: phaseWords(run),
    done,
    expected: expected === 0 ? null : expected,
    fraction: complete || lastSeen !== undefined ? fraction : null,
    perMinute: isSettled ? Math.round((done * 60_000) / elapsed) : null,
    leftMs: canTell ? Math.round((elapsed * (1 - fraction)) / fraction) : null,
    waitsFor: stopped === undefined ? waitsFor(batches - finished, still) : resumption,
    stalled: stopped === undefined && still >= stalledAfter,
  };
}

/** Rule 33: a run that is stopped stands still, and a request does not set it going again. */
const resumption = 'an admin to resume: every write is stopped';

/** Nothing has ended for this long, ms: whoever follows should know what for. */
const slowMs = 30_000;

function waitsFor(open: number, still: number): string | null {
  if (still < slowMs) return null;
  return open > 0 ? `${String(open)} batches under way: Apigee takes its time` : 'the next message of the run';
}
