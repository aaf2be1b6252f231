import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../../shared/core/decide/decide.ts';
import { portalFingerprint } from '../../../../shared/core/decide/fingerprint.ts';
import type { Subject } from '../../../../shared/core/model/decision.ts';
import { newLink, type Link } from '../../../../shared/core/model/link.ts';
import type { Policy } from '../../../../shared/core/model/policy.ts';
import type { Absence, EvidenceSource } from '../../../../shared/core/next-step/evidence.ts';
import { nextStep, type GateState, type NextStep } from '../../../../shared/core/next-step/next-step.ts';
import { ann, developerOf, policyOf, profileOf, subjectOf, userOf } from '../world.ts';

/** The columns of the table beside `nextStep()`, in its order. */
const sources: readonly EvidenceSource[] = ['memory', 'listing', 'doubtful-listing', 'fresh'];
const next = '–';

/** The rows of the table: what each source of evidence allows, by the row's name. */
const table = new Map(
  readFileSync(new URL('../../../../shared/core/next-step/next-step.ts', import.meta.url), 'utf8')
    .split('\n')
    .map((line) => /^ \* \| (\S+) +\| (?:.*?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$/.exec(line)?.slice(1))
    .filter((row) => row !== undefined)
    .filter(([name]) => name !== 'row' && !name?.startsWith('--'))
    .map(([name = '', ...cells]) => [name, cells.map((cell) => cell.trim())]),
);

const linked: Link = {
  ...newLink(ann),
  presence: 'both',
  userId: 'doc-ann',
  developer: { email: ann, developerId: 'dev-1', modifiedAt: 1000 },
  base: { portal: profileOf(), developer: profileOf(), mapping: 'm1' },
};
const orphan = { side: 'portal', at: 5000, developerId: 'dev-1', deactivated: false } as const;
const buried: Link = { ...newLink(ann), tombstone: { ...orphan, side: 'both' } };

const deletedDeveloper: Link = {
  ...newLink(ann),
  presence: 'portal',
  userId: 'doc-ann',
  tombstone: { side: 'developer', at: 5000, developerId: 'dev-1', deactivated: false },
  hold: { reason: 'developer-deleted', detail: 'decide', since: 5000 },
};

function person(
  portal: Parameters<typeof userOf>[0] | undefined,
  developer: Parameters<typeof developerOf>[0] | undefined,
  link: Link | null = linked,
): Subject {
  const sides = { portal: portal && userOf(portal), developer: developer && developerOf(developer) };
  return subjectOf({ ...sides, link: link ?? undefined, now: 10_000 });
}

interface Case {
  readonly name: string;
  readonly subject: Subject;
  /** Every row that fits, in the table's order. */
  readonly rows: readonly string[];
  readonly gate?: GateState;
  readonly policy?: Partial<Policy>;
  /** What it proves that the developer was not found; proven where undefined. */
  readonly absence?: Absence;
}

const collision = { reason: 'portal-collision', detail: 'two or more', since: 1 } as const;
const refused = { kind: 'permanent', message: 'no', attempts: 1, since: 1 } as const;
const portalHalf = (subject: Subject): string => `${portalFingerprint(subject.portal, policyOf())}.another`;
const edited = person({ firstName: 'Anna' }, {});

const ungated: readonly Case[] = [
  { name: 'a look is owed', subject: person({}, {}, { ...linked, due: 5 }), rows: ['owed', 'note'] },
  {
    name: 'a call failed for a while',
    subject: person({}, {}, { ...linked, failure: { ...refused, kind: 'transient', fingerprint: '' } }),
    rows: ['owed', 'note'],
  },
  {
    name: 'an intent was never confirmed',
    subject: person({}, {}, { ...linked, intents: [profileOf()] }),
    rows: ['owed', 'note'],
  },
  {
    name: 'a deactivation was never confirmed',
    subject: person({}, {}, { ...linked, deactivationIntent: { developerId: 'dev-1' } }),
    rows: ['owed', 'note'],
  },
  {
    name: 'a deactivation was never confirmed of somebody who is held',
    subject: {
      ...person({}, {}, { ...linked, deactivationIntent: { developerId: 'dev-1' }, hold: collision }),
      portal: { kind: 'collision', bound: 'doc-ann' },
    },
    rows: ['no-op'],
  },
  { name: 'no link knows the portal user', subject: person({}, undefined, null), rows: ['owed', 'write'] },
  {
    name: 'the portal says what was refused for good, the developer is another',
    subject: { ...edited, link: { ...linked, failure: { ...refused, fingerprint: portalHalf(edited) } } },
    rows: ['refused', 'change', 'write'],
  },
  {
    name: 'what was refused for good is to be looked at again',
    subject: { ...edited, link: { ...linked, due: 5, failure: { ...refused, fingerprint: portalHalf(edited) } } },
    rows: ['owed', 'change', 'write'],
  },
  {
    name: 'the portal user was deleted, in a run before its count',
    subject: person(undefined, {}),
    gate: 'closed',
    rows: ['gate', 'change', 'write'],
  },
  { name: 'the portal user was deleted, the gate is open', subject: person(undefined, {}), rows: ['change', 'write'] },
  {
    name: 'the portal user is to go because the developer went',
    subject: person({}, undefined),
    policy: { apigeeDelete: 'delete' },
    rows: ['lost', 'change', 'write'],
  },
  {
    name: 'the portal user is to go because the developer went, which was held until now',
    subject: person({}, undefined, deletedDeveloper),
    policy: { apigeeDelete: 'delete' },
    rows: ['change', 'write'],
  },
  { name: 'the developer is missing, and was known', subject: person({}, undefined), rows: ['lost', 'write'] },
  {
    name: 'the developer is missing and is to be buried',
    subject: person({}, undefined),
    policy: { apigeeDelete: 'hold' },
    rows: ['lost', 'note'],
  },
  {
    name: 'both are missing',
    subject: person(undefined, undefined),
    rows: ['lost', 'note'],
  },
  {
    name: 'a developer appears where both were deleted',
    subject: subjectOf({
      portal: undefined,
      developer: developerOf({}, { developerId: 'dev-2', createdAt: 9_000_000 }),
      link: buried,
      now: 10_000,
    }),
    rows: ['return', 'write'],
  },
  {
    name: 'only the status in Apigee differs from the base',
    subject: person({}, { status: 'inactive' }),
    rows: ['status', 'note'],
  },
  {
    name: 'the developer was edited, and the status differs as well',
    subject: person({}, { status: 'inactive', lastName: 'Leigh' }),
    rows: ['status', 'write'],
  },
  { name: 'the portal user was edited', subject: edited, rows: ['change', 'write'] },
  {
    name: 'the developer is missing under the one spelling that was looked at',
    subject: person({}, undefined),
    policy: { rename: 'in-place' },
    absence: 'one-spelling',
    rows: ['lost', 'spelling', 'write'],
  },
  {
    name: 'both are missing, the developer under the one spelling that was looked at',
    subject: person(undefined, undefined),
    policy: { rename: 'in-place' },
    absence: 'one-spelling',
    rows: ['lost', 'spelling', 'note'],
  },
  {
    name: 'the developer is missing by one read and is to be buried',
    subject: person({}, undefined),
    policy: { apigeeDelete: 'hold' },
    absence: 'unproven',
    rows: ['lost', 'absence', 'note'],
  },
  {
    name: 'the portal user is to go because of one read',
    subject: person({}, undefined),
    policy: { apigeeDelete: 'delete' },
    absence: 'unproven',
    rows: ['lost', 'absence', 'change', 'write'],
  },
  {
    name: 'both are missing, the developer by one read',
    subject: person(undefined, undefined),
    absence: 'unproven',
    rows: ['lost', 'absence', 'note'],
  },
  {
    name: 'the developer is missing by one read and is to be created again',
    subject: person({}, undefined),
    absence: 'unproven',
    rows: ['lost', 'write'],
  },
  {
    name: 'a registration is gone that never had a developer',
    subject: person(undefined, undefined, { ...newLink(ann), presence: 'portal', userId: 'doc-ann' }),
    absence: 'unproven',
    rows: ['note'],
  },
  {
    name: 'a registration is gone whose developer was perhaps created',
    subject: person(undefined, undefined, {
      ...newLink(ann),
      presence: 'portal',
      userId: 'doc-ann',
      intents: [profileOf()],
    }),
    absence: 'unproven',
    rows: ['lost', 'absence', 'note'],
  },
  {
    name: 'a developer whom we made inactive is active again',
    subject: subjectOf({
      portal: undefined,
      developer: developerOf({}),
      link: { ...buried, presence: 'apigee', tombstone: { ...orphan, deactivated: true } },
      now: 10_000,
    }),
    rows: ['status', 'note'],
  },
  { name: 'the portal user is new', subject: person({}, undefined, newLink(ann)), rows: ['write'] },
  { name: 'the developer was edited', subject: person({}, { lastName: 'Leigh' }), rows: ['write'] },
  {
    name: 'the mapping is another since the base was taken',
    subject: person({}, {}, { ...linked, base: { portal: profileOf(), developer: profileOf(), mapping: 'm0' } }),
    rows: ['note'],
  },
  { name: 'nothing changed', subject: person({}, {}), rows: ['no-op'] },
];

/** Every one of them also in a run that an operator has to look at first: what would be written waits. */
const cases: readonly Case[] = ungated.flatMap((one): Case[] => {
  const rows = one.rows.flatMap((row) => (row === 'write' ? ['review', row] : [row]));
  return one.gate === undefined ? [one, { ...one, name: `${one.name}; reviewed`, gate: 'review', rows }] : [one];
});

describe('the table beside nextStep()', () => {
  test('has an answer for every row and source', () => {
    expect([...table.keys()]).toEqual([
      'owed',
      'refused',
      'gate',
      'lost',
      'return',
      'status',
      'change',
      'spelling',
      'absence',
      'review',
      'write',
      'note',
      'no-op',
    ]);
    for (const cells of table.values()) expect(cells).toHaveLength(sources.length);
  });

  test('has a case for every row', () => {
    expect(new Set(cases.flatMap(({ rows }) => rows))).toEqual(new Set(table.keys()));
  });

  const cells = cases.flatMap((one) => sources.map((from) => ({ ...one, from })));
  test.each(cells)('$name, $from: $rows', ({ subject, rows, from, gate = 'open', policy = {}, absence = 'proven' }) => {
    const chosen = policyOf(policy);
    const column = sources.indexOf(from);
    const expected = rows.map((row) => table.get(row)?.[column]).find((cell) => cell !== next);
    const evidence = { from, side: subject.developer, absence: from === 'fresh' ? absence : 'proven' } as const;
    expect(wordsOf(nextStep(subject, decide(subject, chosen), evidence, chosen, gate))).toBe(expected);
  });

  test('a single spelling counts under the lease for a listing, too (Edge, rule 29)', () => {
    const policy = policyOf({ rename: 'in-place' });
    const subject = person({}, undefined, newLink(ann));
    const step = (absence: Absence): NextStep =>
      nextStep(
        subject,
        decide(subject, policy),
        { from: 'listing', side: { kind: 'absent' }, absence },
        policy,
        'open',
      );
    expect([step('unproven'), step('one-spelling')]).toEqual([
      { kind: 'write' },
      { kind: 'wait', for: 'whole-listing' },
    ]);
  });
});

function wordsOf(step: NextStep): string {
  return step.kind === 'wait' ? `wait: ${step.for}` : step.kind;
}
