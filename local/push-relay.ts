import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, readBody } from './local-server.ts';
import { newPending } from './pending.ts';

/** Passes on what Pub/Sub pushes, unchanged, so that a test can wait until no function works on a message. */
export interface PushRelay {
  /** The address to push to for the function `name`, which listens at `url`. */
  addressFor(name: string, url: string): string;
  /** Resolves when every message that was pushed has been answered. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export async function startPushRelay(): Promise<PushRelay> {
  const targets = new Map<string, string>();
  const pending = newPending();

  const server = await listen((request, response) => {
    pending.begin();
    // Pub/Sub may have stopped waiting for the answer: what counts is that the function has ended.
    void handOn(request, response, targets.get(request.url ?? '')).finally(() => pending.end());
  });

  return {
    addressFor(name, url) {
      targets.set(`/${name}`, url);
      return `${server.url}/${name}`;
    },
    idle: () => pending.idle(),
    close: () => server.close(),
  };
}

/** Where the function is not there, or ends before it answers, the answer is 503, so that Pub/Sub pushes again. */
async function handOn(request: IncomingMessage, response: ServerResponse, url: string | undefined): Promise<void> {
  try {
    const answer = await ask(request, url);
    const body = await readBody(answer);
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
