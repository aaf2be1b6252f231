import { describe, expect, test } from 'vitest';
import { mayAct, roles } from '../../../console/api/roles.ts';
import { routes, type Route, type RouteName } from '../../../console/api/routes.ts';
import { inProcess } from '../../support/in-process.ts';
import { fromPage, talk } from './talk.ts';

const names = Object.keys(routes) as RouteName[];
const guarded = names.filter((name) => routes[name].role !== 'none');

describe('who may call which route', () => {
  test('every route of the server stands in the table, and every one of the table is served', () => {
    const served = talk().app.routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'));
    const inTable = names.map((name) => `${routes[name].method} ${routes[name].path}`);
    expect(new Set(served.map(({ method, path }) => `${method} ${path}`))).toEqual(new Set(inTable));
  });

  test('only signing in needs no role', () => {
    expect(names.filter((name) => routes[name].role === 'none')).toEqual(['signIn']);
  });

  test.each(guarded)('%s turns away who is signed out, in no list, or below the role', async (name) => {
    const { call, world } = talk();
    const { role }: Route = routes[name];
    expect(await call(name, { as: 'nobody' })).toMatchObject({ status: 401, problem: { kind: 'signed-out' } });
    expect(await call(name, { as: 'none' })).toMatchObject({ status: 403, problem: { needs: role, role: null } });
    for (const lower of roles.filter((one) => role !== 'none' && !mayAct(one, role)))
      expect(await call(name, { as: lower })).toMatchObject({ status: 403, problem: { needs: role, role: lower } });
    expect(await world.services.audit.recent({ before: undefined, limit: 10 })).toEqual([]);
    expect(world.queue).toEqual([]);
  });

  test('reading is for viewers, acting for operators, deleting, deciding about runs and acting on many for admins', () => {
    const withRole = (role: string) => names.filter((name) => routes[name].role === role).toSorted();
    expect(withRole('admin')).toEqual([
      'approveRun',
      'bulkDevelopers',
      'deleteDeveloper',
      'forgetPerson',
      'rejectRun',
      'releaseGroup',
      'resumeWrites',
      'retryGroup',
      'stopWrites',
      'undo',
    ]);
    expect(
      withRole('viewer').filter((name) => /^(?:create|edit|delete|activate|export|sync|request)/.test(name)),
    ).toEqual([]);
  });

  test('the session tells the settings that matter to a viewer, and no secret', async () => {
    const mapping = {
      email: 'mail',
      passwordHash: null,
      attributes: { plan: { path: 'p.plan', direction: 'to-apigee' } },
    };
    const env = {
      PORTAL_MAPPING: JSON.stringify(mapping),
      PORTAL_FILTER: '@example[.]com$',
      CREATION_LIMIT: '500',
      APIGEE_ACCESS_TOKEN: 'a-secret-token',
      LOG_HASH_KEY: 'a-secret-key-of-the-log',
    };
    const { value, text } = await talk(inProcess({ env })).call('session', { as: 'viewer' });
    expect(value.settings).toMatchObject({ filter: '@example[.]com$', creationLimit: 500, callsPerMinute: 3000 });
    expect(value.settings.mapping).toEqual([
      { field: 'email', path: 'mail', direction: null },
      { field: 'firstName', path: 'firstName', direction: null },
      { field: 'lastName', path: 'lastName', direction: null },
      { field: 'userName', path: 'userName', direction: null },
      { field: 'status', path: 'status', direction: null },
      { field: 'updatedAt', path: 'updatedAt', direction: null },
      { field: 'passwordResetRequired', path: 'passwordResetRequired', direction: null },
      { field: 'attributes.plan', path: 'p.plan', direction: 'to-apigee' },
    ]);
    expect(text).not.toContain('secret');
  });

  test('what is no route is not found, and says so as JSON', async () => {
    const { app } = talk();
    const response = await app.request('http://console.test/api/nothing', { headers: { 'x-test-role': 'admin' } });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { kind: 'not-found' } });
  });
});

describe('requests of other pages', () => {
  const send = (headers: Record<string, string | undefined>) => {
    const kept = Object.entries({ ...fromPage, 'x-test-role': 'admin', ...headers }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return talk().app.request('http://console.test/api/runs', {
      method: 'POST',
      headers: Object.fromEntries(kept),
      body: JSON.stringify({ mode: 'full', dryRun: true, reason: 'a test' }),
    });
  };

  test.each([
    ['says that it comes from another site', { 'sec-fetch-site': 'cross-site' }],
    ['says that it comes from another origin of the site', { 'sec-fetch-site': 'same-site' }],
    ['has no JSON body', { 'content-type': 'text/plain' }],
    ['has the body of a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['lacks X-Requested-With', { 'x-requested-with': undefined }],
    ['says nothing about where it comes from', { 'sec-fetch-site': undefined }],
    ['has another origin', { 'sec-fetch-site': undefined, origin: 'https://evil.test' }],
    ['has an origin that is none', { 'sec-fetch-site': undefined, origin: 'null' }],
  ])('a request that %s does nothing', async (_, headers) => {
    const response = await send(headers);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { kind: 'cross-site' } });
  });

  test('an old browser, which says only the origin, is heard', async () => {
    const response = await send({ 'sec-fetch-site': undefined, origin: 'http://console.test' });
    expect(response.status).toBe(200);
  });

  test('every answer carries the policy that keeps foreign code out, and the API is never kept', async () => {
    const { call } = talk();
    const { headers } = await call('session', { as: 'nobody' });
    expect(headers.get('content-security-policy')).toContain(
      "require-trusted-types-for 'script'; trusted-types 'none'",
    );
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('a body that is too large, none, or not as the schema says is told by field', async () => {
    const { app, call } = talk();
    const large = await app.request('http://console.test/api/runs', {
      method: 'POST',
      headers: { ...fromPage, 'x-test-role': 'admin', 'content-length': '900000' },
      body: JSON.stringify({ mode: 'full', dryRun: true, reason: 'x'.repeat(900_000) }),
    });
    expect(large.status).toBe(400);
    expect(await call('requestRun', { body: { mode: 'all', dryRun: false, reason: 'a test' } as never })).toMatchObject(
      {
        status: 400,
        problem: { kind: 'invalid', fields: [{ field: 'mode' }] },
      },
    );
    expect(await call('requestRun', { body: { mode: 'full', dryRun: false, reason: ' ' } })).toMatchObject({
      status: 400,
      problem: { fields: [{ field: 'reason' }] },
    });
    const broken = await app.request('http://console.test/api/runs', {
      method: 'POST',
      headers: { ...fromPage, 'x-test-role': 'admin' },
      body: '{',
    });
    expect(await broken.json()).toMatchObject({ error: { kind: 'invalid' } });
  });
});
