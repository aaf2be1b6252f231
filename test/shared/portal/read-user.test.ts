import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PortalReading } from '../../../shared/core/model/profile.ts';
import { defaultMapping, parseMapping } from '../../../shared/portal/mapping-config.ts';
import type { PortalMapping } from '../../../shared/portal/mapping.ts';
import { largestProfile } from '../../../shared/core/model/limits.ts';
import { fieldsRead, readPortalUser } from '../../../shared/portal/read-user.ts';

const mapping = { ...defaultMapping, emailVerified: ['verified'] } as const;

function read(data: unknown, by: typeof defaultMapping = mapping): PortalReading {
  return readPortalUser({ id: 'u1', data, updatedAt: 5000, version: 'v1' }, by);
}

function userOf(data: Readonly<Record<string, unknown>>, by: typeof defaultMapping = mapping) {
  const reading = read({ email: 'ann@example.com', ...data }, by);
  if (reading.kind !== 'user') throw new Error(JSON.stringify(reading));
  return reading.user;
}

function problemsOf(data: unknown, by: typeof defaultMapping = mapping): readonly string[] {
  const reading = read(data, by);
  return reading.kind === 'malformed' ? reading.problems : [];
}

/** The fields that are left alone, each with what it must be. */
function leftOf(data: Readonly<Record<string, unknown>>, by?: typeof defaultMapping): object {
  return Object.fromEntries(userOf(data, by).unreadable ?? []);
}

describe('a portal user', () => {
  test('every mapped field is read, and kept as written', () => {
    const data = {
      email: 'Ann@Example.com',
      firstName: ' Ann ',
      lastName: 'Miller',
      userName: 'ann',
      status: 'inactive',
      attributes: { colour: ' blue ', empty: '' },
      updatedAt: 7000,
      verified: true,
      other: [{ never: 'looked at' }],
    };
    expect(read(data)).toEqual({
      kind: 'user',
      user: {
        id: 'u1',
        email: 'Ann@Example.com',
        userName: 'ann',
        profile: {
          firstName: ' Ann ',
          lastName: 'Miller',
          status: 'inactive',
          attributes: new Map([
            ['colour', ' blue '],
            ['empty', ''],
          ]),
        },
        emailVerified: true,
        passwordResetRequired: false,
        updatedAt: 7000,
        writtenAt: 5000,
        version: 'v1',
      },
    });
  });

  test('missing, null and blank values are missing', () => {
    for (const data of [
      {},
      { firstName: null, attributes: null, status: null },
      { firstName: ' ', userName: '\t' },
      { lastName: '', userName: '', status: '', updatedAt: '' },
      { status: ' \n', updatedAt: '\u00A0' },
    ]) {
      expect(userOf(data)).toMatchObject({
        userName: undefined,
        profile: { firstName: undefined, lastName: undefined, status: undefined, attributes: new Map() },
        updatedAt: 5000,
      });
    }
    expect(userOf({ attributes: { a: null } }).profile.attributes).toEqual(new Map());
  });

  test('rule 13: reserved attributes are left out, whatever they hold', () => {
    const attributes = { MINT_X: 1, _apiportal: 'x', __apigee_reserved__x: 'x', '': 'x', __x__: 'x', kept: 'x' };
    expect(userOf({ attributes }).profile.attributes).toEqual(new Map([['kept', 'x']]));
  });

  test('named attributes are read from their own fields, and others not at all', () => {
    const named = parseMapping('{"attributes":{"company":"org.name","gone":"gone"}}');
    const user = userOf({ org: { name: 'ACME' }, attributes: 3 }, named);
    expect(user.profile.attributes).toEqual(new Map([['company', 'ACME']]));
    expect(userOf({ org: { name: 7 } }, named).profile.attributes).toEqual(new Map([['company', '7']]));
    expect(leftOf({ org: 'ACME' }, named)).toEqual({
      'attributes.company': 'The field "org.name" must be text, and what leads there maps.',
    });
  });

  test('rule 19: only a plain true is verified, and without such a field everyone is', () => {
    const values = [true, false, 'true', 1, null, undefined, { is: true }];
    expect(values.map((verified) => userOf({ verified }).emailVerified)).toEqual(values.map((value) => value === true));
    expect(userOf({ verified: false }, defaultMapping).emailVerified).toBe(true);
  });

  test.each([
    ['a timestamp', { toMillis: () => 1_700_000_000_000 }, 1_700_000_000_000],
    ['a Date', new Date(1_700_000_000_000), 1_700_000_000_000],
    ['a number of ms', 1_700_000_000_000.5, 1_700_000_000_000.5],
    ['text in UTC', '2026-03-01T10:00:00Z', Date.UTC(2026, 2, 1, 10)],
    ['text with nanoseconds', '2026-03-01T10:00:00.123456789Z', Date.UTC(2026, 2, 1, 10, 0, 0, 123)],
    ['text in another zone', '2026-03-01T10:00+02:00', Date.UTC(2026, 2, 1, 8)],
    ['text in the short form of a zone', '2026-03-01T10:00:00,5-0130', Date.UTC(2026, 2, 1, 11, 30, 0, 500)],
  ])('rule 4: the portal says when it was updated, as %s', (_, updatedAt, expected) => {
    expect(userOf({ updatedAt }).updatedAt).toBe(expected);
  });

  test('rule 4: without a mapped field the update time of the document counts', () => {
    expect(userOf({ updatedAt: 7000 }, { ...mapping, updatedAt: undefined }).updatedAt).toBe(5000);
  });
});

const attributesShape = 'must be a map of attributes, or a list of maps with a "name" and a "value" each';

describe('a field that cannot be read', () => {
  test.each([
    [{ firstName: 7 }, 'firstName', 'The field "firstName" must be text.'],
    [{ lastName: {} }, 'lastName', 'The field "lastName" must be text.'],
    [{ userName: ['secret'] }, 'userName', 'The field "userName" must be text.'],
    [{ lastName: '\ud800secret' }, 'lastName', 'The field "lastName" must be well-formed Unicode.'],
    [{ attributes: ['secret'] }, 'attributes', `The field "attributes" ${attributesShape}.`],
    [{ attributes: new Date(0) }, 'attributes', `The field "attributes" ${attributesShape}.`],
    [{ attributes: { a: '\udc00' } }, 'attributes.a', 'The field "attributes.a" must be well-formed Unicode.'],
    [
      { attributes: { 'a.b': Number.NaN } },
      'attributes.a.b',
      'The field "attributes.a.b" must be a number that is exact.',
    ],
    [
      { attributes: { '\udc00': 'x' } },
      'attributes.\udc00',
      'The field "attributes.\ufffd" must have a name of well-formed Unicode.',
    ],
    [
      {
        attributes: [
          { name: 'a', value: 'x' },
          { name: 'a', value: 'y' },
        ],
      },
      'attributes.a',
      'The field "attributes.a" must be in the list once.',
    ],
  ])('%j is named with what it must be and without a value, and the rest is read', (data, field, problem) => {
    expect(leftOf({ ...data, status: 'inactive' })).toEqual({ [field]: problem });
    expect(userOf({ ...data, status: 'inactive' }).profile.status).toBe('inactive');
    expect(problem).not.toContain('secret');
  });

  test.each([
    ['tomorrow'],
    ['2026-03-01'],
    ['2026-03-01T10:00:00'],
    ['2026-13-01T10:00:00Z'],
    [Infinity],
    [9e15],
    [true],
    [{}],
    [new Date(Number.NaN)],
  ])('an update time of %j is no time: the one of the document counts', (updatedAt) => {
    expect(userOf({ updatedAt }).updatedAt).toBe(5000);
    expect(leftOf({ updatedAt })).toMatchObject({
      updatedAt: expect.stringContaining('must be a timestamp') as string,
    });
  });

  test('where the path needs a map is not overwritten', () => {
    const nested = {
      ...mapping,
      firstName: ['person', 'first'],
      attributes: { kind: 'map', path: ['sync', 'all'] },
    } as const;
    expect(leftOf({ person: 'Ann', sync: 'x' }, nested)).toEqual({
      firstName: 'The field "person.first" must be text.',
      attributes: `The field "sync.all" ${attributesShape}.`,
    });
    expect(userOf({ person: null, sync: {} }, nested).profile.firstName).toBeUndefined();
  });

  test('more than fifty of them are one', () => {
    const attributes = Object.fromEntries(Array.from({ length: 51 }, (_, place) => [`a${String(place)}`, /x/u]));
    expect(leftOf({ attributes })).toEqual({
      attributes: 'The field "attributes" must hold attributes: more than 50 of its values are none.',
    });
  });
});

describe('a document that cannot be used', () => {
  test.each([
    [{}, 'The field "email" must be a usable email address of at most 254 characters.'],
    [{ email: 'secret' }, 'The field "email" must be a usable email address of at most 254 characters.'],
    [{ email: ['a@b.c'] }, 'The field "email" must be a usable email address of at most 254 characters.'],
    [{ email: 'a@b.c', status: 'Active' }, 'The field "status" must be "active" or "inactive".'],
    [{ email: 'a@b.c', status: '.' }, 'The field "status" must be "active" or "inactive".'],
    [{ email: '' }, 'The field "email" must be a usable email address of at most 254 characters.'],
    [{ email: ' \t' }, 'The field "email" must be a usable email address of at most 254 characters.'],
  ])('%j says what it must be, and no value', (data, problem) => {
    expect(problemsOf(data)).toEqual([problem]);
    expect(problem).not.toContain('secret');
  });

  test('its canonical email is given where it can be read (rule 18)', () => {
    expect(read({ email: ' Ann@Example.com', status: 7 })).toMatchObject({
      kind: 'malformed',
      email: 'ann@example.com',
    });
    expect(read({ email: 7, firstName: 'Ann' })).toMatchObject({ kind: 'malformed', email: undefined });
  });

  test('more than Apigee could ever take is a problem', () => {
    const half = 'é'.repeat(largestProfile / 4);
    expect(problemsOf({ email: 'a@b.c', firstName: half, attributes: { a: half.slice(9) } })).toEqual([]);
    expect(problemsOf({ email: 'a@b.c', firstName: half, attributes: { aa: half.slice(9) } })).toEqual([]);
    expect(problemsOf({ email: 'a@b.c', firstName: half, attributes: { aaa: half.slice(9) } })).toEqual([
      'The names and attributes together must have at most 65536 bytes, 16 for each attribute included.',
    ]);
  });

  test('a hundred thousand bad attributes make a short report, at once', () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, place) => [`name ${place}`.padEnd(300), place]),
    );
    const began = performance.now();
    const problems = problemsOf({ email: 'a@b.c', attributes });
    expect(performance.now() - began).toBeLessThan(5000);
    expect(problems).toEqual([
      'The names and attributes together must have at most 65536 bytes, 16 for each attribute included.',
    ]);
  });
});

test('whatever a document holds, reading it ends in a user or in problems', () => {
  const hostile = fc.anything({ withDate: true, withNullPrototype: true, withUnicodeString: true } as const);
  const data = fc.oneof(
    hostile,
    fc.record({
      email: fc.oneof(fc.emailAddress(), hostile),
      attributes: hostile,
      updatedAt: hostile,
      status: hostile,
    }),
  );
  fc.assert(
    fc.property(data, (document) => {
      const reading = read(document);
      expect(['user', 'malformed']).toContain(reading.kind);
      expect(reading.kind === 'malformed' && reading.problems.length === 0).toBe(false);
    }),
  );
});

test('of a document, only the fields that stores are asked for are looked into', () => {
  const mapping: PortalMapping = {
    ...defaultMapping,
    email: ['contact', 'mail'],
    lastName: ['name', 'last'],
    attributes: { kind: 'named', fields: new Map([['tier', { path: ['plan', 'tier'], direction: 'both' }]]) },
    emailVerified: ['verified'],
  };
  const fields = new Set(fieldsRead(mapping));
  expect([...fields].sort()).toEqual([
    'contact',
    'firstName',
    'name',
    'passwordResetRequired',
    'plan',
    'status',
    'updatedAt',
    'userName',
    'verified',
  ]);
  const value = fc.oneof(fc.string(), fc.record({ mail: fc.emailAddress(), last: fc.string(), tier: fc.string() }));
  const names = [...fields, 'email', 'lastName', 'passwordHash', 'mail', 'photo'];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), (data) => {
      const asked = Object.fromEntries(Object.entries(data).filter(([name]) => fields.has(name)));
      expect(read(asked, mapping)).toEqual(read(data, mapping));
    }),
  );
});

test('a document with a __proto__ field pollutes nothing', () => {
  const data: unknown = JSON.parse(
    '{"email":"a@b.c","__proto__":{"firstName":"x"},"attributes":{"__proto__":"x","y":"z"}}',
  );
  const reading = read(data);
  expect(reading).toMatchObject({ kind: 'user', user: { profile: { firstName: undefined } } });
  expect(reading.kind === 'user' && [...reading.user.profile.attributes]).toEqual([['y', 'z']]);
});
