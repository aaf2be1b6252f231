import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, variables } from '../../shared/config/config.ts';
import { policyOf } from '../../shared/config/policy-of.ts';
import { parseMapping } from '../../shared/portal/mapping-config.ts';
import { readPortalUser } from '../../shared/portal/read-user.ts';
import { documentFor } from '../../shared/portal/write-user.ts';
import { anything, names, nested, secret, text, withOwn } from './hostile.ts';

const longestMessage = 5000;

const json = (value: unknown): string => {
  try {
    return JSON.stringify(value, (_, it: unknown) => (typeof it === 'bigint' ? String(it) : it)) ?? '';
  } catch {
    return '[';
  }
};

const path = fc.oneof(fc.constantFrom('email', 'a.b', 'a', '..', '__x__', 'a.__proto__.b', '__proto__'), text);
const keys = fc.constantFrom(
  'email',
  'firstName',
  'lastName',
  'userName',
  'status',
  'updatedAt',
  'emailVerified',
  '__proto__',
);
const attributes = fc.oneof(
  path,
  fc
    .array(
      fc.tuple(
        names,
        fc.oneof(
          path,
          fc.record({ path, direction: fc.oneof(fc.constantFrom('both', 'to-apigee', 'to-portal'), text) }),
          anything,
        ),
      ),
      { maxLength: 20 },
    )
    .map(withOwn),
  anything,
);
const mappings = fc.oneof(
  fc
    .tuple(
      fc.array(fc.tuple(keys, fc.oneof(path, fc.constant(null))), { maxLength: 6 }),
      fc.option(attributes, { nil: undefined }),
    )
    .map(([entries, chosen]) => withOwn(chosen === undefined ? entries : [...entries, ['attributes', chosen]]))
    .map(json),
  anything.map(json),
  text,
  fc.constantFrom('{"attributes":'.repeat(10_000), '['.repeat(100_000)),
);

const user = {
  email: secret,
  userName: secret,
  firstName: 'F',
  lastName: 'L',
  status: 'active',
  attributes: new Map([
    ['__proto__', 'x'],
    ['team', 'blue'],
  ]),
  passwordHash: 'h',
  createdAt: 0,
} as const;

describe('PORTAL_MAPPING', () => {
  test('of whatever text is read, or refused with a sentence that names it', () => {
    fc.assert(
      fc.property(mappings, (given) => {
        let mapping;
        try {
          mapping = parseMapping(given);
        } catch (error) {
          const message = error instanceof Error ? error.message : '';
          expect(message).toMatch(/^PORTAL_MAPPING: ./u);
          return;
        }
        const document = documentFor(user, mapping);
        const reading = readPortalUser({ id: 'x', data: document, updatedAt: 1, version: '1' }, mapping);
        expect(reading).toMatchObject({ kind: 'user', user: { profile: { firstName: 'F', lastName: 'L' } } });
        expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the environment', () => {
  const value = fc.oneof(
    fc.constantFrom(
      'x',
      'edge',
      '0',
      '5',
      '1e3',
      '-1',
      'http://',
      'https://a.b/v1',
      '@/does/not/exist',
      '@',
      '@\u0000',
      '(',
      '[a',
      '(?<a>.)\\k<b>',
    ),
    mappings,
    text,
  );

  test('of whatever values is read, or refused with what to set, and no secret in it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(variables)), value), fc.boolean(), (given, whole) => {
        const env = { ...(whole ? { APIGEE_ORG: 'acme', GOOGLE_CLOUD_PROJECT: 'demo' } : {}), ...given };
        let config;
        try {
          config = readConfig(env);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          const message = error instanceof Error ? error.message : '';
          expect(Object.keys(variables).some((name) => message.includes(name))).toBe(true);
          expect(message.length).toBeLessThan(longestMessage);
          return;
        }
        expect(typeof policyOf(config).mapping).toBe('string');
        expect(config.apigee.callsPerMinute).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  test('with credentials in a variable next to a wrong one does not show them', () => {
    for (const name of ['APIGEE_ACCESS_TOKEN', 'APIGEE_PASSWORD', 'LOG_HASH_KEY'])
      expect(() => readConfig({ [name]: 'hunter2-hunter2-hunter2', APIGEE_TYPE: 'z' })).not.toThrow(/hunter2/u);
  });

  test('nested settings of any depth are refused, not followed', () => {
    expect(() => parseMapping(json(nested(4000)))).toThrow(/^PORTAL_MAPPING: /u);
  });
});
