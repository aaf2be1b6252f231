import { heldGroups, type Holds } from '../views/holds.ts';
import { holdWords, releaseGroupCommand } from '../words/holds.ts';
import { isoTime } from './report.ts';

/** Holds for scripts. Times are ISO 8601; a run's `people` is null where the people it planned for were not read. */
export function toHoldsJson({ runs, people, exact }: Holds): unknown {
  return {
    runs: runs.map(({ run, heldAt, advice, supersededBy, planned }) => ({
      runId: run.runId,
      mode: run.mode,
      dryRun: run.dryRun,
      startedAt: isoTime(run.startedAt),
      heldAt: isoTime(heldAt),
      problem: run.problem ?? null,
      planned: run.gate?.planned ?? null,
      seen: run.gate?.seen ?? null,
      limit: run.gate?.limit ?? null,
      limitPercent: run.gate?.limitPercent ?? null,
      approvable: advice === 'approve',
      supersededBy: supersededBy ?? null,
      people:
        planned?.map(({ key, situation, fields, reason }) => ({ person: key, situation, fields, reason })) ?? null,
    })),
    people: people.map(({ key, reason, detail, since }) => ({ person: key, reason, detail, since: isoTime(since) })),
    groups: heldGroups(people).map((group) => ({
      reason: group.reason,
      words: holdWords(group.reason).reason,
      advice: holdWords(group.reason).advice,
      people: group.people.length,
      release: releaseGroupCommand(group.reason),
    })),
    peopleAtLeast: !exact,
  };
}
