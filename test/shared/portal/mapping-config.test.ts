import { describe, expect, test } from 'vitest';
import { directionOf, isReservedAttribute } from '../../../shared/portal/attribute-selection.ts';
import { defaultMapping, parseMapping } from '../../../shared/portal/mapping-config.ts';
import { mappingFingerprint } from '../../../shared/portal/mapping-fingerprint.ts';

function parse(mapping: unknown): ReturnType<typeof parseMapping> {
  return parseMapping(JSON.stringify(mapping));
}

describe('PORTAL_MAPPING', () => {
  test('an empty object is the documented default', () => {
    expect(parse({})).toEqual(defaultMapping);
  });

  test('given keys override the default, dotted paths are split, null switches an optional field off', () => {
    expect(parse({ email: 'contact.mail', status: null, updatedAt: null, emailVerified: 'checks.email' })).toEqual({
      ...defaultMapping,
      email: ['contact', 'mail'],
      status: undefined,
      updatedAt: undefined,
      emailVerified: ['checks', 'email'],
    });
  });

  test('attributes may be another map, or named one by one with a direction', () => {
    expect(parse({ attributes: 'sync.attributes' }).attributes).toEqual({ kind: 'map', path: ['sync', 'attributes'] });
    const named = parse({ attributes: { 'a.b': 'x.y', company: { path: 'company', direction: 'to-apigee' } } });
    expect(named.attributes).toEqual({
      kind: 'named',
      fields: new Map([
        ['a.b', { path: ['x', 'y'], direction: 'both' }],
        ['company', { path: ['company'], direction: 'to-apigee' }],
      ]),
    });
    expect(parse({ attributes: {} }).attributes).toEqual({ kind: 'named', fields: new Map() });
  });

  const nineteen = Object.fromEntries(Array.from({ length: 19 }, (_, place) => [`a${place}`, `f${place}`]));
  test.each([
    ['no JSON', 'email=mail', /not JSON/u],
    ['a list', '[]', /JSON object/u],
    ['an unknown key', '{"mail":"mail"}', /"mail"; use email, firstName/u],
    ['an unknown key called __proto__', '{"__proto__":"x"}', /"__proto__"/u],
    ['a number for a path', '{"email":1}', /set "email" to the path/u],
    ['an email switched off', '{"email":null}', /"email".*cannot be switched off/u],
    ['an optional path of the wrong type', '{"status":[]}', /set "status".*or to null/u],
    ['an empty path', '{"email":""}', /"email".*single dots/u],
    ['an empty segment', '{"email":"a..b"}', /"email".*single dots/u],
    ['a segment reserved by Firestore', '{"email":"a.__b__"}', /"email".*"__b__".*another path/u],
    ['a broken character', '{"email":"\\ud800"}', /"email".*broken character/u],
    ['a segment that is too long', `{"email":"${'é'.repeat(751)}"}`, /"email".*1500 bytes/u],
    ['two fields on one path', '{"userName":"email"}', /"email" and "userName".*path of its own/u],
    ['a field inside another', '{"email":"status.email"}', /"email" and "status"/u],
    ['a field inside the attributes', '{"email":"attributes.email"}', /"email" and "attributes"/u],
    ['attributes off', '{"attributes":null}', /\{\} for none/u],
    ['an attribute on the path of a field', '{"attributes":{"mail":"email"}}', /"email" and the attribute "mail"/u],
    [
      'two attributes, one inside the other',
      '{"attributes":{"x":"a","y":"a.b"}}',
      /attribute "x" and the attribute "y"/u,
    ],
    ['an attribute path of the wrong type', '{"attributes":{"x":1}}', /set the attribute "x" to a path/u],
    ['an unknown direction', '{"attributes":{"x":{"path":"x","direction":"up"}}}', /"to-apigee"/u],
    ['an unknown member', '{"attributes":{"x":{"path":"x","way":"up"}}}', /set the attribute "x"/u],
    ['a reserved attribute', '{"attributes":{"MINT_X":"x"}}', /"MINT_X" is reserved.*leave it out/u],
    ['an attribute called __proto__', '{"attributes":{"__proto__":"x"}}', /"__proto__" is reserved/u],
    ['an attribute without a name', '{"attributes":{"":"x"}}', /reserved/u],
    ['a broken attribute name', '{"attributes":{"\\ud800":"x"}}', /broken character/u],
    ['too many attributes', JSON.stringify({ attributes: nineteen }), /names 19; Apigee keeps at most 18/u],
  ])('%s is refused with what to set', (_, text, message) => {
    expect(() => parseMapping(text)).toThrow(message);
    expect(() => parseMapping(text)).toThrow(/^PORTAL_MAPPING: /u);
  });
});

describe('the selection of attributes', () => {
  test('rule 13: reserved names never travel, whatever the mapping', () => {
    const reserved = [
      'MINT_TYPE',
      '_apiportal',
      '_apiportal_x',
      '__apigee_reserved__developer',
      '__proto__',
      '____',
      '',
    ];
    expect(reserved.filter((name) => !isReservedAttribute(name))).toEqual([]);
    expect(reserved.map((name) => directionOf(defaultMapping.attributes, name))).toEqual(reserved.map(() => undefined));
    expect(['mint_type', 'X_MINT_', '__a', 'a__', '___', 'constructor'].filter(isReservedAttribute)).toEqual([]);
  });

  test('a map lets every other name travel both ways, named attributes say their own direction', () => {
    const { attributes } = parse({ attributes: { up: { path: 'up', direction: 'to-apigee' }, any: 'any' } });
    expect(directionOf(defaultMapping.attributes, 'up')).toBe('both');
    expect(['up', 'any', 'constructor'].map((name) => directionOf(attributes, name))).toEqual([
      'to-apigee',
      'both',
      undefined,
    ]);
  });
});

describe('the fingerprint of a mapping', () => {
  const fingerprint = (mapping: unknown): string => mappingFingerprint(parse(mapping));

  test('it is short, and the same for the same mapping however it is written', () => {
    expect(fingerprint({})).toMatch(/^[0-9a-f]{16}$/u);
    expect(fingerprint({ firstName: 'firstName' })).toBe(fingerprint({}));
    expect(fingerprint({ attributes: { a: 'x', b: 'y' } })).toBe(
      fingerprint({ attributes: { b: { path: 'y' }, a: { path: 'x', direction: 'both' } } }),
    );
  });

  test('it changes with everything that decides which values are read, and with nothing else', () => {
    const reading = [
      {},
      { firstName: 'x' },
      { lastName: 'x' },
      { firstName: 'lastName', lastName: 'firstName' },
      { status: null },
      { attributes: 'x' },
      { attributes: { attributes: 'x' } },
      { attributes: { a: 'x' } },
      { attributes: { a: 'x.y' } },
      { attributes: { a: { path: 'x', direction: 'to-portal' } } },
    ];
    expect(new Set(reading.map(fingerprint)).size).toBe(reading.length);
    expect(fingerprint({ email: 'x', userName: null, updatedAt: null, passwordHash: null, emailVerified: 'y' })).toBe(
      fingerprint({}),
    );
  });
});
