import type { PlantedDefect } from '../planted-defect.ts';

/** Of changes that are kept, and of plans that are applied exactly. */
export const planning: readonly PlantedDefect[] = [
  {
    name: 'A run of chosen people moves the watermark: whom it did not look at is skipped afterwards',
    rules: [25, 36],
    file: 'shared/run/lifecycle/end-run.ts',
    find: `run.dryRun || run.chosen !== undefined || run.startedAt`,
    replace: `run.dryRun || run.startedAt`,
    caughtBy: ['test/cli/plan.test.ts'],
  },
  {
    name: 'A plan is applied to a person who was edited since',
    rules: [36],
    file: 'shared/sync/sync-person.ts',
    find: `if (expected === undefined || isAsPlanned(`,
    replace: `if (expected === undefined || expected.key !== '' || isAsPlanned(`,
    caughtBy: ['test/cli/plan.test.ts'],
  },
  {
    name: 'Of somebody for whom a plan is out of date a claim is left',
    rules: [36],
    file: 'shared/sync/sync-person.ts',
    find: `if (isNew) await forgetClaim(deps, lease, key);
    else await`,
    replace: `if (!isNew || isNew) await`,
    caughtBy: ['test/cli/plan.test.ts'],
  },
  {
    name: 'An order that Apigee carried out behind a 5xx is in no history',
    rules: [34],
    file: 'shared/sync/order-developer.ts',
    find: `if (came.kind === 'made') return made(came.developer);`,
    replace: `if (came.kind === 'made') {
    await end();
    return { kind: 'written', developer: came.developer };
  }`,
    caughtBy: ['test/shared/operator/actions/unclear-orders.test.ts'],
  },
  {
    name: 'A plan is compared with the new values only, and not with those that it replaces',
    rules: [36],
    file: 'shared/core/changes/plan.ts',
    find: `JSON.stringify([side, field, before ?? null, after ?? null])`,
    replace: `JSON.stringify([side, field, after ?? null])`,
    caughtBy: ['test/shared/core/changes/plan.test.ts'],
  },
  {
    name: 'A plan that was made with other settings is applied',
    rules: [36],
    file: 'shared/operator/actions/plan.ts',
    find: `if (settings !== settingsOf(config))`,
    replace: `if (settings === undefined)`,
    caughtBy: ['test/cli/plan.test.ts'],
  },
  {
    name: 'A plan can be applied again and again',
    rules: [36],
    file: 'shared/operator/views/plan.ts',
    find: 'return `${planId}.applied`;',
    replace: 'return `${planId}.${String(Math.random())}`;',
    caughtBy: ['test/cli/plan.test.ts'],
  },
  {
    name: 'What was changed is kept also where nothing was (rule 12)',
    rules: [12, 34],
    file: 'shared/core/changes/note.ts',
    find: `if (written.fields.length === 0) return undefined;`,
    replace: ``,
    caughtBy: ['test/shared/sync/changes-kept.test.ts'],
  },
  {
    name: 'A run that an operator has to look at first writes all the same',
    rules: [36],
    file: 'shared/core/next-step/next-step.ts',
    find: `return gate === 'review' ? { kind: 'wait', for: 'review' } : { kind: 'write' };`,
    replace: `return { kind: 'write' };`,
    caughtBy: ['test/shared/core/next-step/next-step.test.ts'],
  },
  {
    name: 'APPROVAL=first-run asks before no run',
    rules: [36],
    file: 'shared/run/lifecycle/start-run.ts',
    find: `const orReviewed = latest === undefined ? 'always' : 'destructive';`,
    replace: `const orReviewed = latest !== undefined ? 'always' : 'destructive';`,
    caughtBy: ['test/cli/approval.test.ts'],
  },
  {
    name: 'A run that somebody asked for goes over the limits where APPROVAL=none',
    rules: [16, 32],
    file: 'shared/run/lifecycle/start-run.ts',
    find: `scheduled ? session.approval : 'destructive'`,
    replace: `session.approval`,
    caughtBy: ['test/cli/approval.test.ts'],
  },
  {
    name: 'An approved run writes other values than the operator has seen',
    rules: [36],
    file: 'shared/run/phases/destructive.ts',
    find: `context.run.chosen === undefined && !isReviewed(context.run)`,
    replace: `context.run.chosen === undefined`,
    caughtBy: ['test/cli/approval.test.ts'],
  },
];
