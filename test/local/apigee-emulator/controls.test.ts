import { describe, expect, test } from 'vitest';
import type { FaultAnswer } from '../../../local/apigee-emulator/server.ts';
import { ann, both, emailsOf, people, talkTo } from './talk.ts';

const path = `/developers/${encodeURIComponent(ann.email)}`;

describe.each(both)('forced answers on %s', (mode) => {
  test.each([400, 401, 403, 429, 500, 502, 503, 504] as const)(
    '%i comes in the envelope of the flavour, before any effect',
    async (answer) => {
      const { emulator, call } = await talkTo(mode);
      emulator.admin.addFault({ match: { operation: 'create' }, answer, retryAfterSeconds: 7 });
      const forced = await call('POST', '/developers', { body: ann });
      expect([forced.status, forced.headers.get('retry-after')]).toEqual([answer, '7']);
      expect(forced.json).toBeTypeOf('object');
      expect(emulator.admin.developers()).toEqual([]);
      expect((await call('POST', '/developers', { body: ann })).status).toBe(201);
    },
  );

  test.each([
    { answer: 'html', effect: false, status: 200 },
    { answer: 'html-404', effect: false, status: 404 },
    { answer: 'truncated', effect: true, status: 201 },
    { answer: 'empty', effect: true, status: 200 },
  ] as const)('$answer is no JSON, takes effect: $effect', async ({ answer, effect, status }) => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.addFault({ answer });
    const forced = await call('POST', '/developers', { body: ann });
    expect([forced.status, forced.json]).toEqual([status, undefined]);
    expect(emulator.admin.developers()).toHaveLength(effect ? 1 : 0);
    expect(emulator.admin.counters().writes.create).toBe(effect ? 1 : 0);
  });

  test.each([
    ['reset', 0],
    ['reset-after', 1],
  ] as const)('%s breaks the connection, developers then: %i', async (answer, count) => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.addFault({ answer });
    await expect(call('POST', '/developers', { body: ann })).rejects.toThrow(TypeError);
    expect(emulator.admin.developers()).toHaveLength(count);
    expect(emulator.admin.counters().requests.create).toBe(1);
  });

  test('timeout never answers, and closing the emulator ends it', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.addFault({ answer: 'timeout', times: 'always' });
    const heard = Promise.withResolvers<void>();
    emulator.admin.onRequest(() => heard.resolve());
    const answer = call('GET', path).catch(() => 'ended');
    await heard.promise;
    await emulator.close();
    expect(await answer).toBe('ended');
  });

  test('a status call can be cut short too', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed([ann]);
    emulator.admin.addFault({ answer: 'truncated' });
    expect((await call('POST', `${path}?action=inactive`)).text).toBe('{');
    expect(emulator.admin.developer(ann.email)?.status).toBe('inactive');
  });

  test('a failure may be reported for a write that took effect', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed([ann]);
    emulator.admin.addFault({ answer: 503, effect: true });
    expect((await call('DELETE', path)).status).toBe(503);
    expect(emulator.admin.developers()).toEqual([]);
  });

  test('rules match by operation and email, let calls through, and are used up', async () => {
    const { emulator, call } = await talkTo(mode);
    const { admin } = emulator;
    admin.seed([ann, ...people(2)]);
    admin.addFault({ match: { operation: 'get', email: ann.email }, skip: 1, times: 2, answer: 500 });
    admin.addFault({ match: { email: 'p1@example.com' }, times: 'always', answer: 502 });
    const statuses = [];
    for (const to of [path, path, '/developers/p0%40example.com', path, path])
      statuses.push((await call('GET', to)).status);
    expect(statuses).toEqual([200, 500, 200, 500, 200]);
    expect(admin.faults()).toHaveLength(1);
    expect((await call('GET', '/developers?count=2&startKey=p1%40example.com')).status).toBe(502);
    expect((await call('POST', '/developers', { body: { ...ann, email: 'p1@example.com' } })).status).toBe(502);
    admin.clearFaults();
    expect((await call('GET', '/developers/p1%40example.com')).status).toBe(200);
  });
});

test('an outage answers 503 to everything until it ends', async () => {
  const { emulator, call } = await talkTo('x');
  emulator.admin.configure({ outage: true });
  expect((await call('GET', '/developers')).json).toMatchObject({ error: { code: 503, status: 'UNAVAILABLE' } });
  emulator.admin.configure({ outage: false });
  expect((await call('GET', '/developers')).status).toBe(200);
});

describe('the quota', () => {
  test('answers 429 past the bucket, which fills by the clock', async () => {
    let clock = 0;
    const { emulator, call } = await talkTo('x', { now: () => clock });
    emulator.admin.configure({ quota: { perMinute: 60, burst: 2, retryAfter: true } });
    const status = async (): Promise<number> => (await call('GET', '/developers')).status;
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    const refused = await call('GET', '/developers');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.json).toMatchObject({ error: { code: 429, status: 'RESOURCE_EXHAUSTED' } });
    clock = 1000;
    emulator.admin.configure({ latencyMs: 0 });
    expect([await status(), await status()]).toEqual([200, 429]);
    emulator.admin.configure({ quota: null });
    expect(await status()).toBe(200);
  });
});

test('latency is waited for with the delay that was given', async () => {
  const waits: number[] = [];
  const { emulator, call } = await talkTo('x', {
    delay: async (ms) => {
      waits.push(ms);
    },
  });
  await call('GET', '/developers');
  emulator.admin.configure({ latencyMs: 40 });
  await call('GET', '/developers');
  expect(waits).toEqual([40]);
});

test('every request is counted by operation, writes only if they took effect', async () => {
  const { emulator, call, raw } = await talkTo('x');
  await call('POST', '/developers', { body: ann });
  await call('POST', '/developers', { body: ann });
  await call('GET', '/developers');
  await call('GET', path);
  await call('PUT', path, { body: ann });
  await call('POST', `${path}?action=inactive`);
  await call('GET', `${path}/attributes`);
  await call('DELETE', path, { authorization: null });
  await raw('GET', '/nonsense');
  const none = { list: 0, get: 0, create: 0, update: 0, status: 0, delete: 0, attributes: 0, other: 0 };
  expect(emulator.admin.counters()).toEqual({
    requests: { list: 1, get: 1, create: 2, update: 1, status: 1, delete: 1, attributes: 1, other: 1, total: 9 },
    writes: { ...none, create: 1, update: 1, status: 1, total: 3 },
  });
  emulator.admin.resetCounters();
  expect(emulator.admin.counters().requests.total).toBe(0);
});

describe('a listener', () => {
  test('hears each request before it is carried out, and may delete a developer between two pages', async () => {
    const { emulator, call } = await talkTo('x');
    emulator.admin.seed(people(10));
    const end = emulator.admin.onRequest(async ({ operation, email, params }) => {
      await Promise.resolve();
      if (operation === 'list' && email !== undefined && params.get('count') === '5') emulator.admin.remove(email);
    });
    expect(emailsOf((await call('GET', '/developers?count=5')).json)).toHaveLength(5);
    expect((await call('GET', '/developers?count=5&startKey=p4%40example.com')).status).toBe(404);
    end();
    expect((await call('GET', '/developers?count=5&startKey=p5%40example.com')).status).toBe(200);
  });
});

describe('seeding', () => {
  test('replaces a known email, keeps its developerId, and takes back what was read', async () => {
    const { emulator } = await talkTo('edge');
    const { admin } = emulator;
    admin.seed([
      {
        email: ann.email,
        attributes: [{ name: 'a', value: '1' }],
        createdAt: 5,
        lastModifiedAt: 9,
        status: 'unverified',
      },
    ]);
    const first = admin.developer(ann.email);
    expect(first).toMatchObject({ createdAt: 5, lastModifiedAt: 9, status: 'unverified' });
    admin.seed([{ ...ann, createdAt: 6 }]);
    expect(admin.developer(ann.email)).toMatchObject({
      developerId: first?.developerId,
      lastModifiedAt: 6,
      attributes: [],
    });
    const everyone = admin.developers();
    admin.clear();
    admin.seed(everyone);
    expect(admin.developers()).toEqual(everyone);
  });
});

describe('the controls over HTTP', () => {
  const control = '/emulator/v1';

  test('do what the controls in process do, uncounted and without authentication', async () => {
    const { emulator, raw } = await talkTo('x');
    const said = (body: unknown): { body: unknown; authorization: null } => ({ body, authorization: null });
    expect((await raw('GET', control)).json).toEqual({ mode: 'x', org: 'demo' });
    const seeds = { developers: [{ ...ann, attributes: { team: 'red' }, createdAt: 5 }, ...people(2)] };
    expect((await raw('POST', `${control}/developers`, said(seeds))).json).toEqual({ seeded: 3 });
    const listed = await raw('GET', `${control}/developers`);
    expect(listed.json).toEqual({ developers: emulator.admin.developers() });
    expect((await raw('POST', `${control}/developers`, said(listed.text))).json).toEqual({ seeded: 3 });
    expect((await raw('GET', control + path)).json).toMatchObject({ ...ann, createdAt: 5, lastModifiedAt: 5 });
    expect((await raw('DELETE', control + path)).status).toBe(204);
    expect((await raw('GET', control + path)).status).toBe(404);
    expect((await raw('PATCH', `${control}/settings`, said({ outage: true, order: { shuffled: 3 } }))).json).toEqual(
      emulator.admin.settings(),
    );
    expect(emulator.admin.settings()).toMatchObject({ outage: true, order: { shuffled: 3 }, maxAttributes: 18 });
    await raw('POST', `${control}/faults`, said({ match: { operation: 'get' }, answer: 'reset' }));
    expect(emulator.admin.faults()).toEqual([{ match: { operation: 'get' }, skip: 0, times: 1, answer: 'reset' }]);
    expect((await raw('GET', `${control}/faults`)).json).toEqual({ faults: emulator.admin.faults() });
    expect((await raw('DELETE', `${control}/faults`)).status).toBe(204);
    expect((await raw('GET', `${control}/counters`)).json).toEqual(emulator.admin.counters());
    expect(emulator.admin.counters().requests.total).toBe(0);
    await raw('DELETE', `${control}/developers`);
    expect(emulator.admin.developers()).toEqual([]);
    await raw('POST', `${control}/reset`);
    expect(emulator.admin.settings()).toMatchObject({ outage: false, order: 'insertion' });
  });

  test.each([
    ['POST', '/developers', { developers: [{ firstName: 'No email' }] }, 400],
    ['POST', '/developers', '{', 400],
    ['PATCH', '/settings', { order: 'random' }, 400],
    ['PATCH', '/settings', { unknown: 1 }, 400],
    ['POST', '/faults', { answer: 'explode' }, 400],
    ['PUT', '/faults', {}, 404],
    ['POST', '/nonsense', {}, 404],
    ['GET', '/developers/%zz', undefined, 404],
  ])('refuse %s %s %j', async (method, to, body, status) => {
    const { emulator, raw } = await talkTo('x');
    const before = emulator.admin.settings();
    expect((await raw(method, control + to, { body })).status).toBe(status);
    expect([emulator.admin.developers(), emulator.admin.faults(), emulator.admin.settings()]).toEqual([[], [], before]);
  });
});

test('a wrong setting or rule in process is thrown back', async () => {
  const { emulator } = await talkTo('x');
  const answer: FaultAnswer = 503;
  expect(() => emulator.admin.configure({ latencyMs: -1 })).toThrow(/latencyMs/);
  expect(() => emulator.admin.addFault({ answer, times: 0 })).toThrow(/times/);
});
