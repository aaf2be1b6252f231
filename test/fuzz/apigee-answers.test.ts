import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { developersOf } from '../../shared/apigee/client.ts';
import { createApigeeConnection, type ApigeeConnection } from '../../shared/apigee/connection.ts';
import { operations, type Answer, type Developers, type Operation } from '../../shared/apigee/developers.ts';
import { bodyOf, manualClock } from '../shared/apigee/harness.ts';
import { type ScriptedServer, startScriptedServer, wireDeveloper } from '../shared/apigee/scripted-server.ts';
import { anything, expectDiscreet, secret, text } from './hostile.ts';
import { createOwnLedger } from '../../shared/state/own-call-ledger.ts';

const token = 'opaque.Secret.Token';

interface Scripted {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const json = (value: unknown): string => {
  try {
    return JSON.stringify(value, (_, it: unknown) => (typeof it === 'bigint' ? String(it) : it)) ?? '';
  } catch {
    return '[';
  }
};

const developer = fc
  .tuple(
    fc.constant(wireDeveloper(secret, { attributes: [{ name: 'a', value: 'b' }] })),
    fc.dictionary(
      fc.constantFrom('email', 'developerId', 'firstName', 'status', 'attributes', 'createdAt', 'lastModifiedAt'),
      fc.oneof(anything, text, fc.constantFrom(-1, 1e300, '99999999999999999999', '', null)),
    ),
  )
  .map(([whole, other]) => ({ ...whole, ...other }));

const codes = fc.constantFrom(
  'developer.service.DeveloperIdDoesNotExist',
  'developer.service.DeveloperDoesNotExist',
  'developer.service.DeveloperAlreadyExists',
  'organizations.OrganizationDoesNotExist',
  'messaging.adaptors.http.flow.ApplicationNotFound',
  '__proto__',
);

const message = fc.oneof(fc.constantFrom(`${secret} is not known, token ${token}`, secret, 'no'), text, anything);

const bodies = fc.oneof(
  anything.map(json),
  text,
  fc.constantFrom(
    '',
    '{}',
    '[]',
    'null',
    '<!DOCTYPE html><title>Error 404</title>',
    '{"developer":[',
    '{"developer":[]}',
  ),
  developer.map(json),
  fc.array(fc.oneof(developer, anything), { maxLength: 3 }).map((entries) => json({ developer: entries })),
  fc.array(fc.oneof(fc.constant(secret), anything), { maxLength: 3 }).map(json),
  fc
    .tuple(
      fc.oneof(fc.constantFrom('NOT_FOUND', 'ALREADY_EXISTS', 'RESOURCE_EXHAUSTED', 'ABORTED'), anything),
      message,
      codes,
    )
    .map(([status, words, code]) =>
      json({ error: { status, message: words, details: [{ violations: [{ type: code, description: words }] }] } }),
    ),
  fc.tuple(codes, message).map(([code, words]) => json({ code, message: words, contexts: [] })),
  fc.tuple(codes, message).map(([code, words]) => json({ fault: { faultstring: words, detail: { errorcode: code } } })),
);

const encodings = fc.constantFrom<(body: string) => Pick<Scripted, 'headers' | 'body'>>(
  (body) => ({ headers: {}, body: Buffer.from(body) }),
  (body) => ({ headers: {}, body: Buffer.from(body) }),
  (body) => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(body) }),
  (body) => ({ headers: { 'content-encoding': 'deflate' }, body: deflateSync(body) }),
  (body) => ({ headers: { 'content-encoding': 'gzip' }, body: Buffer.from(body) }),
  (body) => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(body).subarray(0, 12) }),
  (body) => ({ headers: { 'content-encoding': 'br' }, body: Buffer.from(body) }),
  (body) => ({ headers: { 'content-encoding': 'unheard-of' }, body: Buffer.from(body) }),
  (body) => ({ headers: { 'content-length': '1' }, body: Buffer.from(body.slice(0, 1)) }),
  (body) => ({ headers: { 'content-length': '100000' }, body: Buffer.from(body.slice(0, 50)) }),
  (body) => ({ headers: {}, body: Buffer.from(body, 'utf16le') }),
);

const statuses = fc.oneof(
  fc.constantFrom(200, 200, 200, 201, 204, 400, 401, 403, 404, 404, 409, 429, 500, 503),
  fc.integer({ min: 200, max: 599 }),
  fc.constantFrom(299, 304, 307, 418, 600, 999),
);

const scripted = fc
  .record({
    status: statuses,
    type: fc.constantFrom(
      'application/json',
      'text/html',
      'application/x-protobuf',
      'multipart/form-data',
      '',
      'image/png;charset=utf-99',
    ),
    more: fc.constantFrom<Readonly<Record<string, string>>>(
      {},
      {},
      { 'retry-after': '0' },
      { 'retry-after': '99999999999999999999' },
      { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' },
      { 'retry-after': 'soon' },
      { location: 'http://127.0.0.1:1/elsewhere' },
      { location: '::no url' },
      { 'set-cookie': 'a=b' },
      { 'transfer-encoding': 'chunked' },
    ),
    encoded: fc.tuple(bodies, encodings).map(([body, encode]) => encode(body)),
  })
  .map(({ status, type, more, encoded }): Scripted => ({
    status,
    headers: {
      ...(type === '' ? {} : { 'content-type': type }),
      ...('transfer-encoding' in more && 'content-length' in encoded.headers ? {} : more),
      ...encoded.headers,
    },
    body: encoded.body,
  }));

let script: readonly Scripted[] = [];
let asked = 0;
let server: ScriptedServer | undefined;

beforeAll(async () => {
  server = await startScriptedServer((response) => {
    const { status = 500, headers = {}, body = '' } = script[Math.min(asked, script.length - 1)] ?? {};
    asked += 1;
    response.writeHead(status, headers);
    const announced = Number(headers['content-length'] ?? body.length);
    if (announced > body.length) response.write(body, () => response.socket?.destroy());
    else response.end(body);
  });
});
afterAll(() => server?.close());

function connect(type: 'x' | 'edge'): ApigeeConnection {
  return createApigeeConnection({
    type,
    endpoint: server?.url ?? '',
    org: 'org',
    credentials: { kind: 'token', token },
    // Nobody waits for a quota that a made-up answer says is used up.
    ledger: { ...createOwnLedger(60_000_000), giveWay: async () => undefined },
    timeoutMs: 2000,
    totalTimeoutMs: 10_000,
    clock: manualClock(),
  });
}

const calls: Readonly<Record<Operation, (developers: Developers) => Promise<Answer<unknown>>>> = {
  list: (it) => it.listDevelopers({ startKey: undefined, count: 10 }),
  get: (it) => it.get(secret),
  create: (it) => it.create(bodyOf(secret)),
  update: (it) => it.update(secret, bodyOf(secret)),
  status: (it) => it.setStatus(secret, 'inactive'),
  delete: (it) => it.delete(secret),
};

/** By hand, from the documents: a 404 whose envelope is Apigee's and names the developer. */
function isOwn404({ status, headers, body }: Scripted): boolean {
  if (status !== 404) return false;
  const encoding = headers['content-encoding'];
  return encoding === 'gzip' || encoding === 'deflate' || /NOT_FOUND|DoesNotExist/u.test(body.toString('utf8'));
}

test(
  'whatever Apigee answers, a call has an answer: nothing thrown, nothing personal said, and absent only by its own 404 (rule 25)',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(scripted, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('x', 'edge'),
        async (replies, type) => {
          const connection = connect(type);
          try {
            for (const operation of operations) {
              script = replies;
              asked = 0;
              const answer = await calls[operation](developersOf(connection));
              if (answer.ok) {
                if (operation === 'get' && answer.value === undefined) expect(replies.some(isOwn404)).toBe(true);
                else
                  expect(replies.some(({ status }) => status < 300 || (operation === 'delete' && status === 404))).toBe(
                    true,
                  );
                continue;
              }
              const { kind, message: words, code } = answer.error;
              expectDiscreet([words, code ?? '']);
              expect(words).not.toContain(token);
              expect(words.startsWith(`${operation}: `)).toBe(true);
              if (kind === 'absent') expect([replies.some(isOwn404), operation]).not.toContain('list');
            }
            script = replies;
            asked = 0;
            const first = await developersOf(connection).listEmails({ startKey: undefined, count: 10 });
            expect(first.ok || first.error.kind !== 'absent').toBe(true);
          } finally {
            connection.close();
          }
        },
      ),
      { numRuns: 100 },
    );
  },
);
