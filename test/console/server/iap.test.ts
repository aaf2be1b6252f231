import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { identifyByIap } from '../../../console/server/guard/iap.ts';
import { readRoleLists, roleOf } from '../../../console/server/guard/roles.ts';

const audience = '/projects/123/locations/europe-west1/services/console';
const roles = readRoleLists({
  CONSOLE_VIEWERS: 'domain:example.org, vic@partner.example',
  CONSOLE_OPERATORS: 'Opal@Example.org',
  CONSOLE_ADMINS: 'ada@example.org',
});

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

interface Claims {
  readonly iss?: string;
  readonly aud?: string;
  readonly iat?: number;
  readonly exp?: number;
  readonly email?: string;
  readonly sub?: string;
}

/** A token as IAP signs it. */
function tokenOf(key: KeyObject, claims: Claims = {}, kid = 'k1'): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = {
    iss: 'https://cloud.google.com/iap',
    aud: audience,
    iat: now - 30,
    exp: now + 600,
    email: 'opal@example.org',
    sub: 'accounts.google.com:42',
    ...claims,
  };
  const signed = `${part({ alg: 'ES256', typ: 'JWT', kid })}.${part(payload)}`;
  const signature = createSign('SHA256').update(signed).sign({ key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return `${signed}.${signature}`;
}

function guard(keys: () => Record<string, string>, now: () => number = Date.now) {
  let fetches = 0;
  const identify = identifyByIap({
    audience,
    roles,
    now,
    fetchKeys: async () => {
      fetches += 1;
      return keys();
    },
  });
  const ask = (token?: string) =>
    identify(new Headers(token === undefined ? {} : { 'x-goog-iap-jwt-assertion': token }));
  return { ask, fetches: () => fetches };
}

describe('the token of IAP', () => {
  const { privateKey, publicKey } = pair();
  const keys = { k1: pem(publicKey) };
  const now = Math.floor(Date.now() / 1000);

  test('says who asks: by the id that never changes, with the role of the lists', async () => {
    expect(await guard(() => keys).ask(tokenOf(privateKey))).toEqual({
      kind: 'operator',
      operator: { id: 'accounts.google.com:42', email: 'opal@example.org', name: 'opal@example.org', role: 'operator' },
    });
  });

  test('of somebody in no list gives no role', async () => {
    const token = tokenOf(privateKey, { email: 'eve@elsewhere.example' });
    expect(await guard(() => keys).ask(token)).toEqual({ kind: 'stranger', email: 'eve@elsewhere.example' });
  });

  test.each([
    ['is missing', undefined],
    ['is no token', 'abc'],
    ['has a part too many', `${tokenOf(privateKey)}.x`],
    ['is signed with another key', tokenOf(pair().privateKey)],
    ['has another issuer', tokenOf(privateKey, { iss: 'https://accounts.google.com' })],
    ['is out of date', tokenOf(privateKey, { iat: now - 4000, exp: now - 400 })],
    ['is not valid yet', tokenOf(privateKey, { iat: now + 1000, exp: now + 1600 })],
    ['is valid for too long', tokenOf(privateKey, { exp: now + 10 * 86_400 })],
    ['names nobody', tokenOf(privateKey, { email: '' })],
    ['is unsigned', `${tokenOf(privateKey).split('.').slice(0, 2).join('.')}.`],
    [
      'says that it needs no signature',
      [
        { alg: 'none', kid: 'k1' },
        { iss: 'https://cloud.google.com/iap', aud: audience, exp: now + 600, email: 'ada@example.org', sub: '1' },
      ]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.')
        .concat('.'),
    ],
  ])('that %s signs nobody in, and no word about it holds the token', async (_, token) => {
    const answer = await guard(() => keys).ask(token);
    expect(answer.kind).toBe('signed-out');
    if (token !== undefined) expect(JSON.stringify(answer)).not.toContain(token.slice(0, 20));
  });

  test('for another service is refused, and its audience is told: that is what a first deployment gets wrong', async () => {
    const other = '/projects/123/global/backendServices/9';
    expect(await guard(() => keys).ask(tokenOf(privateKey, { aud: other }))).toMatchObject({
      kind: 'signed-out',
      why: expect.stringContaining(other),
    });
  });

  test('whose clock is a little apart from ours is taken', async () => {
    const ahead = tokenOf(privateKey, { iat: now + 120, exp: now + 720 });
    const behind = tokenOf(privateKey, { iat: now - 700, exp: now - 100 });
    expect((await guard(() => keys).ask(ahead)).kind).toBe('operator');
    expect((await guard(() => keys).ask(behind)).kind).toBe('operator');
  });
});

describe("Google's keys", () => {
  const { privateKey, publicKey } = pair();
  const next = pair();

  test('are fetched once an hour', async () => {
    let at = 0;
    const { ask, fetches } = guard(
      () => ({ k1: pem(publicKey) }),
      () => at,
    );
    for (let times = 0; times < 5; times += 1) await ask(tokenOf(privateKey));
    expect(fetches()).toBe(1);
    at += 3_600_001;
    await ask(tokenOf(privateKey));
    expect(fetches()).toBe(2);
  });

  test('are fetched anew for a key that is not among them, at most once a minute', async () => {
    let at = 0;
    let keys: Record<string, string> = { k1: pem(publicKey) };
    const { ask, fetches } = guard(
      () => keys,
      () => at,
    );
    await ask(tokenOf(privateKey));
    keys = { k1: pem(publicKey), k2: pem(next.publicKey) };
    expect((await ask(tokenOf(next.privateKey, {}, 'k2'))).kind).toBe('signed-out');
    expect(fetches()).toBe(1);
    at += 60_001;
    expect((await ask(tokenOf(next.privateKey, {}, 'k2'))).kind).toBe('operator');
    expect(fetches()).toBe(2);
    for (let times = 0; times < 5; times += 1) await ask(tokenOf(next.privateKey, {}, 'unknown'));
    expect(fetches()).toBe(2);
  });

  test('that could not be fetched are fetched again with the next request', async () => {
    let works = false;
    const { ask } = guard(() => {
      if (!works) throw new Error('no line');
      return { k1: pem(publicKey) };
    });
    await expect(ask(tokenOf(privateKey))).rejects.toThrow('no line');
    works = true;
    expect((await ask(tokenOf(privateKey))).kind).toBe('operator');
  });
});

describe('roles', () => {
  test('the highest counts, emails in any case, a domain gives viewers only', () => {
    expect(roleOf('ADA@example.org', roles)).toBe('admin');
    expect(roleOf('opal@example.org', roles)).toBe('operator');
    expect(roleOf('anyone@example.org', roles)).toBe('viewer');
    expect(roleOf('vic@partner.example', roles)).toBe('viewer');
    expect(roleOf('eve@notexample.org', roles)).toBeUndefined();
    expect(roleOf('eve@example.org.evil.example', roles)).toBeUndefined();
    expect(roleOf(undefined, roles)).toBeUndefined();
  });

  test('nobody is in empty lists, and what is no email is refused', () => {
    expect(roleOf('ada@example.org', readRoleLists({}))).toBeUndefined();
    expect(() => readRoleLists({ CONSOLE_ADMINS: 'ada' })).toThrow('CONSOLE_ADMINS is wrong');
    expect(() => readRoleLists({ CONSOLE_ADMINS: 'domain:example.org' })).toThrow('CONSOLE_ADMINS is wrong');
    expect(() => readRoleLists({ CONSOLE_VIEWERS: 'domain:@' })).toThrow('CONSOLE_VIEWERS is wrong');
  });
});
