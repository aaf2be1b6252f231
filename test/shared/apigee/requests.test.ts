import { describe, expect, test } from 'vitest';
import { bodyOf, scene } from './harness.ts';
import { json, raw, wireDeveloper } from './scripted-server.ts';

describe('requests to Apigee', () => {
  test.each([
    ['a+b@example.com', 'a%2Bb%40example.com'],
    ['50%25@example.com', '50%2525%40example.com'],
    ['a#b@example.com', 'a%23b%40example.com'],
    ['a/b@example.com', 'a%2Fb%40example.com'],
    ["o'neil@example.com", "o'neil%40example.com"],
    ['é@example.com', '%C3%A9%40example.com'],
    ['a?b&c=d@example.com', 'a%3Fb%26c%3Dd%40example.com'],
  ])('the id %s is encoded once in every path', async (email, encoded) => {
    const { server, developers } = await scene([json(200, wireDeveloper(email))]);
    await developers.get(email);
    await developers.update(email, bodyOf(email));
    await developers.setStatus(email, 'inactive');
    await developers.delete(email);
    const path = `/v1/organizations/org/developers/${encoded}`;
    expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${path}`,
      `PUT ${path}`,
      `POST ${path}?action=inactive`,
      `DELETE ${path}`,
    ]);
  });

  test('a listing always sends a count, and a start key as a query value', async () => {
    const { server, developers } = await scene([json(200, {})]);
    await developers.listEmails({ startKey: undefined, count: 1000 });
    await developers.listDevelopers({ startKey: 'a+b&c@example.com', count: 2 });
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/v1/organizations/org/developers?count=1000',
      '/v1/organizations/org/developers?count=2&expand=true&startKey=a%2Bb%26c%40example.com',
    ]);
  });

  test('JSON is sent without a charset and a status call without a body', async () => {
    const { server, developers } = await scene([json(200, wireDeveloper('a@example.com'))]);
    await developers.create(bodyOf('a@example.com'));
    await developers.update('a@example.com', bodyOf('a@example.com'));
    await developers.setStatus('a@example.com', 'active');
    await developers.get('a@example.com');
    expect(server.seen.map(({ headers }) => headers['content-type'])).toEqual([
      'application/json',
      'application/json',
      'application/octet-stream',
      undefined,
    ]);
    expect(server.seen[2]?.body).toBe('');
    expect(server.seen[2]?.headers['content-length']).toBe('0');
    expect(server.seen.every(({ headers }) => headers.authorization === 'Bearer very-secret-token')).toBe(true);
  });

  test('a body carries the members Apigee takes and no others', async () => {
    const { server, developers } = await scene([json(201, wireDeveloper('a@example.com'))]);
    const attributes = new Map([
      ['plan', 'gold'],
      ['empty', ''],
    ]);
    const extended = { ...bodyOf('a@example.com', { attributes }), status: 'inactive', createdBy: 'someone' };
    await developers.create(extended);
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
      email: 'a@example.com',
      firstName: 'Ada',
      lastName: 'Lovelace',
      userName: 'a@example.com',
      attributes: [
        { name: 'plan', value: 'gold' },
        { name: 'empty', value: '' },
      ],
    });
  });

  test('an update carries what was read and is not known, and nothing that only Apigee sets (rule 30)', async () => {
    const entries = [
      { name: 'plan', value: 'gold', note: 'by hand', __proto: 1 },
      { name: 'twice', value: 'first' },
      { name: 'empty' },
      { name: 'twice', value: 'last' },
      { name: 'nothing', value: null },
      { name: 'gone', value: 'x', more: true },
    ];
    const unknown = { accessType: 'r', appFamily: '', ofTomorrow: { deep: [1, { a: null }] }, ['__proto__x']: [] };
    const setByApigee = {
      apps: ['weather'],
      companies: ['c'],
      createdBy: 'a@example.com',
      lastModifiedBy: 'b@example.com',
    };
    const read = wireDeveloper('a@example.com', { ...unknown, ...setByApigee, attributes: entries });
    const { server, developers } = await scene([json(200, read)]);
    const answer = await developers.get('a@example.com');
    if (!answer.ok || answer.value === undefined) throw new Error('there is no developer');
    const { email, userName, firstName, lastName, attributes, others } = answer.value;
    const names = { email, userName: userName ?? '', firstName: firstName ?? '', lastName: lastName ?? '' };
    await developers.update(email, { ...names, attributes, others });
    expect(JSON.parse(server.seen[1]?.body ?? '')).toEqual({ ...unknown, ...names, attributes: entries });

    const changed = new Map([...attributes, ['twice', 'new'], ['plan', 'iron'], ['added', 'a']]);
    changed.delete('gone');
    await developers.update(email, { ...names, attributes: changed, others });
    expect(JSON.parse(server.seen[2]?.body ?? '')).toEqual({
      ...unknown,
      ...names,
      attributes: [
        { name: 'plan', value: 'iron', note: 'by hand', __proto: 1 },
        { name: 'twice', value: 'new' },
        { name: 'empty' },
        { name: 'twice', value: 'new' },
        { name: 'nothing', value: null },
        { name: 'added', value: 'a' },
      ],
    });
  });

  test('Basic credentials and a slash at the end of the endpoint are fine', async () => {
    const { server, developers } = await scene([json(200, [])], {
      type: 'edge',
      credentials: { kind: 'basic', username: 'ops@example.com', password: 'pässword' },
    });
    await developers.listEmails({ startKey: undefined, count: 2 });
    const encoded = Buffer.from('ops@example.com:pässword').toString('base64');
    expect(server.seen[0]?.headers.authorization).toBe(`Basic ${encoded}`);
  });

  test('a person who is begun is finished before others are: writes first, then reads under a lease (rule 13)', async () => {
    const email = 'a@example.com';
    const { server, developers } = await scene([json(200, wireDeveloper(email))], { maxConcurrent: 1 });
    await Promise.all([
      developers.get(email),
      developers.get(email),
      developers.listDevelopers({ startKey: undefined, count: 2 }),
      developers.get(email, 'begun'),
      developers.update(email, bodyOf(email)),
      developers.setStatus(email, 'active'),
      developers.create(bodyOf(email)),
      developers.delete(email),
    ]);
    expect(server.seen.map(({ method }) => method).slice(0, 7)).toEqual([
      'PUT',
      'POST',
      'POST',
      'DELETE',
      'GET',
      'GET',
      'GET',
    ]);
    expect(server.seen[4]?.url).toContain('/developers/a%40example.com');
    expect(server.seen[7]?.url).toContain('expand=true');
  });

  test('one connection serves calls that follow one another, with and without a body in the answer', async () => {
    const { server, developers } = await scene([raw(204, '')]);
    for (let n = 0; n < 5; n++) await developers.setStatus('a@example.com', 'active');
    await developers.delete('a@example.com');
    expect(server.seen).toHaveLength(6);
    expect(server.sockets()).toBe(1);
  });

  test('a compressed answer is understood', async () => {
    const { gzipSync } = await import('node:zlib');
    const { developers } = await scene([
      (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync(JSON.stringify({ developer: [{ email: 'a@example.com' }] }))),
    ]);
    expect(await developers.listEmails({ startKey: undefined, count: 2 })).toEqual({
      ok: true,
      value: ['a@example.com'],
    });
  });
});
