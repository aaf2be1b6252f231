import type { PlantedDefect } from '../planted-defect.ts';

/** shared/apigee, portal, wiring, log: what comes in, what goes out, and what is said about it. */
export const outside: readonly PlantedDefect[] = [
  {
    name: 'A server error is taken for "there is no such developer"',
    rules: [25],
    file: 'shared/apigee/errors.ts',
    find: `    case 408:
    case 500:`,
    replace: `    case 500:
      return { kind: 'absent', trouble: 'final' };
    case 408:`,
    caughtBy: ['test/shared/apigee/answers.test.ts'],
  },
  {
    name: 'Any 404 is taken for "there is no such developer", Google’s HTML page too',
    rules: [25],
    file: 'shared/apigee/client.ts',
    find: `return !answer.ok && answer.error.kind === 'absent' ? { ok: true, value: undefined } : answer;`,
    replace: `return !answer.ok && answer.error.status === 404 ? { ok: true, value: undefined } : answer;`,
    caughtBy: ['test/shared/apigee/answers.test.ts'],
  },
  {
    name: 'An empty 200 is taken for success',
    rules: [25],
    file: 'shared/apigee/wire.ts',
    find: `return status === 204 || parseJson(body) !== undefined ? true : undefined;`,
    replace: `return status === 204 || status === 200 ? true : undefined;`,
    caughtBy: ['test/shared/apigee/empty-answers.test.ts'],
  },
  {
    name: 'A creation whose answer was lost is sent again',
    rules: [24, 25],
    file: 'shared/apigee/retry.ts',
    find: `lost: { create: false, others: true, effectUnknown: true },`,
    replace: `lost: { create: true, others: true, effectUnknown: true },`,
    caughtBy: ['test/shared/apigee/retries.test.ts'],
  },
  {
    name: 'A call that Apigee turned away is never tried again',
    rules: [25],
    file: 'shared/apigee/retry.ts',
    find: `const mostTries = 5;`,
    replace: `const mostTries = 1;`,
    caughtBy: ['test/shared/apigee/retries.test.ts'],
  },
  {
    name: 'A call that keeps failing is tried again until its time is up, however often that is',
    rules: [25],
    file: 'shared/apigee/retry.ts',
    find: `if (tries >= mostTries || !mayTryAgain()`,
    replace: `if (!mayTryAgain()`,
    caughtBy: ['test/shared/apigee/retries.test.ts'],
  },
  {
    name: 'A write whose answer was lost is told as certainly not made',
    rules: [24],
    file: 'shared/apigee/retry.ts',
    find: `error: { ...tried.error, ambiguous: effectUnknown } };`,
    replace: `error: { ...tried.error, ambiguous: false } };`,
    caughtBy: ['test/shared/apigee/retries.test.ts'],
  },
  {
    name: 'Once open, the breaker stays open for ever',
    rules: [7, 25],
    file: 'shared/apigee/breaker.ts',
    find: `return state.kind === 'open' && now < state.probeAt ? trouble(state) : undefined;`,
    replace: `return state.kind === 'open' ? trouble(state) : undefined;`,
    caughtBy: ['test/shared/apigee/breaker.test.ts'],
  },
  {
    name: 'The breaker never opens: an outage costs a timeout for every person',
    rules: [7, 25],
    file: 'shared/apigee/breaker.ts',
    find: `return recent.length >= callsNeeded && failed * 2 >= recent.length ? 'unavailable' : undefined;`,
    replace: `return recent.length > callsWatched && failed * 2 >= recent.length ? 'unavailable' : undefined;`,
    caughtBy: ['test/shared/apigee/breaker.test.ts'],
  },
  {
    name: 'Emails and names that Apigee repeats in an error go to the log',
    rules: [27],
    file: 'shared/apigee/connection.ts',
    find: 'scrub(`${heading}: ${words}`, personal, secrets)',
    replace: '`${heading}: ${words}`',
    caughtBy: ['test/shared/apigee/secrecy.test.ts'],
  },
  {
    name: 'People stand in the log by their email',
    rules: [27],
    file: 'shared/log/json-log.ts',
    find: `{ person: createHmac('sha256', key).update(person).digest('hex').slice(0, 16) }`,
    replace: `{ person: person.replace(key, '') }`,
    caughtBy: ['test/shared/log/json-log.test.ts'],
  },
  {
    name: 'The message of an unexpected error, which may quote a document, goes to the log',
    rules: [27],
    file: 'shared/wiring/http-push.ts',
    find: '`${source}: ${known.name}${code}; the message will be delivered again`',
    replace: '`${source}: ${known.name}${code}: ${known.message}; the message will be delivered again`',
    caughtBy: ['test/shared/wiring/http-push.test.ts'],
  },
  {
    name: 'A message whose handling failed is acknowledged',
    rules: [24, 25],
    file: 'shared/wiring/http-push.ts',
    find: `    reportError(log, source, error);
    return 'again';`,
    replace: `    reportError(log, source, error);
    return 'done';`,
    caughtBy: ['test/shared/wiring/http-push.test.ts'],
  },
  {
    name: 'A message that can never be used is delivered again for ever',
    rules: [25],
    file: 'shared/wiring/http-push.ts',
    find: `    await runs.reject({ id, source, reason: parsed.problem.slice(0, 500), at: now() });
    return 'done';`,
    replace: `    await runs.reject({ id, source, reason: parsed.problem.slice(0, 500), at: now() });
    return 'again';`,
    caughtBy: ['test/fuzz/messages.test.ts'],
  },
  {
    name: 'A portal edit that has to wait for Apigee is acknowledged',
    rules: [24, 25],
    file: 'shared/wiring/handlers.ts',
    find: `return results.some(isToComeAgain) ? 'again' : 'done';`,
    replace: `return 'done';`,
    caughtBy: ['test/shared/sync/push-events.test.ts'],
  },
  {
    name: 'The hourly allowance of real-time deletions is asked for and never spent',
    rules: [16],
    file: 'shared/run/session.ts',
    find: `spend: () => runs.spendDestructive(now(), limits.limit)`,
    replace: `spend: async () => limits.limit > 0`,
    caughtBy: ['test/shared/sync/destructive-allowance.test.ts'],
  },
  {
    name: 'An event that says "deleted" is believed, although the document is there again',
    rules: [20],
    file: 'shared/wiring/handlers.ts',
    find: `    const deps = { ...session, by: { kind: 'push' }, gate } as const;`,
    replace: `    const people: typeof session.people = String(event.type).endsWith('.deleted')
      ? {
          ...session.people,
          portalUsers: async () => new Map(),
          read: async (scope) => ({ ...(await session.people.read(scope)), portal: gone(scope.userIds) }),
          transact: (scope, step) =>
            session.people.transact(scope, (view) => step({ ...view, portal: gone(scope.userIds) })),
        }
      : session.people;
    function gone(ids: readonly string[]): ReadonlyMap<string, { readonly kind: 'absent' }> {
      return new Map(ids.map((id) => [id, { kind: 'absent' }]));
    }
    const deps = { ...session, people, by: { kind: 'push' }, gate } as const;`,
    caughtBy: ['test/shared/sync/events-as-hints.test.ts'],
  },
  {
    name: 'Anything written in the emailVerified field counts as verified',
    rules: [19],
    file: 'shared/portal/read-user.ts',
    find: `return field.kind === 'value' && field.value === true;`,
    replace: `return field.kind === 'value' && field.value !== false;`,
    caughtBy: ['test/shared/portal/read-user.test.ts'],
  },
  {
    name: 'Attributes of Apigee’s own portal are synchronised',
    rules: [13],
    file: 'shared/portal/attribute-selection.ts',
    find: `['MINT_', '_apiportal', '__apigee_reserved__']`,
    replace: `['MINT_', '__apigee_reserved__']`,
    caughtBy: ['test/shared/portal/mapping-config.test.ts'],
  },
  {
    name: 'A portal user created from Apigee is not asked to recover the password',
    rules: [6],
    file: 'shared/portal/write-user.ts',
    find: `set(mapping.passwordResetRequired, true);`,
    replace: `set(mapping.passwordResetRequired, false);`,
    caughtBy: ['test/shared/portal/write-user.test.ts'],
  },
  {
    name: 'An update writes the whole attribute map and wipes what it was not asked for',
    rules: [5, 13],
    file: 'shared/portal/write-user.ts',
    find: `[...attributes.path, name] :`,
    replace: `attributes.path :`,
    caughtBy: ['test/shared/portal/write-user.test.ts'],
  },
  {
    name: 'One person synchronised by hand gets a second portal user, where only a full run with other settings was made',
    rules: [1],
    file: 'shared/operator/actions/sync-one.ts',
    find: `return (await runs.control()).lastFull?.scope !== scope;`,
    replace: `return (await runs.control()).lastFull === undefined;`,
    caughtBy: ['test/shared/operator/actions/sync-one.test.ts'],
  },
  {
    name: 'A dead letter is taken off although it could not be published again',
    rules: [24],
    file: 'shared/operator/actions/replay.ts',
    find: `if (!dryRun && parsed.ok) await deadLetters.publish(topic, original.data, original.attributes);`,
    replace: `if (!dryRun && parsed.ok)
        void deadLetters.publish(topic, original.data, original.attributes).catch(() => undefined);`,
    caughtBy: ['test/cli/replay.test.ts'],
  },
  {
    name: 'A run with held people ends the command as if all were well',
    rules: [],
    file: 'cli/commands/sync-run.ts',
    find: `totals.counts.held + totals.counts.failed > 0 ? 2 : 0`,
    replace: `totals.counts.failed > 0 ? 2 : 0`,
    caughtBy: ['test/cli/sync.test.ts'],
  },
  {
    name: 'A portal user who changed since the decision is overwritten in Firestore',
    rules: [10, 21],
    file: 'shared/state/firestore/transaction.ts',
    find: `  const precondition = version === undefined ? undefined : { lastUpdateTime: timestampOf(version) };`,
    replace: `  const precondition = version !== '' ? undefined : { lastUpdateTime: timestampOf(version) };`,
    caughtBy: ['test/shared/state/people-firestore.test.ts'],
  },
  {
    name: 'A link that changed since it was read is overwritten in Firestore',
    rules: [21, 22],
    file: 'shared/state/firestore/transaction.ts',
    find: `batch.update(ref, whole(encodeLink(link)), { lastUpdateTime: timestampOf(before.version) });`,
    replace: `batch.set(ref, encodeLink(link), { merge: false });`,
    caughtBy: ['test/shared/state/people-firestore.test.ts'],
  },
];
