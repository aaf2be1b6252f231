import { describe, expect, test } from 'vitest';
import { ann, both, codeOf, people, talkTo } from './talk.ts';

const path = `/developers/${encodeURIComponent(ann.email)}`;

describe.each(both)('updating on %s', (mode) => {
  test('replaces everything: attributes that are left out are gone, status and apps stay', async () => {
    let clock = 1000;
    const { emulator, call } = await talkTo(mode, { now: () => clock });
    emulator.admin.seed([{ ...ann, attributes: { team: 'red' }, status: 'inactive', apps: ['weather'] }]);
    const before = emulator.admin.developer(ann.email);
    clock = 2000;
    const updated = await call('PUT', path, { body: { ...ann, lastName: 'Low', status: 'active' } });
    expect(updated.status).toBe(200);
    expect(emulator.admin.developer(ann.email)).toMatchObject({
      developerId: before?.developerId,
      lastName: 'Low',
      attributes: [],
      status: 'inactive',
      apps: ['weather'],
      createdAt: 1000,
      lastModifiedAt: 2000,
    });
  });

  test('answers 404 with a code of its own if there is no such developer', async () => {
    const { call } = await talkTo(mode);
    const answer = await call('PUT', path, { body: ann });
    expect([answer.status, codeOf(answer.json)]).toEqual([404, 'developer.service.DeveloperDoesNotExist']);
  });
});

describe('another email in the body of an update', () => {
  const renamed = { ...ann, email: 'new@example.com' };

  test('is refused by X, and so is a developerId in the path', async () => {
    const { emulator, call } = await talkTo('x');
    emulator.admin.seed([ann]);
    const id = emulator.admin.developer(ann.email)?.developerId ?? '';
    for (const [to, body] of [
      [path, renamed],
      [`/developers/${id}`, ann],
    ] as const) {
      const answer = await call('PUT', to, { body });
      expect([answer.status, codeOf(answer.json)]).toEqual([400, 'rest.interceptor.name_mismatch']);
    }
    expect(emulator.admin.developers()).toHaveLength(1);
  });

  test('renames on Edge, in place, unless the email is taken', async () => {
    const { emulator, call } = await talkTo('edge');
    const { admin } = emulator;
    admin.seed([...people(1), ann, { email: 'last@example.com' }]);
    const id = admin.developer(ann.email)?.developerId;
    expect((await call('PUT', path, { body: renamed })).json).toMatchObject({ ...renamed, developerId: id });
    expect(admin.developers().map(({ email }) => email)).toEqual([
      'p0@example.com',
      'new@example.com',
      'last@example.com',
    ]);
    expect(admin.developer(id ?? '')?.email).toBe('new@example.com');
    expect((await call('GET', path)).status).toBe(404);
    const taken = await call('PUT', '/developers/new%40example.com', { body: { ...ann, email: 'last@example.com' } });
    expect([taken.status, codeOf(taken.json)]).toEqual([409, 'developer.service.DeveloperAlreadyExists']);
  });
});

describe.each(both)('the status call on %s', (mode) => {
  test.each([undefined, 'application/octet-stream'])('answers 204 with content type %s', async (contentType) => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed([ann]);
    const said = contentType === undefined ? {} : { contentType, body: '' };
    const answer = await call('POST', `${path}?action=inactive`, said);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(emulator.admin.developer(ann.email)?.status).toBe('inactive');
  });

  test('refuses any other action', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed([ann]);
    for (const query of ['', '?action=', '?action=revoke']) {
      expect((await call('POST', path + query)).status).toBe(400);
    }
    expect((await call('POST', '/developers/nobody?action=active')).status).toBe(404);
  });

  test('moves lastModifiedAt on Edge only, unless set otherwise', async () => {
    let clock = 1000;
    const { emulator, call } = await talkTo(mode, { now: () => clock });
    emulator.admin.seed([ann]);
    clock = 2000;
    await call('POST', `${path}?action=inactive`);
    expect(emulator.admin.developer(ann.email)?.lastModifiedAt).toBe(mode === 'edge' ? 2000 : 1000);
    emulator.admin.configure({ statusCallBumps: true });
    clock = 3000;
    await call('POST', `${path}?action=active`);
    expect(emulator.admin.developer(ann.email)?.lastModifiedAt).toBe(3000);
  });
});

describe.each(both)('the attributes sub-resource on %s', (mode) => {
  test('lists, reads, replaces, writes and deletes attributes', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed([{ ...ann, attributes: { team: 'red', 'a/b c': '1' } }]);
    const all = `${path}/attributes`;
    expect((await call('GET', all)).json).toEqual({
      attribute: [
        { name: 'team', value: 'red' },
        { name: 'a/b c', value: '1' },
      ],
    });
    expect((await call('GET', `${all}/a%2Fb%20c`)).json).toEqual({ name: 'a/b c', value: '1' });
    expect((await call('POST', `${all}/team`, { body: { value: 'blue' } })).json).toEqual({
      name: 'team',
      value: 'blue',
    });
    expect((await call('POST', `${all}/new`, { body: { name: 'new', value: 'n' } })).status).toBe(200);
    expect((await call('DELETE', `${all}/a%2Fb%20c`)).json).toEqual({ name: 'a/b c', value: '1' });
    const missing = await call('DELETE', `${all}/a%2Fb%20c`);
    expect([missing.status, codeOf(missing.json)]).toEqual([404, 'organizations.keymanagement.AttributeDoesntExist']);
    expect(emulator.admin.developer(ann.email)?.attributes).toEqual([
      { name: 'team', value: 'blue' },
      { name: 'new', value: 'n' },
    ]);
    await call('POST', all, { body: { attribute: [{ name: 'only', value: 'x' }] } });
    expect(emulator.admin.developer(ann.email)?.attributes).toEqual([{ name: 'only', value: 'x' }]);
    expect(emulator.admin.counters().writes.attributes).toBe(4);
  });

  test('keeps to the limit of attributes', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.configure({ maxAttributes: 1 });
    emulator.admin.seed([{ ...ann, attributes: { team: 'red' } }]);
    expect((await call('POST', `${path}/attributes/more`, { body: { value: 'x' } })).status).toBe(400);
    expect((await call('POST', `${path}/attributes/team`, { body: { value: 'x' } })).status).toBe(200);
  });
});
