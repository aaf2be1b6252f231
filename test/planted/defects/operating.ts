import type { PlantedDefect } from '../planted-defect.ts';

/** What a process may hold, what an installation may touch, and what operators are told. */
export const operating: readonly PlantedDefect[] = [
  {
    name: 'Pages of portal users are read with everything that their documents hold',
    rules: [],
    file: 'shared/state/firestore/portal-queries.ts',
    find: `portal.orderBy(FieldPath.documentId()).select(...fields)`,
    replace: `portal.orderBy(FieldPath.documentId())`,
    caughtBy: ['test/shared/state/people-firestore.test.ts'],
  },
  {
    name: 'Only the inner fields of dotted paths are read: text in place of a map is taken for missing values',
    rules: [10, 18],
    file: 'shared/state/firestore/people-context.ts',
    find: `return fieldsRead(mapping).map((name) => new FieldPath(name));`,
    replace: `const { attributes } = mapping;
  const inner = attributes.kind === 'map' ? [attributes.path] : [...attributes.fields.values()].map(({ path }) => path);
  const outer = fieldsRead(mapping).filter((name) => !inner.some(([first]) => first === name));
  return [...outer.map((name) => new FieldPath(name)), ...inner.map((path) => new FieldPath(...path))];`,
    caughtBy: ['test/shared/state/people-firestore.test.ts'],
  },
  {
    name: 'A page of large portal users, which ends early, is taken for the last one',
    rules: [3],
    file: 'shared/run/phases/portal-pages.ts',
    find: `const end = more ? documents.at(-1)?.id : undefined;`,
    replace: `const end = documents.length < pageSize ? undefined : documents.at(-1)?.id;`,
    caughtBy: ['test/shared/run/large-documents.test.ts'],
  },
  {
    name: 'What a batch reported stays in memory for as long as the process lives',
    rules: [],
    file: 'shared/run/reconcile-batch.ts',
    find: `const report = new BatchReport();`,
    replace:
      'const report = new BatchReport();\n  Object.assign(globalThis, { [`report ${String(Math.random())}`]: [report, batch] });',
    caughtBy: ['test/shared/run/flat-memory.test.ts'],
  },
  {
    name: 'Each hour of the clock has its own allowance of deletions: twice as many pass around the full hour',
    rules: [16],
    file: 'shared/state/allowance.ts',
    find: `spentSince(before, start - hourMs, from) + spentSince(current, start, from)`,
    replace: `spentSince(current, start, start)`,
    caughtBy: ['test/shared/sync/destructive-allowance.test.ts', 'test/shared/state/runs-in-memory.test.ts'],
  },
  {
    name: 'Another organisation is synchronised with the state of this one',
    rules: [38],
    file: 'shared/run/state-owner.ts',
    find: `const parts = ['type', 'org', 'project', 'database', 'collection'] as const;`,
    replace: `const parts = ['project', 'database', 'collection'] as const;`,
    caughtBy: ['test/shared/run/state-owner.test.ts'],
  },
  {
    name: 'A function with the settings of another installation acknowledges the edits that it does not handle',
    rules: [38],
    file: 'shared/wiring/handlers.ts',
    find: `log({ event: 'settings_refused', severity: 'ERROR', message });`,
    replace: `log({ event: 'settings_refused', severity: 'ERROR', message });
    return 'done';`,
    caughtBy: ['test/shared/run/state-owner.test.ts'],
  },
  {
    name: 'A command that only looks claims the state for its settings, right or wrong',
    rules: [38],
    file: 'shared/operator/actions/own-state.ts',
    find: `await services.guard.look(services.runs(newMeter()))`,
    replace: `await services.guard.claim(services.runs(newMeter()))`,
    caughtBy: ['test/shared/run/state-owner.test.ts'],
  },
  {
    name: 'A program that edits a portal user and forgets updatedAt loses its edit to an older one',
    rules: [4, 11],
    file: 'shared/core/decide/together.ts',
    find: `Math.max(user.updatedAt, user.writtenAt)`,
    replace: `user.updatedAt`,
    caughtBy: ['test/shared/sync/forgotten-time.test.ts'],
  },
  {
    name: 'The update time of a document counts whatever was written: who touches an unmapped field last wins',
    rules: [4, 11],
    file: 'shared/core/decide/together.ts',
    find: `base?.portalUpdatedAt === user.updatedAt ? Math.max(user.updatedAt, user.writtenAt) : user.updatedAt`,
    replace: `base === undefined ? user.updatedAt : Math.max(user.updatedAt, user.writtenAt)`,
    caughtBy: ['test/shared/sync/forgotten-time.test.ts'],
  },
  {
    name: 'Whoever waits behind a run that stands still leaves it standing',
    rules: [8],
    file: 'cli/commands/sync-run.ts',
    find: `    takeOver: (stalled) => resumeStalledRun(services, stalled),
`,
    replace: '',
    caughtBy: ['test/cli/sync-behind.test.ts'],
  },
  {
    name: 'A subscription that could not be looked at is said to hold no dead letters',
    rules: [],
    file: 'shared/operator/actions/replay.ts',
    find: `end: { kind: 'failed', error } };`,
    replace: `end: { kind: 'emptied' } };`,
    caughtBy: ['test/shared/operator/actions/replay.test.ts', 'test/cli/replay.test.ts'],
  },
  {
    name: 'A line to Pub/Sub that is out of time is taken for a subscription without messages',
    rules: [],
    file: 'shared/operator/actions/google-dead-letters.ts',
    find: `    if (end === undefined) throw error;
    return end;`,
    replace: `    return end ?? 'read';`,
    caughtBy: ['test/shared/operator/actions/google-dead-letters.test.ts'],
  },
  {
    name: 'A person who is begun after a stop is written all the same',
    rules: [33],
    file: 'shared/sync/sync-person.ts',
    find: `  if (await deps.isStopped()) {
    await recordInterruption`,
    replace: `  if (deps.gate.kind === 'open' && (await deps.isStopped())) {
    await recordInterruption`,
    caughtBy: ['test/shared/run/stop.test.ts'],
  },
  {
    name: 'An edit that comes during a stop is taken for handled',
    rules: [2, 33],
    file: 'shared/wiring/handlers.ts',
    find: `message: 'a portal edit waits: every write is stopped' });
      return 'again';`,
    replace: `message: 'a portal edit waits: every write is stopped' });
      return 'done';`,
    caughtBy: ['test/shared/run/stop.test.ts'],
  },
  {
    name: 'After a stop the run that was under way stands still',
    rules: [24, 33],
    file: 'shared/run/lifecycle/resume.ts',
    find: `if (active?.state === 'running') await publishAgain(session, active);`,
    replace: `if (active?.state === 'held') await publishAgain(session, active);`,
    caughtBy: ['test/shared/run/stop.test.ts'],
  },
  {
    name: 'Forgetting somebody does not ask Apigee whether they are still there',
    rules: [37],
    file: 'shared/operator/actions/forget-person.ts',
    find: `if (answer.value !== undefined) return { kind: 'on-a-side', side: 'apigee' };`,
    replace: ``,
    caughtBy: ['test/cli/forget.test.ts'],
  },
  {
    name: 'The report of a run still names somebody who was forgotten',
    rules: [37],
    file: 'shared/state/forget-in-batch.ts',
    find: `isMeant(row.key) ? { ...row, key: standIn } : row`,
    replace: `row`,
    caughtBy: ['test/cli/forget.test.ts'],
  },
  {
    name: 'A link that a rival waits for loses its email, and nobody can read it any more',
    rules: [15, 37],
    file: 'shared/state/link-keeping.ts',
    find: `const waits = rivals.length > 0 ||`,
    replace: `const waits =`,
    caughtBy: ['test/shared/state/people-in-memory.test.ts'],
  },
  {
    name: 'A script lets a held run go on without having said that it means it',
    rules: [39],
    file: 'cli/process/confirm.ts',
    find: `if (typed === undefined) throw new Refusal('Nobody is there to confirm this: give --yes if it is meant');`,
    replace: `if (typed === undefined) return;`,
    caughtBy: ['test/cli/holds-confirm.test.ts'],
  },
];
