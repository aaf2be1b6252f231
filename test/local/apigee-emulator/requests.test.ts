import { describe, expect, test } from 'vitest';
import { ann, both, talkTo } from './talk.ts';

const anyText: unknown = expect.any(String);

describe('paths', () => {
  test.each([
    '/v1/o/demo/developers',
    '/v1/organizations//developers',
    '/v2/organizations/demo',
    '/',
    '/v1/organizations/demo/nonsense',
  ])('X answers a web page to %s', async (path) => {
    const { raw } = await talkTo('x');
    const answer = await raw('GET', path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.json).toBeUndefined();
  });

  test('Edge knows the short alias, and answers a gateway fault to an unknown path', async () => {
    const { emulator, raw } = await talkTo('edge');
    emulator.admin.seed([ann]);
    expect((await raw('GET', '/v1/o/demo/developers')).json).toEqual([ann.email]);
    expect((await raw('GET', '/v1/o/demo/nonsense')).json).toMatchObject({
      fault: { detail: { errorcode: 'messaging.adaptors.http.flow.ApplicationNotFound' } },
    });
  });

  test.each([
    ['x', 404],
    ['edge', 200],
  ] as const)('a raw plus on %s: %i', async (mode, status) => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed([{ email: 'ann+1@example.com' }]);
    expect((await call('GET', '/developers/ann%2B1%40example.com')).status).toBe(200);
    expect((await call('GET', '/developers/ann+1@example.com')).status).toBe(status);
  });

  test('ids are decoded once', async () => {
    const { emulator, call } = await talkTo('x');
    emulator.admin.seed([{ email: '50%40@example.com' }]);
    expect((await call('GET', '/developers/50%2540%40example.com')).status).toBe(200);
    expect((await call('GET', '/developers/ann%2540example.com')).status).toBe(404);
    expect((await call('GET', '/developers/%zz')).status).toBe(400);
  });

  test.each(both)('another organisation is forbidden on %s, not missing', async (mode) => {
    const { raw } = await talkTo(mode);
    expect((await raw('GET', '/v1/organizations/other/developers')).status).toBe(403);
  });
});

describe('the organisation', () => {
  test('tells the flavours apart', async () => {
    const x = await talkTo('x');
    expect((await x.call('GET', '')).json).toMatchObject({
      runtimeType: 'CLOUD',
      properties: { property: [{ name: 'features.hybrid.enabled', value: 'true' }] },
    });
    expect((await x.call('GET', ':getProjectMapping')).json).toMatchObject({
      organization: 'demo',
      location: 'global',
    });
    expect((await x.raw('GET', '/v1/organizations')).json).toMatchObject({ organizations: [{ organization: 'demo' }] });
    const edge = await talkTo('edge');
    expect((await edge.call('GET', '')).json).toMatchObject({
      properties: { property: [{ name: 'features.isCpsEnabled', value: 'true' }] },
    });
    expect((await edge.raw('GET', '/v1/organizations')).json).toEqual(['demo']);
  });
});

describe('authentication', () => {
  test.each([
    ['x', null, 401],
    ['x', 'Basic dTpw', 401],
    ['x', 'Bearer anything', 200],
    ['x', 'Bearer old', 401],
    ['edge', null, 401],
    ['edge', 'Basic dTpw', 200],
    ['edge', 'Bearer anything', 200],
    ['edge', 'Bearer old', 401],
  ] as const)('%s answers %s with %i', async (mode, authorization, status) => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.configure({ expiredTokens: ['old'] });
    expect((await call('GET', '/developers', { authorization })).status).toBe(status);
  });

  test.each([
    ['x', { error: { code: 401, status: 'UNAUTHENTICATED' } }],
    ['edge', { error: 'unauthorized' }],
  ] as const)('has an envelope of its own on %s', async (mode, envelope) => {
    const { call } = await talkTo(mode);
    expect((await call('GET', '/developers', { authorization: null })).json).toMatchObject(envelope);
  });
});

describe('bodies and parameters', () => {
  test.each([
    ['x', 400],
    ['edge', 201],
  ] as const)('a charset in the content type on %s: %i', async (mode, status) => {
    const { call } = await talkTo(mode);
    const said = { body: ann, contentType: 'application/json; charset=utf-8' };
    expect((await call('POST', '/developers', said)).status).toBe(status);
  });

  test.each([
    ['x', 400],
    ['edge', 200],
  ] as const)('an unknown parameter on %s: %i', async (mode, status) => {
    const { call } = await talkTo(mode);
    expect((await call('GET', '/developers?pageSize=10')).status).toBe(status);
    expect(
      (await call('GET', '/developers?alt=json&fields=developer(email)&prettyPrint=false&%24.xgafv=2')).status,
    ).toBe(200);
  });

  test.each([
    ['x', 400],
    ['edge', 201],
  ] as const)('a member outside the schema on %s: %i', async (mode, status) => {
    const { call } = await talkTo(mode);
    expect((await call('POST', '/developers', { body: { ...ann, createdBy: 'me' } })).status).toBe(status);
    const body = { ...ann, email: 'b@example.com', accessType: '', lastModifiedAt: '1', organizationName: 'demo' };
    expect((await call('POST', '/developers', { body })).status).toBe(201);
  });

  test.each([
    ['x', 400],
    ['edge', 201],
  ] as const)('a number for a name on %s: %i', async (mode, status) => {
    const { call } = await talkTo(mode);
    expect((await call('POST', '/developers', { body: { ...ann, firstName: 7 } })).status).toBe(status);
  });

  test.each(both)('malformed JSON and bodies over a mebibyte are 400 on %s', async (mode) => {
    const { emulator, call } = await talkTo(mode);
    for (const body of [
      '{"email":',
      '[]',
      '"text"',
      JSON.stringify({ ...ann, attributes: [{ name: 'a', value: 'v'.repeat(1 << 20) }] }),
    ]) {
      const answer = await call('POST', '/developers', { body });
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject(mode === 'x' ? { error: { status: 'INVALID_ARGUMENT' } } : { contexts: [] });
    }
    expect(emulator.admin.developers()).toEqual([]);
  });

  test('Edge leaves the code out where the JSON cannot be read', async () => {
    const { call } = await talkTo('edge');
    expect((await call('POST', '/developers', { body: '{' })).json).not.toHaveProperty('code');
  });
});

test('X puts the code of Apigee among the details, with the id of the request', async () => {
  const { call } = await talkTo('x');
  const message = 'DeveloperId nobody does not exist in organization {1}';
  expect((await call('GET', '/developers/nobody')).json).toEqual({
    error: {
      code: 404,
      message,
      status: 'NOT_FOUND',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.PreconditionFailure',
          violations: [{ type: 'developer.service.DeveloperIdDoesNotExist', subject: anyText, description: message }],
        },
        { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: anyText },
      ],
    },
  });
});

test('Edge answers code, message and contexts', async () => {
  const { call } = await talkTo('edge');
  expect((await call('GET', '/developers/nobody')).json).toEqual({
    code: 'developer.service.DeveloperIdDoesNotExist',
    message: 'DeveloperId nobody does not exist in organization demo',
    contexts: [],
  });
});
