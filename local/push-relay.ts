import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, readBody } from './local-server.ts';
import { newPending } from './pending.ts';

/** Hands on what Pub/Sub pushes, unchanged, so that somebody can wait until no function is at work for a message. */
export interface PushRelay {
  /** Where to push what is for the function with this name, which listens at `url`. */
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
    // Whoever pushed may have lost patience: what counts is that the function has ended.
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

/** Nobody there, or gone before an answer, is answered with 503: Pub/Sub pushes again. */
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
