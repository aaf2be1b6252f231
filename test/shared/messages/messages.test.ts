import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPortalEvent } from '../../../shared/messages/firestore-event.ts';
import { readPushEnvelope, type PushedMessage } from '../../../shared/messages/push-envelope.ts';
import { readBatchMessage, readRequestMessage } from '../../../shared/messages/sync-messages.ts';

const now = Date.UTC(2026, 10, 22, 15, 23, 42);
const pushed = (data: string, attributes: Record<string, string> = {}): PushedMessage => ({
  messageId: '77',
  publishTime: now,
  attributes,
  data,
  subscription: 's',
});
const wrapped = (message: unknown) => ({ message, subscription: 'projects/p/subscriptions/s' });

describe('a push envelope', () => {
  test('is read with its body, attributes and publish time, and members we do not know are let be', () => {
    const data = Buffer.from('{"a":1}').toString('base64');
    const message = {
      data,
      messageId: '1',
      message_id: '1',
      publishTime: '2026-11-22T15:23:42.5Z',
      attributes: { x: 'y' },
      newThing: {},
    };
    expect(readPushEnvelope({ ...wrapped(message), deliveryAttempt: 2 }, now)).toMatchObject({
      ok: true,
      value: { messageId: '1', publishTime: now + 500, attributes: { x: 'y' }, data: '{"a":1}' },
    });
  });

  test('may have no body and no attributes', () => {
    expect(readPushEnvelope(wrapped({ messageId: '1' }), now)).toMatchObject({
      ok: true,
      value: { data: '', attributes: {} },
    });
  });

  test.each([
    undefined,
    null,
    '',
    'text',
    7,
    [],
    {},
    { message: 'x' },
    wrapped({}),
    wrapped({ messageId: '1', data: '§' }),
    wrapped({ messageId: '1', attributes: { a: 1 } }),
  ])('that is none says so: %j', (body) => {
    expect(readPushEnvelope(body, now)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('not a Pub/Sub push request'),
    });
  });

  test('has a limit', () => {
    const data = Buffer.alloc(70_000, 'x').toString('base64');
    expect(readPushEnvelope(wrapped({ messageId: '1', data }), now)).toMatchObject({ ok: false });
  });
});

describe('a sync request', () => {
  test.each([
    ['', { mode: 'incremental', dryRun: false, reason: undefined }],
    ['{}', { mode: 'incremental', dryRun: false, reason: undefined }],
    ['{"mode":"full","dryRun":true,"reason":"why"}', { mode: 'full', dryRun: true, reason: 'why' }],
    ['{"mode":"full","somethingNew":1}', { mode: 'full', dryRun: false, reason: undefined }],
  ])('%s is read', (body, request) => {
    expect(readRequestMessage(pushed(body))).toMatchObject({
      ok: true,
      value: { kind: 'request', request, scheduled: false },
    });
  });

  test.each(['{"dry_run":true}', '{"DryRun":true}', '{"dryrun":true}', '{"MODE":"full"}'])(
    '%s does not become a real run',
    (body) => {
      expect(readRequestMessage(pushed(body))).toMatchObject({ ok: false, problem: expect.stringContaining('write') });
    },
  );

  test.each(['[]', 'null', '7', '{"mode":"all"}', '{"dryRun":"yes"}', '{"mode"', '{"reason":7}'])(
    '%s is refused',
    (body) => {
      expect(readRequestMessage(pushed(body))).toMatchObject({ ok: false });
    },
  );

  test('is one run however often it is delivered: its id is made of the message', () => {
    expect(readRequestMessage(pushed(''))).toMatchObject({ value: { runId: '20261122T152342Z-77' } });
  });

  test('of the schedule is one run a minute, as Cloud Scheduler may publish twice', () => {
    const id = (at: number) =>
      readRequestMessage({ ...pushed('', { schedule: 'incremental' }), messageId: String(at), publishTime: at });
    expect(id(now)).toMatchObject({ value: { runId: '20261122T1523Z-incremental', scheduled: true } });
    expect(id(now + 5000)).toEqual(id(now));
    expect(id(now + 60_000)).not.toEqual(id(now));
  });

  test('can bring its own id, if it is one', () => {
    expect(readRequestMessage(pushed('', { runId: 'cli-1' }))).toMatchObject({ value: { runId: 'cli-1' } });
    expect(readRequestMessage(pushed('', { runId: '../x' }))).toMatchObject({ ok: false });
    expect(readRequestMessage(pushed('', { continue: 'cli-1' }))).toEqual({
      ok: true,
      value: { kind: 'continue', runId: 'cli-1' },
    });
  });
});

describe('a batch message', () => {
  test('names a batch', () => {
    expect(readBatchMessage(pushed('{"runId":"r","phase":"apigee","seq":3}'))).toEqual({
      ok: true,
      value: { runId: 'r', phase: 'apigee', seq: 3 },
    });
  });

  test.each([
    '',
    '{}',
    '{"runId":"r","phase":"other","seq":3}',
    '{"runId":"r","phase":"apigee","seq":-1}',
    '{"runId":"r/x","phase":"apigee","seq":1}',
  ])('%j is refused', (body) => {
    expect(readBatchMessage(pushed(body))).toMatchObject({ ok: false });
  });
});

describe('whatever arrives', () => {
  test('gives a value or a sentence, never an exception', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), fc.dictionary(fc.string(), fc.string()), (body, text, attributes) => {
        expect(typeof readPushEnvelope(body, now).ok).toBe('boolean');
        expect(typeof readRequestMessage(pushed(text, attributes)).ok).toBe('boolean');
        expect(typeof readRequestMessage(pushed(JSON.stringify(body), attributes)).ok).toBe('boolean');
        expect(typeof readBatchMessage(pushed(text)).ok).toBe('boolean');
      }),
      { numRuns: 1000 },
    );
  });

  test('as event bytes gives a value or a sentence too', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.uint8Array({ maxLength: 300 }),
        fc.option(fc.string(), { nil: undefined }),
        (type, bytes, document) => {
          for (const kind of [type, 'google.cloud.firestore.document.v1.written.withAuthContext']) {
            expect(typeof readPortalEvent({ type: kind, data: Buffer.from(bytes), document }).ok).toBe('boolean');
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a Firestore event', () => {
  const type = 'google.cloud.firestore.document.v1.written.withAuthContext';

  test('names its document by the extension attribute', () => {
    const event = { type, data: Buffer.alloc(0), document: 'portalUsers/ann' };
    expect(readPortalEvent(event)).toEqual({ ok: true, value: { userId: 'ann', collection: 'portalUsers' } });
  });

  test('names its document by its data where the attribute is missing, deleted ones by what they were', () => {
    const name = 'projects/p/databases/(default)/documents/portalUsers/ann';
    const document = Buffer.concat([Buffer.from([0x0a, name.length]), Buffer.from(name)]);
    for (const field of [0x0a, 0x12]) {
      const data = Buffer.concat([Buffer.from([field, document.length]), document]);
      expect(readPortalEvent({ type, data })).toEqual({
        ok: true,
        value: { userId: 'ann', collection: 'portalUsers' },
      });
    }
  });

  test.each([
    [
      'of a Datastore entity',
      { type: 'google.cloud.datastore.entity.v1.written', document: 'a/b' },
      /check the trigger/,
    ],
    ['as base64 text, as the emulator sends it', { type, data: 'CgA=', document: 'a/b' }, /application\/protobuf/],
    [
      'with broken data',
      { type, data: Buffer.from([0xff, 0xff, 0xff]), document: 'a/b' },
      /not a Firestore document event/,
    ],
    ['without a document', { type, data: Buffer.alloc(0) }, /names no document/],
    [
      'about a collection',
      { type, data: Buffer.alloc(0), document: 'portalUsers' },
      /names no document of a collection/,
    ],
  ])('%s is refused with the reason', (_, event, problem) => {
    expect(readPortalEvent(event)).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
  });
});
