import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEventarcRelay, type Delivered, type EventarcRelay } from '../../local/eventarc-relay.ts';

interface Received {
  readonly document: string;
  readonly type: string | undefined;
  readonly body: string;
}

const timing = { first: 1, longest: 4, deadline: 5000 };
let relay: EventarcRelay;
let received: Received[];
/** Answers of the function, in turn; 204 when there are none left. */
let answers: number[];
let closeFunction: () => Promise<void>;

beforeEach(async () => {
  received = [];
  answers = [];
  relay = await startEventarcRelay(timing);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers } = request;
      const document = String(headers['ce-document']);
      received.push({ document, type: headers['content-type'], body: Buffer.concat(chunks).toString('hex') });
      response.writeHead(answers.shift() ?? 204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  relay.deliverTo(`http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`);
  closeFunction = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
});
afterEach(async () => {
  await relay.close();
  await closeFunction();
});

/** As the Firestore emulator does. */
async function emulate(id: string): Promise<void> {
  const response = await fetch(`http://${relay.host}/functions/projects/demo/triggers/t`, {
    method: 'POST',
    headers: { 'ce-document': `users/${id}`, 'content-type': 'application/protobuf' },
    body: Buffer.from([0x0a, 0xff]).toString('base64'),
  });
  expect(response.status).toBe(204);
}

const documents = (): readonly string[] => received.map(({ document }) => document);

describe('the Eventarc relay', () => {
  test('delivers the decoded body with the headers of the event', async () => {
    await emulate('ann');
    await relay.idle();
    expect(received).toEqual([{ document: 'users/ann', type: 'application/protobuf', body: '0aff' }]);
  });

  test('delivers again until the event is taken, and says so once', async () => {
    answers = [500, 503, 429];
    const delivered: Delivered[] = [];
    relay.onDelivered((one) => delivered.push(one));
    await emulate('ann');
    await relay.idle();
    expect(delivered).toEqual([{ document: 'users/ann', attempts: 4 }]);
    expect(received).toHaveLength(4);
  });

  test('loses, doubles and delays events where a test asks for it', async () => {
    relay.disturb(({ document }) => (document === 'users/ann' ? [] : [0, 1]));
    await emulate('ann');
    await emulate('ben');
    await relay.idle();
    expect(documents()).toEqual(['users/ben', 'users/ben']);
  });

  test('keeps events while it is paused, and lets them go the other way round', async () => {
    relay.pause();
    await emulate('ann');
    await emulate('ben');
    expect(relay.pending).toBe(2);
    expect(received).toEqual([]);
    relay.resume('reversed');
    await relay.idle();
    expect(documents().toSorted()).toEqual(['users/ann', 'users/ben']);
  });

  test('gives up what waits when it is closed', async () => {
    answers = Array.from({ length: 10_000 }, () => 500);
    await emulate('ann');
    await expect.poll(() => received.length).toBeGreaterThan(1);
    await relay.close();
    await relay.idle();
    await expect(fetch(`http://${relay.host}/`)).rejects.toThrow('fetch failed');
  });
});
