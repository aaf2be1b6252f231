import type { PlantedDefect } from '../planted-defect.ts';

/** What happens at the same time: events of one person, a lease, a registration. */
export const atOnce: readonly PlantedDefect[] = [
  {
    name: 'A push reads the document before its links: an edit that was pushed meanwhile is taken back',
    rules: [20, 21],
    file: 'shared/sync/push-portal-edit.ts',
    find: `  const links = await deps.people.linksOfPortalUser(userId);
  const view = await deps.people.read({ links: [], userIds: [userId] });`,
    replace: `  const view = await deps.people.read({ links: [], userIds: [userId] });
  const links = await deps.people.linksOfPortalUser(userId);`,
    caughtBy: ['test/shared/sync/edits-at-once.test.ts', 'test/simulation/simulation.test.ts'],
  },
  {
    name: 'A lease is counted from when it is taken, although the store counts from the look before',
    rules: [21],
    file: 'shared/sync/lease.ts',
    find: `const until = at + deps.timing.leaseMs;`,
    replace: `const until = Math.max(at, deps.now()) + deps.timing.leaseMs;`,
    caughtBy: ['test/shared/sync/edits-at-once.test.ts'],
  },
  {
    name: 'A push waits for the lease of somebody else instead of giving the event back',
    rules: [20, 21],
    file: 'shared/wiring/allowances.ts',
    find: `timing: { leaseMs: 30 * second, callMs: 7 * second, leaseWaitMs: 0, failureWaitMs: 3 * second },`,
    replace: `timing: { leaseMs: 30 * second, callMs: 7 * second, leaseWaitMs: 3 * second, failureWaitMs: 3 * second },`,
    caughtBy: ['test/shared/sync/edits-at-once.test.ts'],
  },
  {
    name: 'Events that come during a push are answered by that push',
    rules: [2, 20],
    file: 'shared/wiring/coalesce.ts',
    find: `      const shared = waiting.get(key);`,
    replace: `      const shared = waiting.get(key) ?? current;`,
    caughtBy: ['test/shared/wiring/coalesce.test.ts'],
  },
  {
    name: 'A developer is deleted although somebody has just registered with the email',
    rules: [15, 20],
    file: 'shared/sync/record.ts',
    find: `  if (unknown.length === 0) return false;`,
    replace: `  if (unknown.length >= 0) return false;`,
    caughtBy: ['test/shared/sync/unknown-registration.test.ts'],
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
    find: `batch.update(ref, whole(data), { lastUpdateTime: timestampOf(before.version) });`,
    replace: `batch.set(ref, encodeLink(link), { merge: false });`,
    caughtBy: ['test/shared/state/people-firestore.test.ts'],
  },
];
