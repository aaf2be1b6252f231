import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { readPushEnvelope } from '../shared/messages/push-envelope.ts';
import { listen, readBody } from './local-server.ts';
import { newPending } from './pending.ts';

/** Passes on what Pub/Sub pushes, unchanged, so that a test can wait until no function works on a message. */
export interface PushRelay {
  /** The address to push to for the function `name`, which listens at `url`. */
  addressFor(name: string, url: string): string;
  /** Called with the text of each message that the function `name` has taken. Returns how to stop. */
  onTaken(name: string, listener: (text: string) => void): () => void;
  /** Resolves when every message that was pushed has been answered. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export async function startPushRelay(): Promise<PushRelay> {
  const targets = new Map<string, string>();
  const listeners = new Map<string, Set<(text: string) => void>>();
  const pending = newPending();

  const server = await listen((request, response) => {
    pending.begin();
    // Pub/Sub may have stopped waiting for the answer: what counts is that the function has ended.
    const path = request.url ?? '';
    const taken = listeners.get(path);
    const tell = taken === undefined || taken.size === 0 ? undefined : listenTo(request, taken);
    void handOn(request, response, targets.get(path), tell).finally(() => pending.end());
  });

  return {
    addressFor(name, url) {
      targets.set(`/${name}`, url);
      return `${server.url}/${name}`;
    },
    onTaken(name, listener) {
      const path = `/${name}`;
      const set = listeners.get(path) ?? new Set();
      listeners.set(path, set.add(listener));
      return () => set.delete(listener);
    },
    idle: () => pending.idle(),
    close: () => server.close(),
  };
}

/** Keeps what is pushed. What it returns tells the listeners, once the message is taken. */
function listenTo(request: IncomingMessage, listeners: ReadonlySet<(text: string) => void>): () => void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => void chunks.push(chunk));
  return () => {
    const text = textOf(Buffer.concat(chunks).toString('utf8'));
    if (text !== undefined) for (const listener of listeners) listener(text);
  };
}

function textOf(push: string): string | undefined {
  const envelope = readPushEnvelope(JSON.parse(push), 0, 'entry');
  return envelope.ok ? envelope.value.data : undefined;
}

/** Where the function is not there, or ends before it answers, the answer is 503, so that Pub/Sub pushes again. */
async function handOn(
  request: IncomingMessage,
  response: ServerResponse,
  url: string | undefined,
  tell: (() => void) | undefined,
): Promise<void> {
  try {
    const answer = await ask(request, url);
    const body = await readBody(answer);
    if (answer.statusCode === 204) tell?.();
    response.writeHead(answer.statusCode ?? 503, answer.headers).end(body);
  } catch {
    response.writeHead(503).end();
  }
}

function ask(request: IncomingMessage, url: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (url === undefined) return reject(new Error('no function has this name'));
    const { method, headers } = request;
    const onward = httpRequest(url, { method, headers: { ...headers, host: new URL(url).host } }, resolve);
    onward.once('error', reject);
    request.once('close', () => request.complete || onward.destroy(new Error('the push was cut off')));
    request.pipe(onward);
  });
}
