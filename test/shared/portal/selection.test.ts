import { expect, test } from 'vitest';
import { readConfig } from '../../../shared/config/config.ts';
import { isSelected, parseSelection } from '../../../shared/portal/selection.ts';

const document = {
  role: 'developer',
  plan: { tier: 'gold' },
  roles: ['dev', 'ops'],
  claims: { dev: true },
  blocked: false,
  n: 2,
};

test.each([
  ['role == "developer"', true],
  ['role != "developer"', false],
  ['missing != true', true],
  ['blocked == "false"', false],
  ['n == 2 and plan.tier in ["silver", "gold"]', true],
  ['roles has "dev" and claims has "dev" and not company exists', true],
  ['roles has "d"', false],
  ['role == "x" or plan exists', true],
  ['role == "developer" and n == 3 or blocked == true', false],
  ['role matches "^dev.*r$"', true],
])('%s is %s of a document', (text, expected) => {
  expect(isSelected(document, parseSelection(text))).toBe(expected);
});

test.each([
  [''],
  ['role'],
  ['role = 1'],
  ['role == developer'],
  ['a == 1 b == 2'],
  ['a in []'],
  ['a matches "(?!x)"'],
  ['__x__ == 1'],
  ['"a" == 1'],
])('%s is refused with what to set', (text) => {
  expect(() => parseSelection(text)).toThrow(/^PORTAL_SELECT: .*set conditions such as/u);
});

test('a pattern that takes for ever elsewhere takes a moment, in PORTAL_SELECT and in PORTAL_FILTER', () => {
  const evil = '^(a+)+$';
  const { portal } = readConfig({ APIGEE_ORG: 'acme', GOOGLE_CLOUD_PROJECT: 'demo', PORTAL_FILTER: evil });
  const text = `${'a'.repeat(200)}!`;
  const began = performance.now();
  expect(portal.filter?.test(text)).toBe(false);
  expect(isSelected({ a: text }, parseSelection(`a matches "${evil}"`))).toBe(false);
  expect(performance.now() - began).toBeLessThan(2000);
});

test('settings by which a portal user made from a developer would not be selected are refused', () => {
  const env = { APIGEE_ORG: 'acme', GOOGLE_CLOUD_PROJECT: 'demo', PORTAL_SELECT: 'role == "developer"' };
  expect(() => readConfig(env)).toThrow(/PORTAL_SELECT does not select.*"onCreate"/u);
  expect(readConfig({ ...env, PORTAL_MAPPING: '{"onCreate":{"role":"developer"}}' }).portal.mapping.select?.text).toBe(
    env.PORTAL_SELECT,
  );
});
