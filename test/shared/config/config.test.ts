import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, variables } from '../../../shared/config/config.ts';

const least = { APIGEE_ORG: 'acme', GOOGLE_CLOUD_PROJECT: 'demo' };

describe('the configuration', () => {
  test('has the documented defaults', () => {
    expect(readConfig(least)).toMatchObject({
      apigee: { org: 'acme', type: 'x', endpoint: 'https://apigee.googleapis.com', callsPerMinute: 3000 },
      database: '(default)',
      portal: {
        collection: 'portalUsers',
        filter: undefined,
        mapping: { attributes: { kind: 'map', path: ['attributes'] } },
      },
      statePrefix: 'developerSync',
      conflictPolicy: 'merge',
      portalDeletePolicy: 'deactivate',
      apigeeDeletePolicy: 'recreate',
      destructiveLimit: 50,
      destructiveLimitPercent: 5,
      creationLimit: 500,
      requestsTopic: 'developer-sync-requests',
      batchesTopic: 'developer-sync-batches',
    });
  });

  test('takes Edge to its own endpoint, and asks for its credentials', () => {
    const edge = { ...least, APIGEE_TYPE: 'edge' };
    expect(() => readConfig(edge)).toThrow(/APIGEE_USERNAME and APIGEE_PASSWORD/);
    const config = readConfig({ ...edge, APIGEE_USERNAME: 'u', APIGEE_PASSWORD: 'p' });
    expect(config.apigee.endpoint).toBe('https://api.enterprise.apigee.com');
  });

  test('takes an empty variable for one that is not set', () => {
    expect(readConfig({ ...least, PORTAL_FILTER: '', APIGEE_TYPE: '' }).apigee.type).toBe('x');
  });

  test.each([
    ['APIGEE_ORG', undefined, /APIGEE_ORG is not set/],
    ['GOOGLE_CLOUD_PROJECT', undefined, /GOOGLE_CLOUD_PROJECT is not set/],
    ['APIGEE_ORG', 'a/../b', /APIGEE_ORG is wrong: set it to the name of an Apigee organisation/],
    ['APIGEE_TYPE', 'opdk', /one of x, hybrid, edge/],
    ['APIGEE_ENDPOINT', 'https://apigee.googleapis.com/v1', /without \/v1/],
    ['APIGEE_ENDPOINT', 'ftp://host', /base URL/],
    ['APIGEE_ENDPOINT', 'http://apigee.googleapis.com', /with https/],
    ['APIGEE_ENDPOINT', 'http://127.0.0.1.example.com', /with https/],
    ['APIGEE_ENDPOINT', 'https://apigee.googleapis.com@example.com', /without a user name/],
    ['APIGEE_CALLS_PER_MINUTE', '0', /whole number from 60/],
    ['APIGEE_CALLS_PER_MINUTE', '1e3', /whole number from 60/],
    ['APIGEE_CALLS_PER_MINUTE', '59', /whole number from 60/],
    ['DESTRUCTIVE_LIMIT_PERCENT', '101', /from 0 to 100/],
    ['CONFLICT_POLICY', 'portal', /merge, newest-record/],
    ['PORTAL_DELETE_POLICY', 'remove', /deactivate, delete, keep/],
    ['APIGEE_DELETE_POLICY', 'ignore', /recreate, hold, deactivate, delete/],
    ['PORTAL_FILTER', '(', /PORTAL_FILTER is wrong/],
    ['PORTAL_MAPPING', '{', /PORTAL_MAPPING/],
    ['PORTAL_MAPPING', '@/nowhere/at/all.json', /PORTAL_MAPPING/],
    ['STATE_PREFIX', 'a/b', /STATE_PREFIX is wrong/],
    ['SYNC_REQUESTS_TOPIC', 'goog-x', /a topic id/],
    ['LOG_HASH_KEY', 'short', /at least 16 characters/],
  ])('refuses %s=%s and says what to set', (name, value, message) => {
    expect(() => readConfig({ ...least, [name]: value })).toThrow(message);
  });

  test('names every wrong variable at once', () => {
    expect(() => readConfig({ APIGEE_TYPE: 'y' })).toThrow(/APIGEE_ORG[\s\S]*APIGEE_TYPE[\s\S]*GOOGLE_CLOUD_PROJECT/);
  });

  test('needs a mapped status where deleted developers are to deactivate their users', () => {
    const env = { ...least, APIGEE_DELETE_POLICY: 'deactivate', PORTAL_MAPPING: '{"status":null}' };
    expect(() => readConfig(env)).toThrow(/APIGEE_DELETE_POLICY=deactivate needs a field for the status/);
  });

  test('never fails otherwise than with a ConfigError, and never repeats a value', () => {
    const names = Object.keys(variables);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string({ minLength: 12, unit: 'grapheme' }), (name, value) => {
        try {
          readConfig({ ...least, [name]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          if (!value.startsWith('@')) expect(String(error)).not.toContain(value);
        }
      }),
      { numRuns: 500 },
    );
  });
});
