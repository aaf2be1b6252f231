import type { PlantedDefect } from '../planted-defect.ts';

/** What an operator is shown of runs and people, and told of orders. */
export const looking: readonly PlantedDefect[] = [
  {
    name: 'A page of the rows of a run looks at the whole run, however large it is',
    rules: [],
    file: 'shared/operator/views/run-rows.ts',
    find: `if (looked === bounds.batches) return`,
    replace: `if (looked === Infinity) return`,
    caughtBy: ['test/shared/operator/views/run-rows.test.ts'],
  },
  {
    name: 'The next page of a run begins at the batch, and shows rows a second time',
    rules: [],
    file: 'shared/operator/views/run-rows.ts',
    find: `place.row >= begin && `,
    replace: `begin >= 0 && `,
    caughtBy: ['test/shared/operator/views/run-rows.test.ts'],
  },
  {
    name: 'An export of a run goes on after the connection was closed',
    rules: [],
    file: 'shared/operator/export/run.ts',
    find: `signal?.throwIfAborted();`,
    replace: ``,
    caughtBy: ['test/shared/operator/views/run-rows.test.ts'],
  },
  {
    name: 'Of a person with many records the oldest are shown',
    rules: [39],
    file: 'shared/state/firestore/audit.ts',
    find: `ofPerson(key).orderBy('personAt', 'desc')`,
    replace: `ofPerson(key).orderBy('personAt')`,
    caughtBy: ['test/shared/state/audit-and-directory.test.ts'],
  },
  {
    name: 'An order that Apigee carried out behind a 5xx is said to have failed',
    rules: [],
    file: 'shared/sync/order-developer.ts',
    find: `const came = error.ambiguous`,
    replace: `const came = error.ambiguous && error.kind === 'conflict'`,
    caughtBy: ['test/shared/operator/actions/unclear-orders.test.ts'],
  },
  {
    name: 'An order that may still be on its way is said not to be done',
    rules: [],
    file: 'shared/sync/unclear-write.ts',
    find: `came.kind === 'not-made' && lookAgainAfterMs === undefined ? { kind: 'unknown' } : came`,
    replace: `came`,
    caughtBy: ['test/shared/operator/actions/unclear-orders.test.ts'],
  },
  {
    name: 'The history of runs leaves out runs that were requested at the moment at which a page ends',
    rules: [],
    file: 'shared/state/firestore/run-store.ts',
    find: `newest.startAfter(...place)`,
    replace: `newest.startAfter(place[0])`,
    caughtBy: ['test/shared/state/runs-firestore.test.ts'],
  },
  {
    name: 'Any operator stops every write',
    rules: [33],
    file: 'console/api/routes.ts',
    find: `path: '/api/stop', role: 'admin'`,
    replace: `path: '/api/stop', role: 'operator'`,
    caughtBy: ['test/console/server/access.test.ts'],
  },
];
