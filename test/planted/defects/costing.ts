import type { PlantedDefect } from '../planted-defect.ts';

/** What runs cost in calls and documents. */
export const costing: readonly PlantedDefect[] = [
  {
    name: 'A full run reads the link of everybody, whom the listing shows as they were',
    rules: [12],
    file: 'shared/run/phases/apigee/range-batch.ts',
    find: `for (const id of knows ? known : [])`,
    replace: `for (const id of knows ? known.slice(0, 0) : [])`,
    caughtBy: ['test/bench/counts.test.ts', 'test/shared/run/parallel-listing.test.ts'],
  },
  {
    name: 'The listing is cut into ranges of half a page, which costs twice the calls',
    rules: [],
    file: 'shared/core/listing/cut.ts',
    find: `const wanted = 980;`,
    replace: `const wanted = 480;`,
    caughtBy: ['test/bench/counts.test.ts'],
  },
  {
    name: 'What is written for bookkeeping counts as read',
    rules: [],
    file: 'shared/state/meter.ts',
    find: `meter.bookkeepingWrites += documents;`,
    replace: `meter.bookkeepingWrites += documents * 0;`,
    caughtBy: ['test/bench/worlds.test.ts', 'test/shared/state/runs-in-memory.test.ts'],
  },
];
