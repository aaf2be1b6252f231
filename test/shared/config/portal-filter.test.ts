import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../shared/config/config.ts';
import { readPortalFilter } from '../../../shared/config/portal-filter.ts';

describe('a filter that an email could keep busy for ever is refused', () => {
  test.each([
    String.raw`^(\w+\.?)+@example\.com$`,
    '(a+)+$',
    '^([a-z0-9]+)*@example',
    '^(a|a)*@x$',
    '^(.*)*x$',
    String.raw`^(\w|\d)+@example\.com$`,
    String.raw`^dev-(\w+\.?)+@example\.com$`,
    String.raw`^(?:ops@example\.com|team\+(\w+-?)+@example\.com)$`,
    String.raw`^((ab)+)+@example\.com$`,
    String.raw`^(?=(\w+)+@$)`,
    String.raw`^(\p{L}+)+@example\.com$`,
    String.raw`^([-.\w]+[.-]?)*@example\.com$`,
    '^.*.*.*.*.*.*@example$',
  ])('%s', (filter) => {
    expect(readPortalFilter(filter, 300)).toEqual({ kind: 'too-slow' });
  });
});

describe('a filter that always ends soon is taken', () => {
  test.each([
    [String.raw`@example\.com$`, 'ann@example.com', 'ann@example.org'],
    [String.raw`@(example|example-partner)\.com$`, 'ann@example-partner.com', 'ann@partner.com'],
    [String.raw`^(?!.*\+).+@example\.com$`, 'ann@example.com', 'ann+x@example.com'],
    [String.raw`^[\w.+-]+@([\w-]+\.)+com$`, 'ann@a.b.com', 'ann@com'],
    [String.raw`^(ann|bo|cy)@example\.com$`, 'bo@example.com', 'dee@example.com'],
    [String.raw`^\w{2,30}(\.\w{2,30}){0,3}@example\.com$`, 'ann.lee@example.com', 'a@example.com'],
  ])('%s', (filter, inside, outside) => {
    const read = readPortalFilter(filter);
    if (read.kind !== 'filter') throw new Error(`it was not: ${read.kind}`);
    expect([read.filter.test(inside), read.filter.test(outside)]).toEqual([true, false]);
  });
});

test('the process does not start with one that does not, and says why', () => {
  const env = { APIGEE_ORG: 'acme', GOOGLE_CLOUD_PROJECT: 'demo', PORTAL_FILTER: String.raw`^(\w+\.?)+@example\.com$` };
  expect(() => readConfig(env)).toThrow(/^PORTAL_FILTER is wrong: an email that somebody registers could keep it busy/);
});
