import { expect, test } from 'vitest';
import { check } from '../../cli/commands/check.ts';
import { plainLayout } from '../../cli/render/layout.ts';
import { readConfig } from '../../shared/config/config.ts';
import type { Rights } from '../../shared/operator/views/rights.ts';
import { inProcess, type InProcess } from '../support/in-process.ts';

const mapping = {
  firstName: 'given',
  lastName: 'family',
  userName: 'login',
  status: { path: 'state', values: { active: 'on', inactive: 'off' } },
  attributes: {
    seats: { path: 'plan.seats', type: 'number' },
    beta: { path: 'plan.beta', type: 'boolean' },
    ends: { path: 'plan.ends', type: 'time' },
    tags: { path: 'tags', type: 'json' },
    ...Object.fromEntries(Array.from({ length: 14 }, (_, at) => [`a${String(at)}`, `many.a${String(at)}`])),
  },
  updatedAt: 'changed',
  passwordHash: null,
  passwordResetRequired: null,
  emailVerified: 'verified',
  onCreate: { role: 'dev' },
};
const env = { PORTAL_MAPPING: JSON.stringify(mapping), PORTAL_SELECT: 'role == "dev"', PORTAL_FILTER: '@secret' };

const fine = { given: 'Secretia', family: 'Secretson', login: 'secretlogin', state: 'on', role: 'dev', verified: true };

/** What is wrong, with how many documents it is wrong, and what the line says. */
const problems: readonly (readonly [says: string, kind: string, documents: readonly object[]])[] = [
  ['The field "email" must be a usable email address', 'the person,', [{ email: 'secret' }, { email: 7 }, {}]],
  [
    'The field "email" must have no invisible characters',
    'the person,',
    [{ email: 'a\u200b@secret.example' }, { email: '\u212a@secret.example' }],
  ],
  ['The field "state" must be "on" (active), "off" (inactive)', 'the person,', [{ state: 'secret' }, { state: true }]],
  ['firstName missing: Apigee requires', 'the person,', [{ given: null }, { given: ' ' }]],
  ['lastName missing: Apigee requires', 'the person,', [{ family: null }]],
  ['firstName and lastName missing: Apigee requires', 'the person,', [{ given: null, family: null }]],
  ['must have at most 65536 bytes', 'the person,', [{ given: 'secret'.repeat(20_000) }]],
  ['The field "login" must be text', 'one field,', [{ login: 7 }, { login: {}, given: null }]],
  ['The field "plan.seats" must be a number that is exact', 'one field,', [{ plan: { seats: 'secret' } }]],
  ['The field "plan.seats" must be text, and what leads there maps', 'one field,', [{ plan: 'secret' }]],
  ['The field "plan.beta" must be true or false', 'one field,', [{ plan: { beta: 'secret' } }, { plan: { beta: 1 } }]],
  ['The field "plan.ends" must be a timestamp', 'one field,', [{ plan: { ends: 'secret' } }]],
  ['The field "tags" must hold nothing but text', 'one field,', [{ tags: [new Date(0)] }, { tags: Number.NaN }]],
  ['The field "changed" must be a timestamp', 'one field,', [{ changed: 'secret' }, { changed: [] }]],
  ['PORTAL_SELECT does not select', 'left out,', [{ role: 'reader' }, { role: null }]],
  ['the portal user has not verified the email', 'left out,', [{ verified: false }, { verified: 'secret' }]],
  ['PORTAL_FILTER does not select this email', 'left out,', [{ email: 'secret@other.example' }]],
];

/** Of how many other documents below or above the same is wrong. */
const more = new Map([
  ['the portal user has not verified the email', 2],
  ['PORTAL_SELECT does not select', 1],
  ['firstName missing: Apigee requires', 1],
]);

const rights: Rights = {
  missing: async (project) =>
    project === 'acme'
      ? { kind: 'known', missing: ['apigee.developers.update'] }
      : { kind: 'unknown', why: 'nobody answers' },
};

/** The portal, on state that another collection made. */
async function filled(): Promise<InProcess> {
  const before = inProcess({ env: { ...env, PORTAL_COLLECTION: 'elsewhere' } });
  await before.run();
  const world = inProcess({ env, sharing: before });
  let count = 0;
  const put = (id: string, data: object): void => {
    count += 1;
    world.database.putPortalDocument(id, { ...fine, email: `secret${String(count)}@secret.example`, ...data });
  };
  put('well', {});
  for (const [at, [, , documents]] of problems.entries()) {
    for (const [place, data] of documents.entries()) {
      const lacksEmail = Object.keys(data).length === 0;
      put(`p${String(at)}-${String(place)}`, lacksEmail ? { email: undefined } : data);
    }
  }
  put('twin-1', { email: 'twin@secret.example' });
  put('twin-2', { email: 'Twin@Secret.example' });
  put('twin-3', { email: 'twin@secret.example', verified: false });
  put('apart-1', { email: 'apart@secret.example', verified: false });
  put('apart-2', { email: 'apart@secret.example', role: 'reader' });
  put('refused', { email: 'refused@secret.example', plan: { seats: 1 } });
  world.developers.seed({ email: 'a\u200b@secret.example' });
  const names = { firstName: 'Secretia', lastName: 'Secretson' };
  const held = new Map([['seats', 'secret']]);
  world.developers.seed({ ...names, email: 'refused@secret.example', attributes: held });
  const own = Array.from({ length: 17 }, (_, at): [string, string] => [`own${String(at)}`, 'secret']);
  put('many', { email: 'many@secret.example', many: { a0: 'x', a1: 'y' }, changed: Date.now() + 3_600_000 });
  world.developers.seed({ ...names, email: 'many@secret.example', attributes: new Map(own) });
  return world;
}

test('a portal that has every problem at once is told each of them, with its count and one id, and nothing of a person', async () => {
  const world = await filled();
  let out = '';
  const io = {
    env: { ...env, CONFLICT_POLICY: 'secret-policy', APIGEE_TYPE: 'y' },
    cwd: '/nowhere',
    layout: plainLayout,
    out: (text: string) => void (out += text),
    err: (text: string) => void (out += text),
    services: world.services,
    rights,
  };
  const code = await check(io, { sample: 500, json: false }, async (given) => {
    readConfig({ APIGEE_ORG: 'acme', GOOGLE_CLOUD_PROJECT: 'demo', APIGEE_ACCESS_TOKEN: 't', ...given });
    return world.services;
  });
  expect(code).toBe(2);
  const [asSet = ''] = out.split('What these documents seem to hold');
  const lines = asSet.split('\n');
  const line = (says: string): string => lines.filter((one) => one.includes(says)).join('\n');

  for (const [at, [says, kind, documents]] of problems.entries()) {
    const extra = more.get(says) ?? 0;
    const count = documents.length + extra;
    const times = count === 1 ? 'once' : `${String(count)} times`;
    expect(line(says)).toMatch(new RegExp(`^ +${kind} ${times}, such as document (p${String(at)}-0|apart-\\d): `, 'u'));
  }
  expect(line('Two or more documents')).toMatch(/^ +the person, once, such as document twin-1: /u);
  expect(line('"plan.seats" must be a number, and the value for it is not')).toMatch(/one field, once, .* refused: /u);
  // Where a map is none, each attribute in it is named.
  for (const name of ['beta', 'ends']) expect(line(`"plan.${name}" must be text, and what leads`)).toMatch(/once/u);
  expect(line('at most 18')).toMatch(/^ +the person, once, such as document many: /u);
  expect(asSet).toContain('Settings     2 are wrong');
  for (const name of ['CONFLICT_POLICY', 'APIGEE_TYPE']) expect(line(`  ${name}`)).not.toBe('');
  expect(asSet).toContain('1 of them with an email by which nobody can be linked');
  expect(line('State ')).toContain('STATE_PREFIX');
  expect(asSet).toContain('acme: your credentials lack apigee.developers.update');
  expect(asSet).toContain('demo: unknown: nobody answers');
  expect(lines.filter((one) => /(?:times|once), such as document /u.test(one)).length).toBe(problems.length + 5);

  expect(out).not.toMatch(/secret/iu);
  expect(world.logs).toEqual([]);
});
