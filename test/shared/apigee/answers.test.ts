import { describe, expect, test } from 'vitest';
import type { ApigeeError } from '../../../shared/apigee/developers.ts';
import { errorOf, valueOf } from './developers-contract.ts';
import { bodyOf, scene } from './harness.ts';
import { edgeError, html, json, raw, type Reply, wireDeveloper, xError } from './scripted-server.ts';

const email = 'ada@example.com';
const firstPage = { startKey: undefined, count: 1000 };

async function errorOfGet(...replies: readonly Reply[]): Promise<ApigeeError> {
  const { developers } = await scene(replies);
  const answer = await developers.get(email);
  if (answer.ok) throw new Error('the call succeeded');
  return answer.error;
}

describe('what Apigee answers', () => {
  test('X and Edge developers read the same', async () => {
    const edge = wireDeveloper(email, {
      createdAt: 1_700_000_000_000,
      lastModifiedAt: 1_700_000_000_001,
      createdBy: 'admin@example.com',
      apps: [],
      companies: [],
      attributes: [{ name: 'plan', value: 'gold' }],
    });
    const x = wireDeveloper(email, { attributes: [{ name: 'plan', value: 'gold' }] });
    const { developers } = await scene([json(200, edge), json(200, x)]);
    const fromEdge = valueOf(await developers.get(email));
    expect(fromEdge).toEqual(valueOf(await developers.get(email)));
    expect(fromEdge?.others).toEqual({ members: {}, entries: [] });
    expect(fromEdge).toMatchObject({ createdAt: 1_700_000_000_000, lastModifiedAt: 1_700_000_000_001 });
  });

  test('an attribute without a value is empty, and of two with one name the last counts', async () => {
    const attributes = [
      { name: 'a' },
      { name: 'b', value: '1' },
      { name: 'b', value: '2' },
      { name: '__proto__', value: 'x' },
    ];
    const { developers } = await scene([json(200, wireDeveloper(email, { attributes }))]);
    expect(valueOf(await developers.get(email))?.attributes).toEqual(
      new Map([
        ['a', ''],
        ['b', '2'],
        ['__proto__', 'x'],
      ]),
    );
  });

  test('a developer without attributes or names has none, and keeps a status of old', async () => {
    const { email: _, ...rest } = wireDeveloper(email);
    const old = { ...rest, email, firstName: null, lastName: undefined, userName: undefined, status: 'login_lock' };
    const { developers } = await scene([json(200, old)]);
    expect(valueOf(await developers.get(email))).toMatchObject({
      firstName: undefined,
      lastName: undefined,
      userName: undefined,
      status: 'login_lock',
      attributes: new Map(),
    });
  });

  test('times that X leaves out are nought, and nobody was changed before being created', async () => {
    const { createdAt: _, lastModifiedAt: __, ...rest } = wireDeveloper(email);
    const { developers } = await scene([json(200, rest), json(200, { ...rest, createdAt: '5' })]);
    expect(valueOf(await developers.get(email))).toMatchObject({ createdAt: 0, lastModifiedAt: 0 });
    expect(valueOf(await developers.get(email))).toMatchObject({ createdAt: 5, lastModifiedAt: 5 });
  });

  test.each([
    ['X', { developer: [{ email: 'b@example.com' }, { email }] }],
    ['Edge', ['b@example.com', email]],
  ])('the listing of %s keeps its order', async (_, listing) => {
    const { developers } = await scene([json(200, listing)]);
    expect(valueOf(await developers.listEmails(firstPage))).toEqual(['b@example.com', email]);
  });

  test.each([['{}'], ['[]'], ['{"developer":[]}'], [' {\n} ']])('%s lists nobody', async (body) => {
    const { developers } = await scene([raw(200, body)]);
    expect(valueOf(await developers.listEmails(firstPage))).toEqual([]);
    expect(valueOf(await developers.listDevelopers(firstPage)).developers).toEqual([]);
  });

  test.each([
    ['an empty body', ''],
    ['JSON of something else', '{"error":{"message":"no"}}'],
    ['null', 'null'],
    ['truncated JSON', '{"developer":[{"email":"a@exam'],
    ['HTML', '<html>Sign in</html>'],
  ])('%s is no empty listing (rule 25)', async (_, body) => {
    const { developers } = await scene([raw(200, body, { 'content-type': 'application/json' })]);
    expect(errorOf(await developers.listEmails(firstPage), 'unavailable').status).toBe(200);
    expect(errorOf(await developers.listDevelopers(firstPage), 'unavailable').ambiguous).toBe(false);
  });

  test('a listing with an entry that has no email is unavailable as a whole: nobody may vanish from it', async () => {
    const { developers } = await scene([json(200, { developer: [{ email }, { developerId: '1' }] })]);
    expect(errorOf(await developers.listEmails(firstPage), 'unavailable').operation).toBe('list');
  });

  test('entries that are not expanded or not whole are left out of an expanded listing', async () => {
    const whole = wireDeveloper(email);
    const nameless = wireDeveloper('b@example.com', { developerId: 'b', firstName: undefined, lastName: undefined });
    const strange = wireDeveloper('c@example.com', { createdAt: 'yesterday' });
    const { developers } = await scene([
      json(200, { developer: [{ email: 'd@example.com' }, whole, nameless, strange, 'e@example.com'] }),
    ]);
    expect(valueOf(await developers.listDevelopers(firstPage)).developers.map((it) => it.email)).toEqual([email]);
  });

  test.each([
    ['204', raw(204, '')],
    ['an empty object', json(200, {})],
    ['the developer', json(200, wireDeveloper(email))],
  ])('%s answers a status or delete call', async (_, reply) => {
    const { developers } = await scene([reply]);
    expect(await developers.setStatus(email, 'active')).toEqual({ ok: true, value: undefined });
    expect(await developers.delete(email)).toEqual({ ok: true, value: undefined });
  });

  test('JSON under another content type is still JSON', async () => {
    const { developers } = await scene([
      raw(200, JSON.stringify(wireDeveloper(email)), { 'content-type': 'text/plain' }),
    ]);
    expect(valueOf(await developers.get(email))?.email).toBe(email);
  });
});

describe('what Apigee refuses', () => {
  test.each([
    [
      'X',
      xError(
        404,
        'NOT_FOUND',
        'DeveloperId x does not exist in organization {1}',
        'developer.service.DeveloperIdDoesNotExist',
      ),
    ],
    ['X, update', xError(404, 'NOT_FOUND', 'no', 'developer.service.DeveloperDoesNotExist')],
    ['X without details', xError(404, 'NOT_FOUND', 'no')],
    ['Edge', edgeError(404, 'developer.service.DeveloperIdDoesNotExist', 'no')],
  ])('a 404 of %s means absent: undefined to read, done to delete', async (_, reply) => {
    const { developers } = await scene([reply]);
    expect(valueOf(await developers.get(email))).toBeUndefined();
    expect(valueOf(await developers.delete(email))).toBeUndefined();
    expect(errorOf(await developers.setStatus(email, 'active'), 'absent').status).toBe(404);
    expect(errorOf(await developers.update(email, bodyOf(email)), 'absent').ambiguous).toBe(false);
  });

  test.each([
    ['of HTML', html(404)],
    ['without a body', raw(404, '')],
    [
      "of Edge's gateway",
      json(404, {
        fault: { faultstring: 'no', detail: { errorcode: 'messaging.adaptors.http.flow.ApplicationNotFound' } },
      }),
    ],
    ['about the organisation', edgeError(404, 'organizations.OrganizationDoesNotExist', 'no')],
    ['without a code', edgeError(404, undefined, 'no')],
  ])('a 404 %s says nothing about a developer (rule 25)', async (_, reply) => {
    const { developers, server } = await scene([reply]);
    errorOf(await developers.get(email), 'unavailable');
    errorOf(await developers.delete(email), 'unavailable');
    errorOf(await developers.update(email, bodyOf(email)), 'unavailable');
    expect(server.seen).toHaveLength(3);
  });

  test('a 404 to a call that names nobody is not about anybody', async () => {
    const { developers } = await scene([xError(404, 'NOT_FOUND', 'no')]);
    expect(errorOf(await developers.create(bodyOf(email)), 'unavailable').ambiguous).toBe(false);
    expect(errorOf(await developers.listEmails(firstPage), 'unavailable').status).toBe(404);
    expect(errorOf(await developers.listEmails({ startKey: email, count: 2 }), 'absent').status).toBe(404);
  });

  test.each([
    ['X', xError(409, 'ABORTED', 'exists', 'developer.service.DeveloperAlreadyExists')],
    ['X, by its status', xError(409, 'ALREADY_EXISTS', 'exists')],
    ['Edge', edgeError(409, 'developer.service.DeveloperAlreadyExists', 'exists')],
  ])('a 409 of %s for an email that is taken is a conflict', async (_, reply) => {
    const { developers, server } = await scene([reply]);
    expect(errorOf(await developers.create(bodyOf(email)), 'conflict').ambiguous).toBe(false);
    expect(server.seen).toHaveLength(1);
  });

  test('a 409 of another kind passes by itself, and is no conflict', async () => {
    const { developers, server } = await scene([xError(409, 'ABORTED', 'clash')]);
    expect(errorOf(await developers.update(email, bodyOf(email)), 'unavailable').ambiguous).toBe(false);
    expect(errorOf(await developers.create(bodyOf(email)), 'unavailable').ambiguous).toBe(false);
    expect(server.seen).toHaveLength(2);
  });

  test.each([
    ['X', xError(400, 'INVALID_ARGUMENT', 'email address has to be lowercase')],
    ['Edge', edgeError(400, 'some.code', 'no')],
    ['Edge without a code', edgeError(400, undefined, 'Invalid UTF-8 middle byte')],
    ['Edge with a message that is none', edgeError(400, 'some.code', { a: 1 })],
  ])('a 400 of %s is refused and not tried again', async (_, reply) => {
    const { developers, server } = await scene([reply]);
    expect(errorOf(await developers.create(bodyOf(email)), 'refused').ambiguous).toBe(false);
    errorOf(await developers.update(email, bodyOf(email)), 'refused');
    expect(server.seen).toHaveLength(2);
  });

  test('a 400 that nobody at Apigee wrote is not held against the developer', async () => {
    expect((await errorOfGet(html(400))).kind).toBe('unavailable');
  });

  test.each([
    ['401 of X', xError(401, 'UNAUTHENTICATED', 'no')],
    ['401 of Edge', json(401, { error: 'unauthorized', error_description: 'no' })],
    ['403 of X', xError(403, 'PERMISSION_DENIED', 'unable to retrieve project information')],
    ['403 of HTML', html(403)],
  ])('a %s is denied and not tried again', async (_, reply) => {
    const { developers, server } = await scene([reply]);
    expect(errorOf(await developers.get(email), 'denied').ambiguous).toBe(false);
    expect(server.seen).toHaveLength(1);
  });

  test('a redirect is not followed', async () => {
    const { developers, server } = await scene([raw(302, '', { location: '/login' })]);
    expect(errorOf(await developers.get(email), 'unavailable').status).toBe(302);
    expect(errorOf(await developers.create(bodyOf(email)), 'unavailable').ambiguous).toBe(true);
    expect(server.seen.map(({ url }) => url)).not.toContain('/login');
  });

  test("Apigee's code is found in any of the details, and its message told", async () => {
    const error = await errorOfGet(
      xError(400, 'INVALID_ARGUMENT', 'a value is wrong', 'keymanagement.service.invalid'),
    );
    expect(error).toMatchObject({ operation: 'get', status: 400, code: 'keymanagement.service.invalid' });
    expect(error.message).toBe('get: HTTP 400: a value is wrong');
    const fault = json(500, { fault: { faultstring: 'broken', detail: { errorcode: 'messaging.broken' } } });
    expect(await errorOfGet(fault)).toMatchObject({ code: 'messaging.broken', message: 'get: HTTP 500: broken' });
  });

  test.each([
    ['a page of HTML', html(502), 'get: HTTP 502: a page of HTML instead of JSON'],
    ['an empty body', raw(200, ''), 'get: HTTP 200: an empty body'],
    ['something else', raw(200, '{"email":1}'), 'get: HTTP 200: a body that is not what Apigee answers'],
  ])('%s is told as such', async (_, reply, message) => {
    expect(await errorOfGet(reply)).toMatchObject({ kind: 'unavailable', code: undefined, message });
  });

  test('X does not get to see a rename', async () => {
    const { developers, server } = await scene([json(200, wireDeveloper(email))], { type: 'hybrid' });
    expect(errorOf(await developers.update(email, bodyOf('new@example.com')), 'refused').message).toBe(
      'update: Apigee X and hybrid do not rename a developer',
    );
    expect(server.seen).toEqual([]);
  });
});
