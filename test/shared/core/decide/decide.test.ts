import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../../shared/core/decide/decide.ts';
import type { Decision, Subject } from '../../../../shared/core/model/decision.ts';
import { newLink, type Link } from '../../../../shared/core/model/link.ts';
import type { Policy } from '../../../../shared/core/model/policy.ts';
import { nothingElse } from '../../../../shared/core/model/profile.ts';
import { situations } from '../../../../shared/core/model/situation.ts';
import { ann, developerOf, policyOf, profileOf, subjectOf, userOf } from '../world.ts';

/** The rows of the table beside `decide()`. */
const table = readFileSync(new URL('../../../../shared/core/decide/decide.ts', import.meta.url), 'utf8')
  .split('\n')
  .map((line) =>
    /^ \* \| (\S+) +\| (.*) \| (.*) \| (.*) \| (.*) \| (.*) \|$/
      .exec(line)
      ?.slice(1)
      .map((cell) => cell.trim()),
  )
  .filter((row) => row !== undefined)
  .filter(([situation]) => situation !== 'situation' && !situation?.startsWith('--'));

interface Case {
  readonly subject: Subject;
  readonly policy?: Partial<Policy>;
  readonly expected: Partial<Decision>;
}

const link: Link = {
  ...newLink(ann),
  presence: 'both',
  userId: 'doc-ann',
  developer: { email: ann, developerId: 'dev-1', modifiedAt: 1000 },
  base: { portal: profileOf(), developer: profileOf(), mapping: 'm1' },
};
const who = (
  portal: Parameters<typeof userOf>[0] | undefined,
  developer: Parameters<typeof developerOf>[0] | undefined,
  known: Link | null = link,
): Subject =>
  subjectOf({
    portal: portal && userOf(portal),
    developer: developer && developerOf(developer),
    link: known ?? undefined,
    now: 10_000,
  });
const none = { apigee: [], portal: undefined } as const;
const alike = {};
const deletedUser: Link = {
  ...link,
  presence: 'apigee',
  userId: undefined,
  base: undefined,
  tombstone: { side: 'portal', at: 5000, developerId: 'dev-1', deactivated: true },
};
const deletedDeveloper: Link = {
  ...link,
  presence: 'portal',
  developer: undefined,
  base: undefined,
  tombstone: { side: 'developer', at: 5000, developerId: 'dev-1', deactivated: false },
};
const undoneIn = (buried: Link): Link => ({
  ...buried,
  ...(buried.tombstone === undefined ? {} : { tombstone: { ...buried.tombstone, undone: true } }),
});
const heldAsUndone: Partial<Decision> = { outcome: 'held', ...none };
const renamed = (subject: Subject): Subject => ({
  ...subject,
  portal: { kind: 'user', user: userOf({}, { email: 'anne@example.com' }), email: 'anne@example.com' as typeof ann },
});

const claimed = { ...who(undefined, alike, null), rivals: ['doc-bob'] };

/** One per row, in the table's order. */
const cases: readonly Case[] = [
  {
    subject: who(alike, undefined, null),
    policy: { inScope: () => false },
    expected: { outcome: 'ignored', ...none },
  },
  {
    subject: {
      ...who(undefined, alike),
      portal: { kind: 'malformed', id: 'x', problems: ['firstName: must be text'] },
    },
    expected: { outcome: 'failed', reason: 'firstName: must be text', ...none },
  },
  {
    subject: { ...who(alike, alike), portal: { kind: 'collision', bound: 'x' } },
    expected: { outcome: 'held', ...none },
  },
  {
    subject: { ...who(alike, alike), developer: { kind: 'collision', bound: developerOf() } },
    expected: { outcome: 'held', ...none },
  },
  {
    subject: {
      ...who(alike, alike, null),
      portal: { kind: 'user', user: userOf({}, { selected: false }), email: ann },
    },
    expected: { outcome: 'unchanged', ...none },
  },
  {
    subject: {
      ...who(alike, alike, null),
      portal: { kind: 'user', user: userOf({}, { emailVerified: false }), email: ann },
    },
    expected: { outcome: 'unchanged', ...none },
  },
  {
    subject: who(undefined, undefined, null),
    expected: { outcome: 'unchanged', ...none, end: { kind: 'as-is' } },
  },
  { subject: who(undefined, undefined), expected: { outcome: 'unchanged', ...none, end: { kind: 'both-buried' } } },
  { subject: who(undefined, alike, deletedUser), expected: { outcome: 'unchanged', ...none } },
  { subject: who(undefined, alike, undoneIn(deletedUser)), expected: heldAsUndone },
  {
    subject: who(undefined, alike),
    expected: { apigee: [{ kind: 'set-status', email: ann, status: 'inactive' }], destructive: true },
  },
  { subject: claimed, expected: { outcome: 'held', ...none } },
  {
    subject: who(undefined, { status: 'inactive' }, null),
    expected: {
      outcome: 'created-portal',
      portal: {
        kind: 'create',
        user: {
          email: ann,
          userName: 'ann',
          firstName: 'Ann',
          lastName: 'Lee',
          status: 'inactive',
          attributes: new Map(),
        },
      },
    },
  },
  { subject: who(alike, undefined, undoneIn(deletedDeveloper)), expected: heldAsUndone },
  {
    subject: who(alike, undefined, deletedDeveloper),
    policy: { apigeeDelete: 'delete' },
    expected: { outcome: 'unchanged', ...none },
  },
  {
    subject: who(alike, undefined),
    expected: { outcome: 'created-apigee', destructive: false },
  },
  {
    subject: renamed(who(alike, undefined, { ...link, developer: undefined, base: undefined })),
    expected: { ...none, end: { kind: 'moved', to: 'anne@example.com' as typeof ann } },
  },
  {
    subject: who({ status: 'inactive' }, undefined, null),
    expected: {
      outcome: 'created-apigee',
      apigee: [
        {
          kind: 'create',
          developer: {
            email: ann,
            userName: 'ann',
            firstName: 'Ann',
            lastName: 'Lee',
            attributes: new Map(),
            others: nothingElse,
          },
        },
        { kind: 'set-status', email: ann, status: 'inactive' },
      ],
    },
  },
  { subject: renamed(who(alike, alike)), expected: { outcome: 'held', ...none } },
  {
    subject: who({ attributes: new Map([['tier', 'gold']]) }, { firstName: 'Anne' }, null),
    expected: {
      outcome: 'updated-portal',
      portal: { kind: 'update', id: 'doc-ann', changes: [{ field: 'firstName', value: 'Anne' }] },
    },
  },
  { subject: who(alike, alike), expected: { outcome: 'unchanged', ...none } },
  {
    subject: who({ lastName: 'Leigh', status: 'inactive' }, alike),
    expected: { outcome: 'updated-apigee', fields: ['lastName', 'status'], portal: undefined },
  },
  {
    subject: who(alike, { attributes: new Map([['tier', 'gold']]) }),
    expected: {
      outcome: 'updated-portal',
      apigee: [],
      portal: { kind: 'update', id: 'doc-ann', changes: [{ field: 'attributes.tier', value: 'gold' }] },
    },
  },
  {
    subject: who({ lastName: 'Leigh' }, { firstName: 'Anne' }),
    expected: {
      outcome: 'updated-apigee',
      fields: ['lastName', 'firstName'],
      portal: { kind: 'update', id: 'doc-ann', changes: [{ field: 'firstName', value: 'Anne' }] },
    },
  },
  {
    subject: who({ lastName: 'Leigh' }, { lastName: 'Lea' }),
    expected: { outcome: 'updated-portal', lost: [{ field: 'lastName', side: 'portal', value: 'Leigh' }] },
  },
];

describe('the table of situations and reactions', () => {
  test('has a case for every row, and every situation in it', () => {
    expect(table.map(([situation]) => situation)).toHaveLength(cases.length);
    expect(new Set(table.map(([situation]) => situation))).toEqual(new Set(situations));
  });

  test.each(
    table.map(([situation, portal, developer, known, reaction], index) => ({
      situation,
      portal,
      developer,
      known,
      reaction,
      index,
    })),
  )('$situation: portal $portal, developer $developer, known: $known → $reaction', ({ situation, index }) => {
    const given = cases[index];
    if (given === undefined) throw new Error('a row without a case');
    const decision = decide(given.subject, policyOf(given.policy));
    expect(decision.situation).toBe(situation);
    expect(decision).toMatchObject(given.expected);
  });
});

describe('deciding on limits', () => {
  test('fails a nineteenth attribute by name and number, foreign ones counted (rules 9, 18)', () => {
    const many = new Map(Array.from({ length: 18 }, (_, index) => [`a${String(index)}`, 'x'] as const));
    const subject = who({ attributes: many }, { attributes: new Map([['MINT_PLAN', 'x']]) });
    const decision = decide(subject, policyOf());
    expect(decision).toMatchObject({ outcome: 'failed', ...none });
    expect(decision.reason).toBe('attributes: 19 of them, Apigee takes at most 18');
  });

  test.each([
    ['firstName', { firstName: undefined }],
    ['lastName', { lastName: undefined }],
    ['firstName and lastName', { firstName: undefined, lastName: undefined }],
  ])('fails a missing %s, before and after there is a developer (rule 18)', (names, missing) => {
    expect(decide(who(missing, undefined, null), policyOf())).toMatchObject({
      outcome: 'failed',
      reason: `${names} missing: Apigee requires a first and a last name`,
      ...none,
    });
    expect(decide(who(missing, alike), policyOf())).toMatchObject({ outcome: 'failed', ...none });
  });

  test('takes the newer side at equal times to be Apigee (rule 4)', () => {
    const tie = who({ firstName: 'Portal' }, { firstName: 'Apigee' }, null);
    expect(decide(tie, policyOf()).portal).toMatchObject({ changes: [{ field: 'firstName', value: 'Apigee' }] });
  });

  test('does not take the removal of an attribute that the mapping stopped naming for an edit', () => {
    const remapped = { ...link, base: { ...profileBase(), mapping: 'an older mapping' } };
    const decision = decide(who(alike, { attributes: new Map([['tier', 'gold']]) }, remapped), policyOf());
    expect(decision).toMatchObject(none);
  });
});

function profileBase(): { portal: ReturnType<typeof profileOf>; developer: ReturnType<typeof profileOf> } {
  const profile = profileOf({ attributes: new Map([['tier', 'gold']]) });
  return { portal: profile, developer: profile };
}
