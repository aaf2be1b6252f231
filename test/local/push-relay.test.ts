import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listen, readBody, type LocalServer } from '../../local/local-server.ts';
import { startPushRelay, type PushRelay } from '../../local/push-relay.ts';

let relay: PushRelay;
let target: LocalServer;
let heard: { readonly method: string | undefined; readonly trace: unknown; readonly body: string }[];
/** What the function waits for before it answers. */
let working: Promise<void>;

beforeEach(async () => {
  heard = [];
  working = Promise.resolve();
  relay = await startPushRelay();
  target = await listen((request, response) => {
    void readBody(request).then(async (body) => {
      heard.push({ method: request.method, trace: request.headers['traceparent'], body: body.toString() });
      await working;
      response.writeHead(429, { 'x-answer': 'yes' }).end('too many');
    });
  });
});
afterEach(async () => {
  await relay.close();
  await target.close();
});

const push = (address: string, signal?: AbortSignal): Promise<Response> =>
  fetch(address, { method: 'POST', body: '{"message":1}', headers: { traceparent: '00-1' }, signal: signal ?? null });

test('a push is handed on as it is, and so is the answer', async () => {
  const response = await push(relay.addressFor('fan-out', target.url));
  expect([response.status, response.headers.get('x-answer'), await response.text()]).toEqual([429, 'yes', 'too many']);
  expect(heard).toEqual([{ method: 'POST', trace: '00-1', body: '{"message":1}' }]);
  await relay.idle();
});

test('a function that is not there, or that nobody named, is pushed to again later', async () => {
  const gone = await listen(() => undefined);
  const address = relay.addressFor('fan-out', gone.url);
  await gone.close();
  expect((await push(address)).status).toBe(503);
  expect((await push(address.replace('fan-out', 'unknown'))).status).toBe(503);
  await relay.idle();
});

test('a function that dies at work is pushed to again later', async () => {
  const dying = createServer((request) => request.socket.destroy());
  dying.listen(0, '127.0.0.1');
  await new Promise((resolve) => dying.once('listening', resolve));
  const { port } = dying.address() as { port: number };
  expect((await push(relay.addressFor('fan-out', `http://127.0.0.1:${String(port)}`))).status).toBe(503);
  await relay.idle();
  dying.close();
});

test('it is not idle before the function has ended, although nobody waits for its answer any more', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  working = promise;
  const impatient = new AbortController();
  const pushed = push(relay.addressFor('fan-out', target.url), impatient.signal);
  await expect.poll(() => heard.length).toBe(1);
  let isIdle = false;
  const idle = relay.idle().then(() => {
    isIdle = true;
  });
  impatient.abort();
  await expect(pushed).rejects.toThrow(/abort/);
  await new Promise((later) => setTimeout(later, 50));
  expect(isIdle).toBe(false);
  resolve();
  await idle;
  expect(isIdle).toBe(true);
});

test('a push that was cut off keeps nobody waiting', async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const cut = await listen((request) => {
    request.on('error', () => undefined);
    arrive();
  });
  const { port, hostname, pathname } = new URL(relay.addressFor('fan-out', cut.url));
  const socket = connect(Number(port), hostname);
  socket.write(`POST ${pathname} HTTP/1.1\r\nhost: relay\r\ncontent-length: 100\r\n\r\nhalf`);
  await arrived;
  socket.destroy();
  await relay.idle();
  await cut.close();
});
