import type { IncomingMessage } from 'node:http';

/** A request as it came. */
export interface RawRequest {
  readonly method: string;
  /** Undecoded, without the query. */
  readonly path: string;
  readonly params: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: RawBody;
}

export type RawBody =
  | { readonly kind: 'whole'; readonly text: string }
  | { readonly kind: 'too-large'; readonly limit: number };

/** Reads a request; a body over `limit` bytes is read to its end and thrown away. Throws if the client goes away. */
export async function readRequest(message: IncomingMessage, limitOf: (path: string) => number): Promise<RawRequest> {
  const [path = '/', ...query] = (message.url ?? '/').split('?');
  const limit = limitOf(path);
  const chunks: Buffer[] = [];
  let size = 0;
  const stream: AsyncIterable<unknown> = message;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) throw new Error('a request came as something other than bytes');
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return {
    method: message.method ?? 'GET',
    path,
    params: new URLSearchParams(query.join('?')),
    headers: message.headers,
    body: size > limit ? { kind: 'too-large', limit } : { kind: 'whole', text: Buffer.concat(chunks).toString('utf8') },
  };
}
