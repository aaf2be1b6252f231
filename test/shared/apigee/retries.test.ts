import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer, Developers } from '../../../shared/apigee/developers.ts';
import { parseRetryAfter, retryDelay } from '../../../shared/apigee/retry.ts';
import { errorOf, valueOf } from './developers-contract.ts';
import { bodyOf, manualClock, scene } from './harness.ts';
import { html, json, raw, type Reply, reset, silent, wireDeveloper, xError } from './scripted-server.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';

const realClock = { now: Date.now, sleep: async () => undefined, random: () => 0.5 };
const email = 'ada@example.com';
const good = json(200, wireDeveloper(email));
const page = { startKey: undefined, count: 1000 };

const reads: readonly (readonly [string, (developers: Developers) => Promise<{ readonly ok: boolean }>])[] = [
  ['list', (developers) => developers.listEmails(page)],
  ['get', (developers) => developers.get(email)],
];

const writes: readonly (readonly [string, (developers: Developers) => Promise<Answer<unknown>>])[] = [
  ['create', (developers) => developers.create(bodyOf(email))],
  ['update', (developers) => developers.update(email, bodyOf(email))],
  ['status', (developers) => developers.setStatus(email, 'active')],
  ['delete', (developers) => developers.delete(email)],
];

/** These were surely not made. */
const turnedAway: readonly (readonly [string, Reply])[] = [
  ['429', xError(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded')],
  ['503 with Retry-After', raw(503, '', { 'retry-after': '0' })],
];

/** These may have been made. `later`: and may still be. */
const unknown: readonly (readonly [string, Reply, boolean])[] = [
  ['408', raw(408, ''), true],
  ['500', xError(500, 'INTERNAL', 'oops'), false],
  ['an HTML 502', html(502), true],
  ['503 without Retry-After', xError(503, 'UNAVAILABLE', 'later'), false],
  ['504', raw(504, ''), true],
  ['a reset', reset, true],
  ['an empty 200', raw(200, ''), false],
  ['truncated JSON', raw(200, '{"email":"ada@exam'), false],
  ['HTML instead of JSON', html(200), false],
];

const passing: readonly (readonly [string, Reply])[] = [
  ['408', raw(408, '')],
  ['429', xError(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded')],
  ['500', xError(500, 'INTERNAL', 'oops')],
  ['an HTML 502', html(502)],
  ['503', xError(503, 'UNAVAILABLE', 'later')],
  ['504', raw(504, '')],
  ['a reset', reset],
  ['an empty 200', raw(200, '')],
  ['truncated JSON', raw(200, '{"email":"ada@exam')],
  ['HTML instead of JSON', html(200)],
];

describe('retries', () => {
  test.each(passing.flatMap(([trouble, reply]) => reads.map(([name, call]) => ({ trouble, reply, name, call }))))(
    '$name is tried again after $trouble',
    async ({ reply, name, call }) => {
      const last = name === 'list' ? json(200, {}) : good;
      const { developers, server, calls, clock } = await scene([reply, reply, last]);
      expect(await call(developers)).toMatchObject({ ok: true });
      expect(server.seen).toHaveLength(3);
      expect(calls).toEqual([name, name, name]);
      expect(clock.waits).toEqual([250, 500]);
    },
  );

  test('a failure that stays is given up after five tries', async () => {
    const { developers, server, calls } = await scene([html(502)]);
    expect(errorOf(await developers.get(email), 'unavailable').ambiguous).toBe(false);
    expect(server.seen).toHaveLength(5);
    expect(calls).toHaveLength(5);
  });

  test.each(
    unknown.flatMap(([trouble, reply, later]) => writes.map(([name, call]) => ({ trouble, reply, later, name, call }))),
  )(
    '$name is not tried again after $trouble, whose effect is unknown (rules 13, 14)',
    async ({ reply, later, call }) => {
      const { developers, server } = await scene([reply, good]);
      const error = errorOf(await call(developers), 'unavailable');
      expect([error.ambiguous, error.lookAgainAfterMs]).toEqual([true, later ? undefined : 250]);
      expect(server.seen).toHaveLength(1);
    },
  );

  test.each(turnedAway.flatMap(([trouble, reply]) => writes.map(([name, call]) => ({ trouble, reply, name, call }))))(
    '$name after $trouble, which had no effect: only an update is not tried again (rules 11, 13)',
    async ({ reply, name, call }) => {
      const { developers, server } = await scene([reply, good]);
      const answer = await call(developers);
      expect(server.seen).toHaveLength(name === 'update' ? 1 : 2);
      expect(answer.ok).toBe(name !== 'update');
      if (!answer.ok)
        expect(answer.error).toMatchObject({ kind: 'unavailable', ambiguous: false, lookAgainAfterMs: 250 });
    },
  );

  test('an update says how long Apigee wants to be left alone', async () => {
    const { developers } = await scene([raw(429, '', { 'retry-after': '7' })]);
    const error = errorOf(await developers.update(email, bodyOf(email)), 'unavailable');
    expect(error.lookAgainAfterMs).toBe(7250);
  });

  test('an update that somebody else was in the way of is decided again, and so is a status call', async () => {
    const { developers, server } = await scene([xError(409, 'ABORTED', 'conflict')]);
    for (const answer of [await developers.update(email, bodyOf(email)), await developers.setStatus(email, 'active')])
      expect(errorOf(answer, 'unavailable')).toMatchObject({ ambiguous: false, lookAgainAfterMs: 250 });
    expect(server.seen).toHaveLength(2);
  });

  test('an update that never left is decided again (rules 11, 13)', async () => {
    const { developers, server } = await scene([good]);
    await server.close();
    const error = errorOf(await developers.update(email, bodyOf(email)), 'unavailable');
    expect(error).toMatchObject({ ambiguous: false, lookAgainAfterMs: 250 });
    expect(error.message).toBe('update: no complete answer (ECONNREFUSED)');
  });

  test('what Apigee refuses, or does not let through, is not looked at again', async () => {
    const { developers } = await scene([xError(400, 'INVALID_ARGUMENT', 'no'), xError(403, 'PERMISSION_DENIED', 'no')]);
    for (const kind of ['refused', 'denied'] as const)
      expect(errorOf(await developers.update(email, bodyOf(email)), kind).lookAgainAfterMs).toBeUndefined();
  });

  test('a status call or a deletion is repeated for ten seconds at most: what it rests on was read before', async () => {
    for (const call of [writes[2]?.[1], writes[3]?.[1]]) {
      const clock = manualClock(0);
      const { developers, server } = await scene([raw(503, '', { 'retry-after': '4' })], { clock });
      const start = clock.now();
      expect(await call?.(developers)).toMatchObject({ ok: false, error: { kind: 'unavailable', ambiguous: false } });
      expect(clock.now() - start).toBeLessThan(10_000);
      expect(server.seen).toHaveLength(3);
    }
  });

  test('a create that was only turned away is not ambiguous', async () => {
    const { developers } = await scene([xError(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded')]);
    expect(errorOf(await developers.create(bodyOf(email)), 'unavailable').ambiguous).toBe(false);
  });

  test('a refused connection is tried again even for a create, and is never ambiguous', async () => {
    const { developers, server, clock } = await scene([good]);
    await server.close();
    const error = errorOf(await developers.create(bodyOf(email)), 'unavailable');
    expect(error).toMatchObject({ status: undefined, ambiguous: false });
    expect(error.message).toBe('create: no complete answer (ECONNREFUSED)');
    expect(clock.waits).toHaveLength(4);
  });

  test('a deletion that was turned away and then finds nobody is done', async () => {
    const gone = xError(404, 'NOT_FOUND', 'no', 'developer.service.DeveloperIdDoesNotExist');
    const { developers } = await scene([xError(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded'), gone]);
    expect(valueOf(await developers.delete(email))).toBeUndefined();
  });

  test('an answer that does not come in time is lost', async () => {
    const { developers, server } = await scene([silent, good], { timeoutMs: 50 });
    valueOf(await developers.get(email));
    expect(server.seen).toHaveLength(2);
  });

  test('an answer that stops in the middle is lost', async () => {
    const half: Reply = (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"email":');
    };
    const { developers, server } = await scene([half, good], { timeoutMs: 50 });
    valueOf(await developers.get(email));
    expect(server.seen).toHaveLength(2);
  });

  test('a body beyond the limit is not read to its end and not asked for again', async () => {
    const chunk = Buffer.alloc(1024 * 1024, ' ');
    const endless: Reply = (response) => {
      response.on('close', () => response.destroy());
      const write = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', write);
      write();
    };
    const { developers, server } = await scene([endless]);
    expect(errorOf(await developers.get(email), 'unavailable').message).toBe('get: the answer is too large');
    expect(server.seen).toHaveLength(1);
  });

  test('Retry-After is honoured as seconds and as a date, up to a minute', async () => {
    const clock = manualClock(0);
    const date = new Date(clock.now() + 12_000).toUTCString();
    const { developers } = await scene(
      [
        raw(503, '', { 'retry-after': '7' }),
        raw(429, '', { 'retry-after': date }),
        raw(503, '', { 'retry-after': '3600' }),
        good,
      ],
      { clock, totalTimeoutMs: 600_000 },
    );
    valueOf(await developers.get(email));
    expect(clock.waits).toEqual([7000, 5000, 60_000]);
  });

  test('all tries and waits together keep to the total time', async () => {
    const clock = manualClock();
    const { developers, server } = await scene([raw(503, '', { 'retry-after': '20' })], {
      clock,
      totalTimeoutMs: 45_000,
    });
    const start = clock.now();
    errorOf(await developers.get(email), 'unavailable');
    expect(clock.now() - start).toBeLessThan(45_000);
    expect(server.seen).toHaveLength(3);
  });

  test('nothing is sent after the total time, also where the call budget was what took so long (rule 21)', async () => {
    const started = Date.now();
    const sent: number[] = [];
    const answering: Reply = (response) => {
      sent.push(Date.now() - started);
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(wireDeveloper(email)));
    };
    const { developers } = await scene([answering], {
      clock: realClock,
      ledger: createOwnLedger(300),
      totalTimeoutMs: 700,
    });
    const answers = await Promise.all(Array.from({ length: 12 }, () => developers.create(bodyOf(email))));
    expect(Math.max(...sent)).toBeLessThan(700);
    const late = answers.filter((answer) => !answer.ok);
    expect(late.length + sent.length).toBe(12);
    expect(late.length).toBeGreaterThan(0);
    for (const answer of late) {
      expect(answer).toMatchObject({ ok: false, error: { kind: 'unavailable', ambiguous: false, suspended: true } });
      expect(errorOf(answer, 'unavailable').message).toContain('APIGEE_CALLS_PER_MINUTE');
    }
  });

  test.each([
    ['for as long as it says', raw(429, '', { 'retry-after': '7' }), [7000]],
    ['for a second, where it says nothing', xError(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded'), [1000]],
    ['but not for any other failure', raw(503, '', { 'retry-after': '7' }), []],
  ])('a 429 has everybody give way, %s', async (_, answer, expected) => {
    const told: number[] = [];
    const ledger = { ...createOwnLedger(600_000), giveWay: async (forMs: number) => void told.push(forMs) };
    const { developers } = await scene([answer, json(200, wireDeveloper(email))], { ledger });
    valueOf(await developers.get(email));
    expect(told).toEqual(expected);
  });

  test('where the ledger of the call budget does not answer, nothing is sent, and that is what is said', async () => {
    const away = Object.assign(new Error('14 UNAVAILABLE: ada@example.com'), { code: 14 });
    const ledger = { reserve: () => Promise.reject(away), giveWay: () => Promise.reject(away) };
    const { developers, server } = await scene([], { ledger, clock: realClock, totalTimeoutMs: 200 });
    const { message, suspended } = errorOf(await developers.get(email), 'unavailable');
    expect(message).toBe('get: not sent: Firestore, which has the call budget, did not answer, code 14');
    expect(suspended).toBe(true);
    expect(server.seen).toEqual([]);
  });

  test('a repetition whose turn comes too late is not sent', async () => {
    const clock = manualClock(0);
    const late = { ...clock, sleep: async () => clock.advance(90_001) };
    const { developers, server } = await scene([html(502)], { clock: late });
    expect(errorOf(await developers.get(email), 'unavailable').status).toBe(502);
    expect(server.seen).toHaveLength(1);
  });
});

describe('the wait before the next try', () => {
  test('grows with every try up to a limit, is random from nought, and comes on top of Retry-After', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.option(fc.integer({ min: 0, max: 10_000_000 }), { nil: undefined }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (tries, retryAfterMs, random) => {
          const asked = Math.min(retryAfterMs ?? 0, 60_000);
          const delay = retryDelay(tries, retryAfterMs, random);
          expect(delay).toBeGreaterThanOrEqual(asked);
          expect(delay).toBeLessThanOrEqual(asked + Math.min(16_000, 500 * 2 ** (tries - 1)));
        },
      ),
    );
  });

  test.each([
    ['120', 120_000],
    ['0', 0],
    ['Fri, 20 Nov 2026 00:00:30 GMT', 30_000],
    ['Fri, 20 Nov 2020 00:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('Retry-After %s is %s ms', (header, expected) => {
    expect(parseRetryAfter(header, Date.UTC(2026, 10, 20))).toBe(expected);
  });
});
