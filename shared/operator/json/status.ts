import type { Watermark } from '../../state/control.ts';
import type { Run } from '../../state/runs.ts';
import type { Counted, Status } from '../views/status.ts';
import { isoTime, toReportJson } from './report.ts';

/** Status for scripts. Times are ISO 8601, ages seconds. */
export function toStatusJson(status: Status): unknown {
  const { now, active, oldest } = status;
  const { stopped } = status;
  return {
    stopped: stopped === undefined ? null : { at: isoTime(stopped.at), by: stopped.by, reason: stopped.reason ?? null },
    runs: status.runs.map(runJson),
    active:
      active === undefined
        ? null
        : {
            ...runJson(active.run),
            phase: active.run.phase,
            lastMoved: isoTime(active.lastMoved),
            stalled: active.stalled,
          },
    queued: status.queued.map(runJson),
    freshness: { full: freshness(status.lastFull, now), incremental: freshness(status.lastIncremental, now) },
    people: {
      pending: countJson(status.pending),
      held: countJson(status.held),
      failed: countJson(status.failed),
      oldestUnsynchronised: oldest === undefined ? null : { person: oldest.key, since: isoTime(oldest.since) },
      leftAlone: status.leftAlone.map(({ key, problems }) => ({ person: key, problems })),
      troubled: status.troubled.map(({ key, kind, reason, since, attempts, due }) => ({
        person: key,
        kind,
        reason,
        since: isoTime(since),
        attempts: attempts ?? null,
        due: isoTime(due),
      })),
    },
    rejections: status.rejections.map(({ source, reason, at }) => ({ source, reason, at: isoTime(at) })),
  };
}

function runJson(run: Run): object {
  return { ...toReportJson(run), requestedAt: isoTime(run.requestedAt), problem: run.problem ?? null };
}

function freshness(mark: Watermark | undefined, now: number): object | null {
  if (mark === undefined) return null;
  const { runId, startedAt, finishedAt } = mark;
  const ageSeconds = Math.max(0, Math.round((now - startedAt) / 1000));
  return { runId, startedAt: isoTime(startedAt), finishedAt: isoTime(finishedAt), ageSeconds };
}

function countJson({ people, exact }: Counted): object {
  return { count: people, atLeast: !exact };
}
