import { expect, test } from 'vitest';
import { readConfig } from '../../../shared/config/config.ts';
import { scopeOf } from '../../../shared/config/scope-of.ts';
import { settingsOf } from '../../../shared/config/settings-of.ts';

const attribute = { path: 'plan.seats', type: 'number' };

const configOf = (more: Readonly<Record<string, string>>, mapping: Readonly<Record<string, unknown>> = {}) =>
  readConfig({
    APIGEE_ORG: 'acme',
    GOOGLE_CLOUD_PROJECT: 'demo',
    PORTAL_SELECT: 'role == "developer"',
    ...more,
    PORTAL_MAPPING: JSON.stringify({ onCreate: { role: 'developer' }, attributes: { seats: attribute }, ...mapping }),
  });

const seats = (more: Readonly<Record<string, unknown>>) => ({ attributes: { seats: { ...attribute, ...more } } });

test.each([
  ['PORTAL_SELECT', { PORTAL_SELECT: 'role != "customer"' }, {}],
  ['PORTAL_UNSELECT_POLICY', { PORTAL_UNSELECT_POLICY: 'deactivate' }, {}],
  ['PORTAL_FILTER', { PORTAL_FILTER: '@example' }, {}],
  ['the type of an attribute', {}, seats({ type: 'text' })],
  ['the default of an attribute', {}, seats({ default: 1 })],
  ['the direction of an attribute', {}, seats({ direction: 'to-portal' })],
  ['what stands for a status', {}, { status: { path: 'off', values: { active: false, inactive: true } } }],
  ['where a verified email is told', {}, { emailVerified: 'verified' }],
])(
  '%s decides whom a run looks at and what is read: the next run is a full one, and no plan holds',
  (_, env, mapping) => {
    expect(scopeOf(configOf(env, mapping))).not.toBe(scopeOf(configOf({})));
    expect(settingsOf(configOf(env, mapping))).not.toBe(settingsOf(configOf({})));
  },
);

test.each([
  ['CONFLICT_POLICY', { CONFLICT_POLICY: 'newest-record' }, {}],
  ['CREATION_LIMIT', { CREATION_LIMIT: '3' }, {}],
  ['what a portal user who is made holds', {}, { onCreate: { role: 'developer', tariff: 'free' } }],
  ['an attribute of a portal user who is made', {}, seats({ onCreate: 3 })],
  ['the form of the attributes of a portal user who is made', {}, { attributes: 'a', attributesAs: 'list' }],
  ['the field of a user name', {}, { userName: 'login' }],
  ['the form of a user name', {}, { userName: { path: 'userName', trim: true } }],
  ['the field that says when the portal was edited', {}, { updatedAt: 'changedAt' }],
  ['the field of a password', {}, { passwordHash: 'hash' }],
  ['the field that says that a password has to be chosen', {}, { passwordResetRequired: 'mustChoose' }],
])('%s is part of what a plan was made with (rule 36)', (_, env, mapping) => {
  const before = 'attributes' in mapping && mapping.attributes === 'a' ? { attributes: 'a' } : {};
  expect(settingsOf(configOf(env, mapping))).not.toBe(settingsOf(configOf({}, before)));
});

test('the order of what is set says nothing', () => {
  const one = { attributes: { seats: { ...attribute, onCreate: 3 }, tier: 'tier' } };
  const other = { attributes: { tier: 'tier', seats: { ...attribute, onCreate: 3 } } };
  expect(settingsOf(configOf({}, one))).toBe(settingsOf(configOf({}, other)));
});
