import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newLink, type Link } from '../../../shared/core/model/link.ts';
import type { Profile } from '../../../shared/core/model/profile.ts';
import { compare } from '../../../shared/verify/compare.ts';
import { comparedFields, digestOf, differingFields } from '../../../shared/verify/fields.ts';
import type { Person } from '../../../shared/verify/finding.ts';
import { ann, developerOf, policyOf, profileOf, userOf } from '../core/world.ts';

const now = 10_000;
const policy = policyOf({
  directionOf: (name) =>
    name.startsWith('MINT_') ? undefined : name === 'up' ? 'to-apigee' : name === 'down' ? 'to-portal' : 'both',
});
const attributes = (entries: Readonly<Record<string, string>>): Pick<Profile, 'attributes'> => ({
  attributes: new Map(Object.entries(entries)),
});
const many = Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`a${String(index)}`, 'x']));

function personOf(
  user: Partial<Profile> | undefined,
  developer: Partial<Profile> | undefined,
  link?: Partial<Link>,
): Person {
  return {
    key: ann,
    users: user === undefined ? [] : [userOf(user)],
    unreadable: [],
    developers: developer === undefined ? [] : [developerOf(developer)],
    link: link && { ...newLink(ann), ...link },
    otherLinks: [],
  };
}

function baseOf(portal: Partial<Profile>, developer: Partial<Profile>): Pick<Link, 'base'> {
  return { base: { portal: profileOf(portal), developer: profileOf(developer), mapping: 'm1' } };
}

const hold = { reason: 'portal-collision', detail: 'why', since: 1 } as const;
const failure = { kind: 'permanent', message: 'no', fingerprint: '', attempts: 1, since: 1 } as const;
const buried = { side: 'portal', at: 600, developerId: 'dev-1', deactivated: false } as const;
const gone = { side: 'developer', at: 600, developerId: 'dev-1', deactivated: false } as const;
const blue = attributes({ team: 'blue' });
const red = attributes({ team: 'red' });

describe('a person is no difference', () => {
  test.each<[string, Person]>([
    ['on neither side', personOf(undefined, undefined)],
    ['with the same profile, though never linked', personOf(blue, blue)],
    ['whose statuses differ (rule 14)', personOf({ status: 'inactive' }, { status: 'active' })],
    ['with a reserved attribute on one side (rule 13)', personOf({}, attributes({ MINT_plan: 'x' }))],
    ['whose name is blank on one side and missing on the other', personOf({ lastName: undefined }, { lastName: ' ' })],
    ['with 19 attributes on both sides', personOf(attributes(many), attributes(many))],
  ])('%s', (_, person) => {
    expect(compare(person, policy, now)).toBeUndefined();
  });
});

describe('a person is explained', () => {
  test.each<[string, Person, string, string]>([
    ['held', personOf({}, undefined, { hold }), 'only-on-portal', 'held'],
    ['failed', personOf(blue, red, { failure }), 'fields-differ', 'failed'],
    ['pending', personOf(undefined, {}, { due: 20_000 }), 'only-in-apigee', 'pending'],
    ['leased', personOf(blue, red, { lease: { holder: 'h', expiresAt: now + 1 } }), 'fields-differ', 'leased'],
    ['buried: the same developer', personOf(undefined, {}, { tombstone: buried }), 'only-in-apigee', 'tombstone'],
    [
      'of whom one side has an attribute that it always had (rule 4)',
      personOf(blue, {}, baseOf(blue, {})),
      'fields-differ',
      'never-removed',
    ],
    [
      'whose attribute an undo has put back on one side',
      personOf(blue, red, { ...baseOf(blue, red), undone: ['attributes.team'] }),
      'fields-differ',
      'undone',
    ],
    [
      'whose attribute goes to Apigee only, edited there',
      personOf(
        attributes({ up: '1' }),
        attributes({ up: '2' }),
        baseOf(attributes({ up: '1' }), attributes({ up: '1' })),
      ),
      'fields-differ',
      'one-way',
    ],
    [
      'whose attribute goes to the portal only, edited there',
      personOf(attributes({ down: '2' }), attributes({ down: '1' }), baseOf({}, attributes({ down: '1' }))),
      'fields-differ',
      'one-way',
    ],
    ['with 19 attributes, failed', personOf(attributes(many), {}, { failure }), 'too-many-attributes', 'failed'],
    [
      'not verified (rule 19)',
      { ...personOf(blue, red), users: [userOf(blue, { emailVerified: false })] },
      'fields-differ',
      'unverified',
    ],
    [
      'held under the email they had (rule 17)',
      { ...personOf({}, undefined), otherLinks: [{ ...newLink(ann), hold: { ...hold, reason: 'rename-refused' } }] },
      'only-on-portal',
      'held',
    ],
    [
      'two portal users, held (rule 1)',
      { ...personOf({}, {}, { hold }), users: [userOf(), userOf({}, { id: 'other' })] },
      'several-portal-users',
      'held',
    ],
    [
      'two developers, held',
      { ...personOf({}, {}, { hold }), developers: [developerOf(), developerOf({}, { developerId: 'dev-2' })] },
      'several-developers',
      'held',
    ],
    [
      'an unreadable document that failed (rule 18)',
      { ...personOf(undefined, {}, { failure }), unreadable: [{ id: 'doc', problems: ['p'] }] },
      'unreadable-document',
      'failed',
    ],
  ])('%s', (_, person, difference, explanation) => {
    expect(compare(person, policy, now)).toMatchObject({
      difference: { kind: difference },
      because: { kind: 'explained', explanation: { kind: explanation } },
    });
  });

  test('deleted in Apigee, and not to come back: by the policy (rule 15)', () => {
    const person = personOf({}, undefined, { tombstone: gone });
    expect(compare(person, policyOf({ apigeeDelete: 'deactivate' }), now)?.because.kind).toBe('explained');
    expect(compare(person, policyOf({ apigeeDelete: 'recreate' }), now)?.because.kind).toBe('unexplained');
  });
});

describe('a person is unexplained', () => {
  test.each<[string, Person, string, string]>([
    ['only on the portal without a link', personOf({}, undefined), 'only-on-portal', 'never-in-step'],
    ['only in Apigee without a link', personOf(undefined, {}), 'only-in-apigee', 'never-in-step'],
    ['only in Apigee, linked', personOf(undefined, {}, baseOf({}, {})), 'only-in-apigee', 'contradiction'],
    ['changed on the portal', personOf(blue, red, baseOf(red, red)), 'fields-differ', 'changed-since'],
    ['changed in Apigee', personOf(blue, red, baseOf(blue, blue)), 'fields-differ', 'changed-since'],
    ['a removal on the portal', personOf({}, red, baseOf(red, red)), 'fields-differ', 'changed-since'],
    [
      'edited after an undo had put the value back',
      personOf(blue, red, { ...baseOf(red, red), undone: ['attributes.team'] }),
      'fields-differ',
      'changed-since',
    ],
    ['recorded as in step with two values', personOf(blue, red, baseOf(blue, red)), 'fields-differ', 'different-base'],
    [
      'edited on the side from which the attribute travels',
      personOf(
        attributes({ up: '2' }),
        attributes({ up: '1' }),
        baseOf(attributes({ up: '1' }), attributes({ up: '1' })),
      ),
      'fields-differ',
      'changed-since',
    ],
    [
      'a lease that ran out',
      personOf(blue, red, { lease: { holder: 'h', expiresAt: now } }),
      'fields-differ',
      'never-in-step',
    ],
    [
      'a developer made after the portal user was deleted',
      {
        ...personOf(undefined, {}, { tombstone: buried }),
        developers: [developerOf({}, { developerId: 'n', createdAt: 601 })],
      },
      'only-in-apigee',
      'contradiction',
    ],
    [
      'two portal users that nobody noticed',
      { ...personOf({}, {}), users: [userOf(), userOf({}, { id: 'other' })] },
      'several-portal-users',
      'never-in-step',
    ],
    [
      'an unreadable document that nobody noticed',
      { ...personOf(undefined, undefined), unreadable: [{ id: 'doc', problems: ['p'] }] },
      'unreadable-document',
      'never-in-step',
    ],
  ])('%s', (_, person, difference, hint) => {
    expect(compare(person, policy, now)).toMatchObject({
      difference: { kind: difference },
      because: { kind: 'unexplained', hint },
    });
  });
});

describe('whatever the two sides are', () => {
  const value = fc.oneof(fc.constantFrom('', 'a', 'b'), fc.string({ unit: 'binary', maxLength: 5 }));
  const name = fc.oneof(
    fc.constantFrom('up', 'down', 'team', 'MINT_x', '__proto__', 'a.b'),
    fc.string({ maxLength: 4 }),
  );
  const profile = fc.record({
    firstName: fc.option(value, { nil: undefined }),
    lastName: fc.option(value, { nil: undefined }),
    attributes: fc.array(fc.tuple(name, value), { maxLength: 4 }).map((entries) => new Map(entries)),
  });

  test('digests are equal exactly where no field differs', () => {
    fc.assert(
      fc.property(profile, profile, (a, b) => {
        const same = differingFields(comparedFields(a, policy), comparedFields(b, policy)).length === 0;
        expect(digestOf(comparedFields(a, policy)) === digestOf(comparedFields(b, policy))).toBe(same);
      }),
      { numRuns: 500 },
    );
  });

  test('no value is in a finding (rule 27), and two equal profiles make none', () => {
    const secret = profile.map((it) => ({
      ...it,
      firstName: it.firstName && `secret-${it.firstName}`,
      attributes: new Map([...it.attributes].map(([key, text]) => [key, `secret-${text}`])),
    }));
    fc.assert(
      fc.property(secret, secret, secret, fc.boolean(), (portal, developer, base, linked) => {
        const person = personOf(portal, developer, linked ? baseOf(base, base) : undefined);
        expect(JSON.stringify(compare(person, policy, now) ?? null)).not.toContain('secret-');
        expect(compare(personOf(portal, portal), policy, now)).toBeUndefined();
      }),
    );
  });
});
