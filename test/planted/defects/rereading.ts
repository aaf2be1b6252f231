import type { PlantedDefect } from '../planted-defect.ts';

/** What an invocation or a process knows already of a run, and does not read again. */
export const rereading: readonly PlantedDefect[] = [
  {
    name: 'A batch waits for another delivery of itself, which may never end',
    rules: [24],
    file: 'shared/run/under-way.ts',
    find: `.every((other) => other === seq)`,
    replace: `.length === 0`,
    caughtBy: ['test/shared/run/quick-ends.test.ts'],
  },
  {
    name: 'A run that was held a moment ago is held for a second more',
    rules: [24],
    file: 'shared/run/watch.ts',
    find: `if (found?.state !== 'running') known.delete(runId);`,
    replace: ``,
    caughtBy: ['test/shared/run/quick-ends.test.ts'],
  },
  {
    name: 'The end of a run leaves out what was done behind its gate',
    rules: [26],
    file: 'shared/run/lifecycle/count-run.ts',
    find: `count, 'links')`,
    replace: `count, 'destructive')`,
    caughtBy: ['test/shared/run/quick-ends.test.ts'],
  },
  {
    name: 'Of batches that a process ends together none asks whether the phase is over',
    rules: [24],
    file: 'shared/run/under-way.ts',
    find: `        batches.delete(own);`,
    replace: ``,
    caughtBy: ['test/shared/run/under-way.test.ts'],
  },
  {
    name: 'A batch goes by what was known of the run a phase before',
    rules: [16, 29],
    file: 'shared/run/reconcile-batch.ts',
    find: ` && recent.phase === phase`,
    replace: ``,
    caughtBy: ['test/shared/run/steady-state.test.ts'],
  },
  {
    name: 'Whom a walk shows that stands in for ranges is not counted',
    rules: [26],
    file: 'shared/run/phases/apigee/conclude.ts',
    find: `    count.forget();`,
    replace: ``,
    caughtBy: ['test/shared/run/run-count.test.ts'],
  },
  {
    name: 'An invocation that stood still holds a run again that was approved meanwhile',
    rules: [16, 24],
    file: 'shared/run/lifecycle/end-run.ts',
    find: `if (end.gate?.approved === false && run.gate?.approved === true) return { result: undefined };`,
    replace: ``,
    caughtBy: ['test/shared/run/quick-ends.test.ts'],
  },
  {
    name: 'A mark is left out because the link was due when the page was read',
    rules: [20],
    file: 'shared/run/phases/portal.ts',
    find: `...(isDue ? {} : { seen: { links: known } })`,
    replace: `seen: { links: known }`,
    caughtBy: ['test/shared/run/due-meanwhile.test.ts'],
  },
];
