import type { PlantedDefect } from '../planted-defect.ts';

/** Who gets in, what an operator may do, and what becomes of it. */
export const consoleDefects: readonly PlantedDefect[] = [
  {
    name: 'What an operator does is recorded only after it was done',
    rules: [39],
    file: 'shared/operator/actions/audited.ts',
    find: `  const complete = await beginAudited(services, acting, { ...intended, actionId });
  try {
    const { result, end } = await act(actionId);
    await complete(end);`,
    replace: `  const complete = async (end: Ended): Promise<void> =>
    (await beginAudited(services, acting, { ...intended, actionId }))(end);
  try {
    const { result, end } = await act(actionId);
    await complete(end);`,
    caughtBy: ['test/shared/operator/actions/edit-developer.test.ts'],
  },
  {
    name: 'Of two operators who edit one person, the second one overwrites what the first one set',
    rules: [],
    file: 'shared/operator/actions/edit-developer.ts',
    find: `  if (moved.length > 0) return conflictIn(subject, moved);`,
    replace: ``,
    caughtBy: ['test/shared/operator/actions/edit-developer.test.ts', 'test/console/server/developer-acts.test.ts'],
  },
  {
    name: 'A field with a place on the portal is set in Apigee only',
    rules: [2],
    file: 'shared/operator/actions/plan-edit.ts',
    find: `  return direction === 'both' || direction === 'to-apigee' ? 'portal' : 'apigee';`,
    replace: `  return direction === 'to-apigee' ? 'portal' : 'apigee';`,
    caughtBy: ['test/shared/operator/actions/edit-developer.test.ts'],
  },
  {
    name: 'Deletions that an operator orders do not count against the limit of 60 minutes',
    rules: [16],
    file: 'shared/operator/actions/delete-developer.ts',
    find: `isSpent ||= gate.kind !== 'allowance' || (await gate.spend());`,
    replace: `isSpent = true;`,
    caughtBy: ['test/shared/operator/actions/developer-acts.test.ts'],
  },
  {
    name: 'Deleting a developer leaves the portal user, for whom the next run makes the developer again',
    rules: [15],
    file: 'shared/operator/actions/delete-developer.ts',
    find: `const user = editableUser(subject, deps.policy);`,
    replace: `const user = editableUser({ ...subject, portal: { kind: 'absent' } }, deps.policy);`,
    caughtBy: ['test/shared/operator/actions/developer-acts.test.ts'],
  },
  {
    name: 'An edit of somebody whom PORTAL_FILTER does not select leaves a link behind',
    rules: [],
    file: 'shared/sync/order-developer.ts',
    find: `if (wasLinked || email === undefined || deps.policy.inScope(email)) {`,
    replace: `if (email !== '') {`,
    caughtBy: ['test/shared/operator/actions/edit-developer.test.ts'],
  },
  {
    name: 'Whoever is signed in may do everything',
    rules: [39],
    file: 'console/server/console.ts',
    find: `!mayAct(identified.operator.role, route.role)`,
    replace: `!mayAct('admin', route.role)`,
    caughtBy: ['test/console/server/access.test.ts'],
  },
  {
    name: 'A page of another origin of the same site may act',
    rules: [],
    file: 'console/server/guard/same-site.ts',
    find: `site === 'same-origin' ?`,
    replace: `site.startsWith('same-') ?`,
    caughtBy: ['test/console/server/access.test.ts'],
  },
  {
    name: 'A token that IAP made for another service lets in',
    rules: [],
    file: 'console/server/guard/iap.ts',
    find: `verifySignedJwtWithCertsAsync(token, known, audience, [issuer])`,
    replace: `verifySignedJwtWithCertsAsync(token, known, undefined, [issuer])`,
    caughtBy: ['test/console/server/iap.test.ts'],
  },
  {
    name: 'The address of devsync console signs in whoever finds it later',
    rules: [],
    file: 'console/server/guard/loopback.ts',
    find: `isSpent = use === 'once';`,
    replace: `isSpent = false;`,
    caughtBy: ['test/console/server/on-loopback.test.ts'],
  },
  {
    name: 'A cell of an export is a formula where blanks stand before it',
    rules: [],
    file: 'shared/operator/export/csv.ts',
    find: `["']?)[\\s\\u00a0]*[=+`,
    replace: `["']?)[=+`,
    caughtBy: ['test/shared/operator/export/csv.test.ts'],
  },
  {
    name: 'A list of developers ends at a developer who was deleted meanwhile',
    rules: [3],
    file: 'shared/operator/views/developers.ts',
    find: `const tailLength = 5;`,
    replace: `const tailLength = 1;`,
    caughtBy: ['test/console/server/developers.test.ts'],
  },
  {
    name: 'An order that waited for a lease is carried out after a stop',
    rules: [33],
    file: 'shared/sync/order-developer.ts',
    find: `  if (await deps.isStopped()) {
    await end();`,
    replace: `  if (deps.gate.kind === 'open' && (await deps.isStopped())) {
    await end();`,
    caughtBy: ['test/shared/operator/actions/orders-in-time.test.ts'],
  },
  {
    name: 'The rest of an edit overwrites what somebody else has edited since',
    rules: [11],
    file: 'shared/operator/actions/edit-developer.ts',
    find: `(change) => valueIn(is, change) === valueIn(was, change) && valueOf(`,
    replace: `(change) => valueIn(is, change) !== change.value || valueOf(`,
    caughtBy: ['test/shared/operator/actions/orders-in-time.test.ts'],
  },
  {
    name: 'Whoever releases a person approves a deletion over the limit',
    rules: [16],
    file: 'shared/sync/release-person.ts',
    find: `const gate = approves && released.was === 'destructive-limit'`,
    replace: `const gate = released.was === 'destructive-limit'`,
    caughtBy: ['test/shared/operator/actions/orders-in-time.test.ts'],
  },
];
