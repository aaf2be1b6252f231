import type { PlantedDefect } from '../planted-defect.ts';

/** The one call budget. */
export const budget: readonly PlantedDefect[] = [
  {
    name: 'Moments may be used however late: whoever stood still calls beyond the quota',
    rules: [9],
    file: 'shared/apigee/call-budget.ts',
    find: `until: asked + behind + lateness });`,
    replace: `until: Infinity });`,
    caughtBy: ['test/shared/apigee/shared-budget.test.ts'],
  },
  {
    name: 'A run takes the moments of edits',
    rules: [2],
    file: 'shared/core/budget/ledger.ts',
    find: `(lane === 'edits' ? (['edits', 'runs'] as const) : (['runs'] as const))`,
    replace: `(lane === 'edits' ? (['runs'] as const) : (['edits', 'runs'] as const))`,
    caughtBy: ['test/shared/state/runs-in-memory.test.ts'],
  },
  {
    name: 'The same moments are given away twice',
    rules: [9],
    file: 'shared/core/budget/ledger.ts',
    find: `startsAt + every * given }`,
    replace: `startsAt + every }`,
    caughtBy: ['test/shared/state/runs-in-memory.test.ts', 'test/shared/apigee/shared-budget.test.ts'],
  },
  {
    name: 'A process that works alone asks for a call at a time',
    rules: [],
    file: 'shared/apigee/call-budget.ts',
    find: `Math.max(fewestAtOnce, waiting.length - moments.length, begun.length - moments.length)`,
    replace: `1`,
    caughtBy: ['test/shared/apigee/shared-budget.test.ts'],
  },
  {
    name: 'Others who use up the quota are not given way to',
    rules: [25],
    file: 'shared/core/budget/ledger.ts',
    find: `runs: Math.max(ledger.runs, until) };`,
    replace: `runs: ledger.runs };`,
    caughtBy: ['test/shared/apigee/shared-budget.test.ts'],
  },
];
