import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planUndo, type UndoPlan } from '../../../../shared/core/changes/undo.ts';
import { decide } from '../../../../shared/core/decide/decide.ts';
import { afterwards, developerAsFound } from '../../../../shared/core/link-changes/aftermath.ts';
import { checkLink } from '../../../../shared/core/link-changes/check-link.ts';
import { interrupted, refusedByStore, type Interruption } from '../../../../shared/core/link-changes/interrupted.ts';
import { leased, notedBeforeWriting } from '../../../../shared/core/link-changes/leased.ts';
import { withMark } from '../../../../shared/core/link-changes/marked.ts';
import {
  dueNow,
  ontoTarget,
  registeredMeanwhile,
  withClaimOf,
  withNotesOf,
} from '../../../../shared/core/link-changes/noted-meanwhile.ts';
import { release } from '../../../../shared/core/link-changes/released.ts';
import { settleInPart } from '../../../../shared/core/link-changes/settled-in-part.ts';
import { settle, withLast } from '../../../../shared/core/link-changes/settled.ts';
import { undone, undoNoted } from '../../../../shared/core/link-changes/undone.ts';
import type { Change } from '../../../../shared/core/model/change.ts';
import type { Decision, Subject } from '../../../../shared/core/model/decision.ts';
import { newLink, type Link } from '../../../../shared/core/model/link.ts';
import type { Policy } from '../../../../shared/core/model/policy.ts';
import { anyLink, anySubject } from '../arbitrary-link.ts';
import { ann, policy as anyPolicy } from '../world.ts';

/** The table beside `checkLink()`: the fields that each event may touch. */
const table = new Map(
  readFileSync(new URL('../../../../shared/core/link-changes/check-link.ts', import.meta.url), 'utf8')
    .split('\n')
    .map((line) => /^ \* \| (\w+) +\| ([\w-]+\.ts) +\| (.*?) +\|$/.exec(line)?.slice(1))
    .filter((row) => row !== undefined)
    .map(([event = '', file = '', fields = '']) => [event, { file, fields: fields.split(', ').toSorted() }]),
);

interface Found {
  readonly subject: Subject & { readonly link: Link };
  readonly other: Link;
  readonly policy: Policy;
  readonly interruption: Interruption;
  readonly flag: boolean;
}

const interruption: fc.Arbitrary<Interruption> = fc.oneof(
  fc.constant({ kind: 'abandoned' as const }),
  fc.boolean().map((read) => ({ kind: 'postponed' as const, read })),
  fc.constant({ kind: 'held' as const, hold: { reason: 'destructive-limit' as const, detail: 'too many' } }),
  fc
    .tuple(fc.constantFrom('permanent' as const, 'transient' as const), fc.boolean(), fc.boolean())
    .map(([kind, ambiguous, read]) => ({
      kind: 'failed' as const,
      failure: { kind, message: 'no' },
      ambiguous,
      read,
    })),
);
const found: fc.Arbitrary<Found> = fc.record({
  subject: anySubject,
  other: anyLink,
  policy: fc
    .tuple(anyPolicy, fc.boolean())
    .map(([policy, edge]) => (edge ? { ...policy, rename: 'in-place' } : policy)),
  interruption,
  flag: fc.boolean(),
});

const by = { kind: 'run', runId: 'r' } as const;
const now = 30_000;
const decisionFor = ({ subject, policy }: Found): Decision => decide(subject, policy);
const settledFor = (one: Found) => {
  const decision = decisionFor(one);
  const after = afterwards(one.subject, decision.portal, 'doc-new', developerAsFound(one.subject.developer));
  return settle(one.subject, decision, after, one.policy, now);
};

/** An undo of what made both names what they are, or of a creation on either side. */
const undoFor = ({ subject, policy, flag }: Found): UndoPlan => {
  const { portal, developer } = subject;
  const user = portal.kind === 'user' ? portal.user : undefined;
  const onPortal = { side: 'portal', field: 'firstName', before: 'Zed', after: user?.profile.firstName } as const;
  const firstName = developerAsFound(developer)?.firstName;
  const inApigee = { side: 'apigee', field: 'firstName', before: 'Zed', after: firstName } as const;
  const act = flag ? 'updated' : 'created';
  const isOnPortal = flag || subject.rivals.length > 0;
  const change: Change = {
    id: 'c',
    key: ann,
    by,
    at: 1,
    situation: 'in-step',
    reason: 'why',
    userId: user?.id,
    developerId: developerAsFound(developer)?.developerId,
    mapping: policy.mapping,
    destructive: false,
    acts: { portal: isOnPortal ? act : undefined, apigee: flag || !isOnPortal ? act : undefined },
    fields: flag ? [onPortal, inApigee] : [],
  };
  const known = user && { ...user, passwordResetRequired: true };
  const found: Subject = portal.kind === 'user' && known ? { ...subject, portal: { ...portal, user: known } } : subject;
  return planUndo(found, change, { hasApps: false }, policy);
};

/** Every event of the table: the link that comes of one that was found; undefined where nothing is written. */
const events: Readonly<Record<string, (one: Found) => readonly [Link, Link | undefined]>> = {
  leased: ({ subject }) => [subject.link, leased(subject.link, subject, { holder: 'new', expiresAt: 1 })],
  notedBeforeWriting: (one) => [
    one.subject.link,
    notedBeforeWriting(one.subject.link, one.subject, decisionFor(one), one.policy, now),
  ],
  settle: (one) => [one.subject.link, settledFor(one).link],
  withLast: (one) => [one.subject.link, withLast(one.subject.link, decisionFor(one), by, now)],
  settleInPart: (one) => {
    const { link, developer } = one.subject;
    const as = developerAsFound(developer);
    return [link, as && settleInPart(link, one.subject, decisionFor(one), as, one.policy, now)];
  },
  interrupted: (one) => {
    const { subject } = one;
    const work = { subject, decision: decisionFor(one), interruption: one.interruption, applied: one.flag };
    return [
      subject.link,
      interrupted(
        subject.link,
        { ...work, before: { intents: [], deactivationIntent: undefined } },
        by,
        one.policy,
        now,
      ),
    ];
  },
  refusedByStore: (one) => {
    const { link } = one.subject;
    return [link, refusedByStore(link, { ...decisionFor(one), reason: 'too large' }, by, now)];
  },
  undoNoted: (one) => [one.subject.link, undoNoted(one.subject.link, one.subject.developer, undoFor(one), one.policy)],
  undone: (one) => {
    const { link, developer } = one.subject;
    return [link, undone(link, one.subject, undoFor(one), developerAsFound(developer), one.policy, now)];
  },
  withMark: ({ subject, flag }) => [
    subject.link,
    withMark(subject.link, { kind: flag ? 'due' : 'claim', key: ann }, 'doc-eve', now),
  ],
  withNotesOf: ({ subject, other }) => [subject.link, withNotesOf(other, newLink(ann), subject.link, now)],
  ontoTarget: ({ subject, other }) => [subject.link, ontoTarget(subject.link, other, now)],
  withClaimOf: ({ subject, other }) => [other, withClaimOf(subject, ann, other)],
  registeredMeanwhile: ({ subject }) => [subject.link, registeredMeanwhile(subject.link, ['doc-new', 'doc-ann'])],
  dueNow: ({ subject }) => [subject.link, dueNow(subject.link, now)],
  release: ({ subject }) => {
    const released = release(subject.link, now);
    return [subject.link, released.kind === 'released' ? released.link : undefined];
  },
};

const runs = 3000;

describe('what becomes of a link', () => {
  test('is the table beside checkLink(): its events and no others', () => {
    expect([...table.keys()].toSorted()).toEqual(Object.keys(events).toSorted());
  });

  test.each(Object.keys(events))('%s touches the fields that the table says, and each of them at times', (name) => {
    const touched = new Set<string>();
    fc.assert(
      fc.property(found, (one) => {
        const [before, after] = events[name]?.(one) ?? [];
        if (before === undefined || after === undefined) return;
        for (const field of Object.keys(before)) {
          if (!isSame(before[field as keyof Link], after[field as keyof Link])) touched.add(field);
        }
      }),
      { numRuns: runs, seed: 1 },
    );
    expect([...touched].toSorted()).toEqual(table.get(name)?.fields);
  });

  test.each(Object.keys(events))('%s keeps the invariants of a link', (name) => {
    fc.assert(
      fc.property(found, (one) => {
        const [before, after] = events[name]?.(one) ?? [];
        if (before === undefined || after === undefined) return;
        // A link moves only together with its portal user.
        if (name === 'ontoTarget' && before.userId === undefined) return;
        expect(checkLink(after)).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  test('a link that moved to another email keeps the invariants', () => {
    fc.assert(
      fc.property(found, (one) => {
        const { movedTo } = settledFor(one);
        if (movedTo !== undefined) expect(checkLink(ontoTarget(movedTo, one.other, now))).toEqual([]);
      }),
      { numRuns: runs },
    );
  });
});

test.each<[Partial<Link>, string]>([
  [{ presence: 'both', userId: undefined }, 'names a portal user'],
  [{ presence: 'none', userId: 'doc-ann' }, 'names a portal user'],
  [{ presence: 'portal', userId: 'doc-ann', rivals: ['doc-ann'] }, 'own rival'],
  [{ rivals: ['b', 'a'] }, 'sorted'],
  [{ rivals: ['a', 'a'] }, 'sorted'],
])('checkLink finds %j', (changes, problem) => {
  expect(checkLink({ ...newLink(ann), ...changes }).join()).toContain(problem);
});

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a, plain) === JSON.stringify(b, plain);
}

function plain(_: string, value: unknown): unknown {
  return value instanceof Map ? [...(value as Map<string, string>)] : value;
}
