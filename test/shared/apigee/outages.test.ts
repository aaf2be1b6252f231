import { expect, test } from 'vitest';
import type { BreakerChange } from '../../../shared/apigee/breaker.ts';
import { errorOf, valueOf } from './developers-contract.ts';
import { bodyOf, manualClock, scene } from './harness.ts';
import { html, json, reset, wireDeveloper, xError } from './scripted-server.ts';

const email = 'ada@example.com';
const good = json(200, wireDeveloper(email));
const denied = xError(403, 'PERMISSION_DENIED', 'no');

test('in an outage nothing is sent, counted or ambiguous until a probe is due, and one that fails is not repeated', async () => {
  const changes: BreakerChange[] = [];
  const clock = manualClock();
  const { developers, server, calls } = await scene([html(502)], { clock, onBreaker: (it) => changes.push(it) });
  for (let n = 0; n < 10; n += 1) errorOf(await developers.get(email), 'unavailable');
  expect(changes).toEqual([expect.objectContaining({ kind: 'opened', trouble: 'unavailable' })]);
  expect(changes[0]?.message).toMatch(/since 2026-.*; the next probe is at 2026-.*Z\. get: HTTP 502/u);
  const sent = server.seen.length;

  const error = errorOf(await developers.update(email, bodyOf(email)), 'unavailable');
  expect(error).toMatchObject({ suspended: true, ambiguous: false, status: undefined });
  expect(error.message).toMatch(
    /^update: not sent: Apigee has been failing since 2026-.*Z; the next probe is at 2026/u,
  );
  expect([server.seen.length, calls.length]).toEqual([sent, sent]);

  clock.advance(5000);
  expect(errorOf(await developers.update(email, bodyOf(email)), 'unavailable')).toMatchObject({ ambiguous: true });
  expect(errorOf(await developers.get(email), 'unavailable').suspended).toBe(true);
  expect([server.seen.length, calls.length]).toEqual([sent + 1, sent + 1]);
  expect(changes).toHaveLength(1);
});

test('a probe that is answered lets everything through again', async () => {
  const changes: BreakerChange[] = [];
  const clock = manualClock();
  const replies = [denied, denied, denied, good];
  const { developers, server } = await scene(replies, { clock, onBreaker: (it) => changes.push(it) });
  for (let n = 0; n < 3; n += 1) errorOf(await developers.get(email), 'denied');
  expect(errorOf(await developers.get(email), 'unavailable').message).toContain('refusing access since');
  clock.advance(5000);
  valueOf(await developers.get(email));
  valueOf(await developers.get(email));
  expect(server.seen).toHaveLength(5);
  expect(changes.map(({ kind }) => kind)).toEqual(['opened', 'closed']);
});

test('calls that waited for their turn when it opened are not sent either', async () => {
  const { developers, server } = await scene([reset], { maxConcurrent: 1 });
  const answers = await Promise.all(Array.from({ length: 100 }, () => developers.create(bodyOf(email))));
  const errors = answers.map((answer) => errorOf(answer, 'unavailable'));
  // The eleventh had its turn before the tenth was told of.
  expect(errors.filter(({ suspended }) => suspended).length).toBeGreaterThanOrEqual(89);
  expect(server.seen.length).toBeLessThanOrEqual(11);
});

test('answers about one developer, however many, are no outage', async () => {
  const { developers, server } = await scene([xError(400, 'INVALID_ARGUMENT', 'no')]);
  for (let n = 0; n < 30; n += 1) errorOf(await developers.update(email, bodyOf(email)), 'refused');
  expect(server.seen).toHaveLength(30);
});
