import type { AttentionGroup } from '../../../console/api/answers/attention.ts';
import type { GateAnswer, RunAnswer, RunPerson, RunSummary } from '../../../console/api/answers/runs.ts';
import type { StatusAnswer } from '../../../console/api/answers/status.ts';
import type { FakePerson } from './fake-people.ts';

const hour = 3_600_000;

export function run(index: number, more: Partial<RunSummary> = {}): RunSummary {
  const requestedAt = Date.now() - (index + 1) * 6 * hour;
  const isFull = index % 4 === 0;
  const updated = (index * 7) % 13;
  const failed = index % 5 === 0 ? 3 : 1;
  return {
    runId: `20261128T${String(index).padStart(2, '0')}0000Z-1a2b`,
    mode: isFull ? 'full' : 'incremental',
    dryRun: false,
    state: 'done',
    reason: isFull ? 'nightly' : null,
    by: 'schedule',
    requestedAt,
    startedAt: requestedAt + 2000,
    finishedAt: requestedAt + (isFull ? 95_000 : 21_000),
    counts: {
      seen: isFull ? 1240 : 40,
      created: { apigee: index % 2, portal: 0 },
      updated: { apigee: updated, portal: 2 },
      unchanged: (isFull ? 1240 : 40) - (index % 2) - updated - 2 - 2 - failed,
      held: 2,
      failed,
    },
    calls: { list: 3, get: 14 + updated, create: index % 2, update: updated, status: 0, delete: 0 },
    writes: 2 * updated + 4,
    reads: 1300,
    problem: null,
    words: `The ${isFull ? 'full' : 'incremental'} run is complete and adds up.`,
    ...more,
  };
}

export const gate: GateAnswer = {
  planned: 3,
  seen: 40,
  limit: 2,
  limitPercent: 5,
  open: false,
  approved: false,
  review: false,
  uncreated: 0,
  words: '3 to deactivate or delete of 40 seen; at most 2 and 5 %',
};

export function runPerson({ id, email }: FakePerson, outcome: string, words: string, reason: string): RunPerson {
  return {
    id,
    key: email,
    outcome,
    outcomeWords: words,
    situation: 'portal-changed',
    situationWords: 'changed on the portal',
    reason,
    fields: ['lastName'],
  };
}

export function runAnswer(one: RunSummary): RunAnswer {
  const isHeld = one.state === 'held';
  const isRunning = one.state === 'running';
  return {
    now: Date.now(),
    run: one,
    progress: isRunning
      ? {
          runId: one.runId,
          mode: one.mode,
          dryRun: one.dryRun,
          state: 'running',
          phase: 'apigee',
          phaseWords: 'Comparing developers',
          done: 420,
          expected: 1240,
          fraction: 0.42,
          perMinute: 2400,
          leftMs: 21_000,
          waitsFor: 'Apigee, whose call budget is used up for this second',
          startedAt: one.startedAt,
          lastMoved: Date.now(),
          stalled: false,
        }
      : null,
    gate: isHeld ? gate : null,
    rows: 3,
    groups: {
      complete: true,
      outcome: [
        { value: 'updated-apigee', words: 'updated in Apigee', people: 2 },
        { value: 'failed', words: 'failed', people: 1 },
      ],
      situation: [{ value: 'portal-changed', words: 'changed on the portal', people: 3 }],
      field: [{ value: 'lastName', words: 'lastName', people: 3 }],
      reason: [{ value: 'only the portal user changed', words: 'only the portal user changed', people: 2 }],
    },
    judge: isHeld ? 'approve' : null,
    supersededBy: null,
    hasPlan: one.dryRun,
    about: null,
    doneBy: null,
    mayUndo: false,
    stale: 0,
    kept: 0,
  };
}

export const groups: readonly AttentionGroup[] = [
  {
    group: 'g1',
    kind: 'failed',
    reason: 'attributes: more than 18 of them, Apigee takes at most 18',
    advice: 'Remove attributes on the portal, or map fewer of them.',
    people: 4,
    since: Date.now() - 50 * hour,
    nextTry: null,
    nextTryWords: 'once either side changes',
    mayRelease: false,
  },
  {
    group: 'g2',
    kind: 'held',
    reason: 'Apigee does not rename developers: the email on the portal is another one',
    advice: 'Change the email on the portal back, or release the person once it is settled.',
    people: 3,
    since: Date.now() - 30 * hour,
    nextTry: null,
    nextTryWords: 'after a release',
    mayRelease: true,
  },
];

export function statusAnswer(isHeld: boolean): StatusAnswer {
  return {
    now: Date.now(),
    state: isHeld ? 'held' : 'behind',
    words: isHeld ? 'A run is held until somebody decides' : '7 people need attention',
    why: isHeld
      ? 'It would deactivate 3 people, and at most 2 may be without being asked.'
      : 'Everyone else is in step: the last full run looked at all of them 6 hours ago.',
    next: isHeld
      ? { kind: 'judge-run', runId: 'held-1', words: 'Decide about the run' }
      : { kind: 'attention', words: 'See who needs attention' },
    freshness: {
      full: { runId: 'r', startedAt: Date.now() - 6 * hour, finishedAt: Date.now() - 6 * hour + 95_000 },
      incremental: { runId: 'r', startedAt: Date.now() - hour, finishedAt: Date.now() - hour + 20_000 },
    },
    stopped: null,
    active: null,
    queued: [],
    heldRuns: isHeld ? 1 : 0,
    pending: { people: 5, exact: true },
    held: { people: 3, exact: true },
    failed: { people: 4, exact: true },
    oldestSince: Date.now() - 50 * hour,
    rejections: [],
  };
}
