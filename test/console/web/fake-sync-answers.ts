import type { Answers } from '../../../console/api/answers.ts';
import { gate, groups, run, runAnswer, runPerson, statusAnswer } from './fake-runs.ts';
import { type FakeAnswers, type FakeWorld, problem } from './fake-world.ts';

/** What the fake API answers about runs, and about whoever needs attention. */
export function syncAnswers(world: FakeWorld): FakeAnswers {
  return {
    session: () =>
      ({
        operator: { email: 'olga@example.com', name: 'olga@example.com' },
        role: world.role ?? 'viewer',
        version: '0.1.0',
        settings: {
          org: 'demo',
          apigeeType: 'x',
          project: 'demo-developer-sync',
          database: '(default)',
          portalCollection: 'portalUsers',
          statePrefix: 'developerSync',
          filter: null,
          destructiveLimit: 50,
          destructiveLimitPercent: 5,
          portalDeletePolicy: 'deactivate',
          apigeeDeletePolicy: 'recreate',
          conflictPolicy: 'merge',
          creationLimit: 500,
          callsPerMinute: 3000,
          mapping: [
            { field: 'email', path: 'mail', direction: null },
            { field: 'attributes.plan', path: 'profile.plan', direction: 'to-apigee' },
          ],
        },
        limits: { attributes: 18 },
        offers: { editDevelopers: true, schedule: true, deadLetters: true },
        now: 0,
      }) satisfies Answers['session'],
    status: () => ({ ...statusAnswer(world.runs.some(({ state }) => state === 'held')), stopped: world.stopped }),
    stopWrites: (body) => {
      world.stopped = { at: Date.now(), by: 'olga@example.com', reason: String(body['reason']) };
      return { words: ['Every write is stopped.'] } satisfies Answers['stopWrites'];
    },
    resumeWrites: () => {
      world.stopped = null;
      return { words: ['Everything goes on.'] } satisfies Answers['resumeWrites'];
    },
    cancelRun: (_, [runId]) => world.judge(runId ?? '', 'failed'),
    runs: () => ({ runs: world.runs, next: null }) satisfies Answers['runs'],
    run: (_, [runId]) => {
      const one = world.runs.find((other) => other.runId === runId);
      if (one === undefined) return problem({ kind: 'not-found', message: 'There is no such run.' });
      return { ...runAnswer(one), ...world.kin.get(one.runId) };
    },
    requestRun: (body) => {
      const { mode, dryRun, reason } = body as { mode: 'full'; dryRun: boolean; reason: string };
      const runId = `asked-${String(world.runs.length)}`;
      world.runs = [
        run(0, {
          runId,
          mode,
          dryRun,
          reason,
          by: 'olga@example.com',
          state: 'running',
          counts: null,
          finishedAt: null,
          requestedAt: Date.now(),
        }),
        ...world.runs,
      ];
      return { runId, joined: false } satisfies Answers['requestRun'];
    },
    runPeople: (body) =>
      (body['field'] === 'rare' && body['after'] === undefined
        ? { people: [], next: 'links.0.0' }
        : {
            people: world.some().map((one, index) => ({
              ...runPerson(
                one,
                index === 2 ? 'failed' : 'updated-apigee',
                index === 2 ? 'failed' : 'updated in Apigee',
                'only the portal user changed since both were last in step',
              ),
              row: `portal.0.${String(index)}`,
            })),
            next: null,
          }) satisfies Answers['runPeople'],
    plannedPeople: (_, [runId]) =>
      ({
        runId: runId ?? '',
        count: world.some().length,
        people: world.some().map((one) => runPerson(one, 'updated-apigee', 'made inactive', 'the portal user is gone')),
      }) satisfies Answers['plannedPeople'],
    approveRun: (_, [runId]) => world.judge(runId ?? '', 'done'),
    rejectRun: (_, [runId]) => world.judge(runId ?? '', 'failed'),
    schedule: () =>
      ({
        jobs: [
          {
            name: 'incremental',
            mode: 'incremental',
            state: 'enabled',
            schedule: '*/15 * * * *',
            timeZone: 'UTC',
            next: Date.now() + 400_000,
            lastAttempt: Date.now() - 500_000,
            words: 'every 15 minutes (UTC), next in 6 min',
          },
          {
            name: 'full',
            mode: 'full',
            state: 'paused',
            schedule: '0 3 * * *',
            timeZone: 'UTC',
            next: null,
            lastAttempt: null,
            words: 'at 03:00 (UTC), paused since yesterday by olga@example.com',
          },
        ],
        problem: null,
      }) satisfies Answers['schedule'],
    pauseSchedule: () => ({ jobs: [], problem: null }) satisfies Answers['pauseSchedule'],
    resumeSchedule: () => ({ jobs: [], problem: null }) satisfies Answers['resumeSchedule'],
    attention: () => ({ groups, people: 7, exact: true }) satisfies Answers['attention'],
    attentionGroup: (_, [id]) => {
      const group = groups.find((one) => one.group === id);
      if (group === undefined) return problem({ kind: 'not-found', message: 'Nobody is left.' });
      return {
        group,
        people: world.some().map(({ id: personId, email }) => ({
          id: personId,
          key: email,
          since: group.since,
          attempts: 1,
          nextTry: null,
          nextTryWords: group.nextTryWords,
        })),
      } satisfies Answers['attentionGroup'];
    },
    retryGroup: () => world.bulk('retry'),
    releaseGroup: () => world.bulk('release'),
    holds: () =>
      ({
        runs: world.runs
          .filter(({ state }) => state === 'held')
          .map((one) => ({ run: one, heldAt: Date.now() - 3_600_000, judge: 'approve', supersededBy: null, gate })),
      }) satisfies Answers['holds'],
    lookAtDeadLetters: () =>
      ({
        topics: [{ topic: 'requests', replayed: 0, rejected: 0, more: false, problem: null }],
      }) satisfies Answers['lookAtDeadLetters'],
    activity: () =>
      ({
        entries: [
          {
            id: 'e1',
            at: Date.now() - 4_000_000,
            kind: 'operator',
            by: 'olga@example.com',
            role: 'admin',
            words: 'Deactivated a developer',
            reason: 'left the company',
            state: 'done',
            outcome: 'updated in Apigee',
            person: { id: 'p3', key: world.people[3]?.email ?? '' },
            runId: null,
            act: 'act-1',
            fields: ['status'],
          },
          {
            id: 'e2',
            at: Date.now() - 9_000_000,
            kind: 'run',
            by: 'schedule',
            role: null,
            words: 'A full run: 1,240 people, 6 changed',
            reason: 'nightly',
            state: 'held',
            outcome: null,
            person: null,
            runId: 'held-1',
            act: null,
            fields: [],
          },
        ],
        next: null,
      }) satisfies Answers['activity'],
  };
}
