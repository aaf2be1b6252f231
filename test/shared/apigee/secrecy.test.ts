import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { developersOf } from '../../../shared/apigee/client.ts';
import { type ApigeeConnection, createApigeeConnection } from '../../../shared/apigee/connection.ts';
import { scrub } from '../../../shared/apigee/scrub.ts';
import { bodyOf, manualClock } from './harness.ts';
import { json, type Reply, type ScriptedServer, startScriptedServer } from './scripted-server.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';

const token = 'opaque_Secret.token';

/** Repeats everything it was told, in every spelling. */
const parrot: Reply = (response, { url, headers, body }) => {
  const decoded = decodeURIComponent(url.replaceAll('+', ' '));
  const { authorization = '' } = headers;
  const bare = String(authorization).slice('Bearer '.length);
  const message = [bare, decoded, url, encodeURIComponent(url), body, decoded.toUpperCase(), authorization].join(' | ');
  json(400, { error: { code: 400, message, status: 'INVALID_ARGUMENT' } })(response, {
    method: '',
    url,
    headers,
    body,
  });
};

const emails = fc.oneof(
  fc.emailAddress(),
  fc
    .tuple(fc.stringMatching(/^[a-zA-Z0-9+%'"/#?é&<>=~!]{1,12}$/u), fc.stringMatching(/^[a-z0-9.é-]{1,12}$/u))
    .map(([local, domain]) => `${local}@${domain}`),
);

describe('error messages hold nothing personal (rule 27)', () => {
  let server: ScriptedServer;
  let connection: ApigeeConnection;

  beforeAll(async () => {
    server = await startScriptedServer(parrot);
    connection = createApigeeConnection({
      type: 'edge',
      endpoint: server.url,
      org: 'org',
      credentials: { kind: 'token', token },
      ledger: createOwnLedger(6_000_000),
      clock: manualClock(),
    });
  });

  afterAll(async () => {
    connection.close();
    await server.close();
  });

  test('nothing of what the product does not know of a developer', async () => {
    const members = { contact: { phone: ['Wanderfalke'] } };
    const entries = [{ name: 'plan', value: 'Morgenrot', note: 'Abendstern' }];
    const body = bodyOf('ada@example.com', { attributes: new Map([['plan', 'x']]), others: { members, entries } });
    const answer = await developersOf(connection).update('ada@example.com', body);
    expect(JSON.stringify(answer)).not.toMatch(/Wanderfalke|Morgenrot|Abendstern/);
  });

  test('no email and no token, however Apigee repeats them', async () => {
    const developers = developersOf(connection);
    await fc.assert(
      fc.asyncProperty(emails, emails, async (email, other) => {
        const answers = [
          await developers.get(email),
          await developers.update(email, bodyOf(other)),
          await developers.create(bodyOf(email)),
          await developers.listEmails({ startKey: email, count: 2 }),
          await developers.setStatus(email, 'active'),
        ];
        for (const answer of answers) {
          expect(answer.ok).toBe(false);
          const message = answer.ok ? '' : answer.error.message.toLowerCase();
          for (const forbidden of [email, other, token].flatMap((it) => [it, encodeURIComponent(it)])) {
            expect(message).not.toContain(forbidden.toLowerCase());
          }
          expect(message.length).toBeLessThanOrEqual(300);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('scrubbing', () => {
  test.each([
    ['somebody-else@example.com is taken', '[removed] is taken'],
    ['id 5f0c2ab1-7d43-4a0e-9a55-0f1d7c1f3a10 is gone', 'id [removed] is gone'],
    ['sent Bearer abc.def, refused', 'sent [removed], refused'],
    ['token ya29.abc-DEF and eyJhbGciOi.eyJzdWIi.sig', 'token [removed] and [removed]'],
    ['two\nlines\tand\u0000more', 'two lines and more'],
  ])('%j becomes %j', (text, expected) => {
    expect(scrub(text, [], [])).toBe(expected);
  });

  test('names go where they stand alone, and leave other words as they are', () => {
    expect(scrub('Al is invalid: Algebra, value "al"', ['Al'], [])).toBe(
      '[removed] is invalid: Algebra, value "[removed]"',
    );
  });

  test('names go in lower case too, also where that is longer', () => {
    expect(scrub(`no ${'İpek'.toLowerCase()} here`, ['İpek'], [])).toBe('no [removed] here');
  });

  test('values with characters that mean something in patterns go too', () => {
    expect(scrub('got a+b(c)[d]\\e|f', ['a+b(c)[d]\\e|f'], [])).toBe('got [removed]');
  });

  test('a long message is cut, and never through an email', () => {
    const message = scrub(`${'x '.repeat(1990)}somebody@example.com`, [], []);
    expect(message).toHaveLength(300);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), (before) => {
        expect(scrub(`${'x '.repeat(before)}somebody@example.com `.repeat(3), [], [])).not.toContain('somebody');
      }),
    );
  });

  test('it is quick on hostile input', () => {
    const start = performance.now();
    scrub('a'.repeat(1_000_000), ['b@c'], []);
    scrub('a@'.repeat(500_000), ['b@c'], []);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
