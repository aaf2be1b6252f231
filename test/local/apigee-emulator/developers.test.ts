import { describe, expect, test } from 'vitest';
import { ann, both, codeOf, talkTo } from './talk.ts';

const path = `/developers/${encodeURIComponent(ann.email)}`;
const attributes = [
  { name: 'team', value: 'red' },
  { name: 'note', value: '' },
];

const anyUuid: unknown = expect.stringMatching(/^[0-9a-f-]{36}$/);

describe('the shape of a developer', () => {
  test('on X: times as decimal strings, no createdBy, empty arrays and empty values left out', async () => {
    const { emulator, call } = await talkTo('x', { now: () => 1_700_000_000_000 });
    const created = await call('POST', '/developers', { body: { ...ann, attributes } });
    expect(created.status).toBe(201);
    expect(created.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    expect(created.json).toEqual({
      ...ann,
      attributes: [{ name: 'team', value: 'red' }, { name: 'note' }],
      developerId: anyUuid,
      organizationName: 'demo',
      status: 'active',
      createdAt: '1700000000000',
      lastModifiedAt: '1700000000000',
    });
    emulator.admin.configure({ omitEmptyArrays: false });
    expect((await call('GET', path)).json).toMatchObject({ apps: [] });
  });

  test('on Edge: times as numbers, createdBy and lastModifiedBy, empty arrays and values present', async () => {
    const { call } = await talkTo('edge', { now: () => 1_700_000_000_000 });
    const authorization = `Basic ${Buffer.from('op@example.com:secret').toString('base64')}`;
    const created = await call('POST', '/developers', { body: { ...ann, attributes }, authorization });
    expect(created.status).toBe(201);
    expect(created.text).toContain('"email" : "ann@example.com"');
    expect(created.json).toEqual({
      ...ann,
      attributes,
      apps: [],
      companies: [],
      developerId: anyUuid,
      organizationName: 'demo',
      status: 'active',
      createdAt: 1_700_000_000_000,
      lastModifiedAt: 1_700_000_000_000,
      createdBy: 'op@example.com',
      lastModifiedBy: 'op@example.com',
    });
  });

  test('only the first 100 apps are answered, and names of old records may be missing', async () => {
    const { emulator, call } = await talkTo('x');
    const apps = Array.from({ length: 120 }, (_, index) => `app-${index}`);
    emulator.admin.seed([{ ...ann, lastName: null, apps }]);
    const { json } = await call('GET', path);
    expect(json).toHaveProperty('apps', apps.slice(0, 100));
    expect(json).not.toHaveProperty('lastName');
  });
});

describe.each(both)('reading and deleting on %s', (mode) => {
  test('finds a developer by email and by developerId, never by another spelling', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed([ann]);
    const id = emulator.admin.developer(ann.email)?.developerId ?? '';
    expect((await call('GET', path)).json).toMatchObject(ann);
    expect((await call('GET', `/developers/${id}`)).json).toMatchObject(ann);
    expect((await call('GET', '/developers/Ann%40example.com')).status).toBe(404);
  });

  test('deleting answers the developer that was', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed([ann]);
    const deleted = await call('DELETE', path);
    expect([deleted.status, deleted.json]).toEqual([200, expect.objectContaining(ann)]);
    const again = await call('DELETE', path);
    expect([again.status, codeOf(again.json)]).toEqual([404, 'developer.service.DeveloperIdDoesNotExist']);
  });
});

describe.each(both)('creating on %s', (mode) => {
  test('makes an active developer whatever the body says', async () => {
    const { call } = await talkTo(mode);
    const body = { ...ann, status: 'inactive', developerId: 'mine', createdAt: '5', apps: ['a'] };
    const { json } = await call('POST', '/developers', { body });
    expect(json).toMatchObject({ status: 'active' });
    expect(json).not.toMatchObject({ developerId: 'mine' });
    expect(JSON.stringify(json)).not.toContain('"apps":["a"]');
  });

  test('answers 409 for an email that is taken', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed([ann]);
    const answer = await call('POST', '/developers', { body: ann });
    expect([answer.status, codeOf(answer.json)]).toEqual([409, 'developer.service.DeveloperAlreadyExists']);
    expect(answer.json).toMatchObject(mode === 'x' ? { error: { code: 409, status: 'ABORTED' } } : { contexts: [] });
  });

  test.each(['email', 'userName', 'firstName', 'lastName'])(
    'refuses a create and an update without %s',
    async (name) => {
      const { emulator, call } = await talkTo(mode);
      for (const missing of [undefined, '', null]) {
        const body = { ...ann, [name]: missing };
        for (const [method, to] of [
          ['POST', '/developers'],
          ['PUT', path],
        ] as const) {
          const answer = await call(method, to, { body });
          expect(answer.status).toBe(400);
          expect(answer.text).toContain('Following elements are required: Email, User Name, First Name, Last Name');
        }
      }
      expect(emulator.admin.developers()).toEqual([]);
    },
  );

  test('takes 18 attributes and no more, and the last of several with one name', async () => {
    const { call } = await talkTo(mode);
    const many = Array.from({ length: 19 }, (_, index) => ({ name: `a${index}`, value: 'v' }));
    expect((await call('POST', '/developers', { body: { ...ann, attributes: many } })).status).toBe(400);
    expect((await call('POST', '/developers', { body: { ...ann, attributes: many.slice(1) } })).status).toBe(201);
    const twice = [
      { name: 'a', value: '1' },
      { name: 'a', value: '2' },
    ];
    const { json } = await call('PUT', path, { body: { ...ann, attributes: twice } });
    expect(json).toMatchObject({ attributes: [{ name: 'a', value: '2' }] });
  });

  test('refuses attribute values as told, by list and by predicate', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.configure({ refusedAttributeValues: ['bad'] });
    emulator.admin.refuseAttributes((name) => name === 'forbidden');
    for (const attribute of [
      { name: 'a', value: 'bad' },
      { name: 'forbidden', value: 'x' },
    ]) {
      const answer = await call('POST', '/developers', { body: { ...ann, attributes: [attribute] } });
      expect(answer.status).toBe(400);
    }
    expect(emulator.admin.counters().writes.total).toBe(0);
  });
});

test('upper case in an email is refused by X in the words of Apigee, without details', async () => {
  const { emulator, call } = await talkTo('x');
  const refusal = { error: { code: 400, message: 'email address has to be lowercase', status: 'INVALID_ARGUMENT' } };
  const body = { ...ann, email: 'Ann@Example.com' };
  expect((await call('POST', '/developers', { body })).json).toEqual(refusal);
  emulator.admin.seed([ann]);
  expect((await call('PUT', path, { body })).json).toEqual(refusal);
});

test('emails that differ in case are two developers on Edge', async () => {
  const { emulator, call } = await talkTo('edge');
  await call('POST', '/developers', { body: ann });
  expect((await call('POST', '/developers', { body: { ...ann, email: 'Ann@Example.com' } })).status).toBe(201);
  expect(emulator.admin.developers()).toHaveLength(2);
});

test.each([
  ['x', 400],
  ['edge', 500],
] as const)('a malformed email gives %s: %i', async (mode, status) => {
  const { call } = await talkTo(mode);
  expect((await call('POST', '/developers', { body: { ...ann, email: 'no-email' } })).status).toBe(status);
});
