import type { PlantedDefect } from '../planted-defect.ts';

/** shared/sync: leases, fresh reads, and how a decision is carried out and recorded. */
export const writing: readonly PlantedDefect[] = [
  {
    name: 'A result is recorded without a look at the lease',
    rules: [21],
    file: 'shared/sync/record.ts',
    find: `if (warrant.kind === 'lease') return holds(warrant.lease, current?.link, view);`,
    replace: `if (warrant.kind === 'lease') return true;`,
    caughtBy: ['test/shared/sync/under-way.test.ts'],
  },
  {
    name: 'A link is noted on although it changed since the decision',
    rules: [21],
    file: 'shared/sync/record.ts',
    find: `return current?.version === warrant.version && !isLeased(current?.link, view);`,
    replace: `return !isLeased(current?.link, view);`,
    caughtBy: ['test/shared/sync/under-way.test.ts'],
  },
  {
    name: 'A live lease of somebody else is taken',
    rules: [21],
    file: 'shared/sync/lease.ts',
    find: `if (isLeased(stored?.link, view)) return { result: { kind: 'busy' } };`,
    replace: `if (stored?.link.lease?.holder === holder) return { result: { kind: 'busy' } };`,
    caughtBy: ['test/shared/sync/push.test.ts', 'test/simulation/simulation.test.ts'],
  },
  {
    name: 'A lease never expires: whom a crash left leased is never written again',
    rules: [21, 24],
    file: 'shared/sync/lease.ts',
    find: `return link?.lease !== undefined && link.lease.expiresAt > view.now;`,
    replace: `return link?.lease !== undefined;`,
    caughtBy: ['test/simulation/crash-matrix.test.ts'],
  },
  {
    name: 'A call to Apigee is begun that may end after the lease does',
    rules: [21],
    file: 'shared/sync/lease.ts',
    find: `return deps.now() + deps.timing.callMs < lease.until;`,
    replace: `return deps.now() < lease.until;`,
    caughtBy: ['test/shared/sync/under-way.test.ts'],
  },
  {
    name: 'What is about to be pushed is not written down first',
    rules: [23, 24],
    file: 'shared/sync/lease.ts',
    find: `const attempts = mayPush ? [...link.attempts, portal.user.profile].slice(-attemptsKept) : link.attempts;`,
    replace: `const attempts = mayPush ? link.attempts : [];`,
    caughtBy: ['test/simulation/crash-matrix.test.ts'],
  },
  {
    name: 'What an unanswered call may have written is forgotten',
    rules: [23, 24],
    file: 'shared/sync/failures.ts',
    find: `attempts: setback.landed ? current.attempts : attemptsBefore,`,
    replace: `attempts: attemptsBefore,`,
    caughtBy: ['test/shared/sync/under-way.test.ts'],
  },
  {
    name: 'The lease is given back while an unanswered write may still land',
    rules: [21],
    file: 'shared/sync/failures.ts',
    find: `lease: ambiguous ? current.lease : undefined,`,
    replace: `lease: undefined,`,
    caughtBy: ['test/simulation/simulation.test.ts'],
  },
  {
    name: 'Due again is whoever failed for good, instead of whoever failed for a while',
    rules: [7, 25],
    file: 'shared/sync/failures.ts',
    find: `const due = failure.kind === 'transient' ? now + backoff(failure.attempts) : undefined;`,
    replace: `const due = failure.kind === 'permanent' ? now + backoff(failure.attempts) : undefined;`,
    caughtBy: ['test/shared/run/incremental.test.ts'],
  },
  {
    name: 'A portal user who was edited while the push went on is not looked at again',
    rules: [21],
    file: 'shared/sync/record.ts',
    find: `result: moved ? 'done-and-moved' : 'done',`,
    replace: `result: 'done',`,
    caughtBy: ['test/shared/sync/push.test.ts'],
  },
  {
    name: 'A portal edit that arrives between the decision and the write is overwritten',
    rules: [10, 21],
    file: 'shared/sync/record.ts',
    find: `if (moved && decision.portal !== undefined) return { result: 'moved' };`,
    replace: `if (moved && decision.portal?.kind === 'create') return { result: 'moved' };`,
    caughtBy: ['test/shared/sync/registered-meanwhile.test.ts'],
  },
  {
    name: 'Portal user and link are written in two transactions',
    rules: [22, 24],
    file: 'shared/sync/record.ts',
    find: `      portal: decision.portal === undefined ? [] : [portalWrite(decision.portal, create, now)],
    };
  });
}`,
    replace: `    };
  }).then(async (recorded) => {
    const { portal } = decision;
    if (recorded !== 'done' || portal === undefined) return recorded;
    const write = portalWrite(portal, create, deps.now());
    return deps.people.transact<Recorded>({ links: [], portalIds }, () => ({ result: recorded, portal: [write] }));
  });
}`,
    caughtBy: ['test/simulation/crash-matrix.test.ts'],
  },
  {
    name: 'Somebody who registered a moment ago gets a second portal user made from their developer',
    rules: [1, 22],
    file: 'shared/sync/record.ts',
    find: `if (view.portalIdsWithEmail.length > 0) return claimed(current?.link, view.portalIdsWithEmail);`,
    replace: `if (view.portalIdsWithEmail.length > 1) return claimed(current?.link, view.portalIdsWithEmail);`,
    caughtBy: ['test/shared/sync/registered-meanwhile.test.ts'],
  },
  {
    name: 'What a portal pass noted during the push is overwritten',
    rules: [1, 20],
    file: 'shared/sync/record.ts',
    find: `const own = settled.link && keepMarks(finish(settled.link), subject.link, current?.link, now);`,
    replace: `const own = settled.link && finish(settled.link);`,
    caughtBy: ['test/shared/sync/under-way.test.ts'],
  },
  {
    name: 'On Edge a rename takes the link of somebody who appeared there meanwhile',
    rules: [17, 22],
    file: 'shared/sync/record.ts',
    find: `if (renameTargetOf(there) !== subject.renameTarget || isLeased(there, view)) return { result: 'moved' };`,
    replace: `if (isLeased(there, view)) return { result: 'moved' };`,
    caughtBy: ['test/shared/sync/rename.test.ts'],
  },
  {
    name: 'A PUT is made from what a listing showed, without a fresh read',
    rules: [13],
    file: 'shared/sync/sync-person.ts',
    find: `const enough = !decision.destructive && decision.apigee.every((step, index) => index > 0 || step.kind === 'create');`,
    replace: `const enough = !decision.destructive;`,
    caughtBy: ['test/shared/sync/fresh-read.test.ts', 'test/simulation/simulation.test.ts'],
  },
  {
    name: 'Whoever a listing leaves out is taken for deleted, without being asked for by name',
    rules: [15, 25],
    file: 'shared/sync/sync-person.ts',
    find: `return replaces && developer.kind === 'absent' && isKnown(link);`,
    replace: `return replaces && developer.kind === 'collision' && isKnown(link);`,
    caughtBy: ['test/shared/sync/hearsay.test.ts'],
  },
  {
    name: 'The value that lost a conflict is noted only after Apigee was written: a crash loses it',
    rules: [11, 24],
    file: 'shared/sync/note-before-overwriting.ts',
    find: `if (decision.apigee.length === 0 || (decision.lost.length === 0 && !isFirst)) return true;`,
    replace: `if (decision.apigee.length === 0 || !isFirst) return true;`,
    caughtBy: ['test/simulation/crash-matrix.test.ts'],
  },
  {
    name: 'A portal edit older than the last push is skipped as out of date',
    rules: [20],
    file: 'shared/sync/push-portal-edit.ts',
    find: `  const look = async (key: PersonKey): Promise<void> => {`,
    replace: `  const look = async (key: PersonKey): Promise<void> => {
    const pushed = links.find(({ link }) => link.key === key)?.link.last;
    if (pushed?.by === 'push' && reading.kind === 'user' && reading.user.updatedAt <= pushed.at) return;`,
    caughtBy: ['test/shared/sync/events-as-hints.test.ts'],
  },
  {
    name: 'A redelivered batch reports as unchanged what it did the first time',
    rules: [26],
    file: 'shared/sync/results.ts',
    find: `const earlier = decision.outcome === 'unchanged' ? earlierBy(by, subject.link) : undefined;`,
    replace: `const earlier = decision.outcome === 'held' ? earlierBy(by, subject.link) : undefined;`,
    caughtBy: ['test/shared/run/redelivery.test.ts'],
  },
];
