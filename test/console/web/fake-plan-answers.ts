import type { Answers } from '../../../console/api/answers.ts';
import type { ChangedPerson } from '../../../console/api/answers/plans.ts';
import { mayAct } from '../../../console/api/roles.ts';
import { run } from './fake-runs.ts';
import type { FakeAnswers, FakeWorld } from './fake-world.ts';

/** A dry run that found something to do, and one that shows what an undo would put back. */
export function planRuns() {
  const finished = { state: 'done', dryRun: true, counts: counted(3) } as const;
  const plan = run(0, { ...finished, runId: 'plan-1', mode: 'full' });
  const undo = run(0, { ...finished, runId: 'undo-1', mode: 'undo' });
  return { plan, undo };
}

export function counted(updated: number) {
  return {
    seen: 40,
    created: { apigee: 0, portal: 0 },
    updated: { apigee: updated, portal: 0 },
    unchanged: 40 - updated,
    held: 0,
    failed: 0,
  };
}

/** What the fake API answers about plans, undoing and forgetting. */
export function planAnswers(world: FakeWorld): FakeAnswers {
  const begin = (runId: string, mode: 'apply' | 'undo' | 'people', dryRun: boolean) => {
    world.runs = [run(0, { runId, mode, dryRun, state: 'done', counts: counted(3) }), ...world.runs];
    return { runId };
  };
  return {
    plan: (_, [runId]) =>
      ({
        runId: runId ?? '',
        hash: 'abcdef012345',
        expiresAt: Date.now() + 6 * 86_400_000,
        people: 3,
        kinds: { create: 0, update: 2, deactivate: 1, delete: 0 },
        groups: [
          {
            situation: 'portal-changed',
            situationWords: 'changed on the portal',
            outcome: 'updated-apigee',
            outcomeWords: 'would be updated in Apigee',
            people: 3,
            domains: [{ domain: 'example.com', people: 3 }],
            moreDomains: false,
          },
        ],
        refusal: null,
      }) satisfies Answers['plan'],
    changedPeople: (body) =>
      ({
        people: world.some().map(({ id, email }, index): ChangedPerson => ({
          id,
          key: email,
          kind: index === 2 ? 'deactivate' : 'update',
          outcome: 'updated-apigee',
          outcomeWords: 'would be updated in Apigee',
          situation: 'portal-changed',
          situationWords: 'changed on the portal',
          reason: 'only the portal user changed',
          writes: [
            {
              side: 'apigee',
              field: 'lastName',
              values: mayAct(world.role ?? 'viewer', 'operator') ? { before: 'Before', after: 'After' } : null,
            },
          ],
        })),
        next: body['after'] === undefined ? 'more' : null,
      }) satisfies Answers['changedPeople'],
    exportChanges: () => 'person\r\nann@example.com\r\n',
    applyPlan: () => begin('plan-1.applied', 'apply', false) satisfies Answers['applyPlan'],
    planPeople: () => begin('plan-2', 'people', true) satisfies Answers['planPeople'],
    lookAtUndo: (body) => {
      world.kin.set('undo-1', {
        about: { plan: null, undo: { act: String(body['act']), isRun: false }, people: 1, kinds: [] },
        kept: 2,
        hasPlan: true,
      });
      return begin('undo-1', 'undo', true) satisfies Answers['lookAtUndo'];
    },
    undo: () => begin('undo-1.made', 'undo', false) satisfies Answers['undo'],
    whatStops: (body) =>
      ({
        people: (body['people'] as readonly string[]).length,
        apps: 12,
        keys: 14,
        working: 9,
        unread: 0,
      }) satisfies Answers['whatStops'],
    forgetPerson: (body) => {
      const person = world.person(body);
      world.people = world.people.filter((other) => other !== person);
      return { words: ['The person is forgotten.'] } satisfies Answers['forgetPerson'];
    },
  };
}
