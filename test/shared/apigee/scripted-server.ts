import { createServer, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request as it came over the wire. */
export interface SeenCall {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export type Reply = (response: ServerResponse, call: SeenCall) => void;

export interface ScriptedServer {
  readonly url: string;
  readonly seen: readonly SeenCall[];
  /** Connections ever opened. */
  sockets(): number;
  close(): Promise<void>;
}

/** Answers the n-th request with the n-th reply, and every later one with the last. */
export async function startScriptedServer(...replies: readonly Reply[]): Promise<ScriptedServer> {
  const seen: SeenCall[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const call = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      const reply = replies[Math.min(seen.length, replies.length - 1)];
      seen.push(call);
      reply?.(response, call);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    seen,
    sockets: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return raw(status, JSON.stringify(value), { 'content-type': 'application/json; charset=UTF-8', ...headers });
}

export function raw(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return (response) => response.writeHead(status, headers).end(body);
}

export function html(status: number): Reply {
  return raw(status, '<!DOCTYPE html><title>Error</title><p>That’s an error.', { 'content-type': 'text/html' });
}

/** The connection is reset once the request has arrived. */
export const reset: Reply = (response) => response.socket?.resetAndDestroy();

export const silent: Reply = () => undefined;

/** X's envelope; with a code as Apigee's own layer sends it. */
export function xError(status: number, rpcStatus: string, message: string, code?: string): Reply {
  const details = [
    { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: '1' },
    {
      '@type': 'type.googleapis.com/google.rpc.PreconditionFailure',
      violations: [{ type: code, subject: '[ipv6]:4001:127.0.0.1', description: message }],
    },
  ];
  return json(status, {
    error: { code: status, message, status: rpcStatus, ...(code === undefined ? {} : { details }) },
  });
}

export function edgeError(status: number, code: string | undefined, message: unknown): Reply {
  return json(status, { ...(code === undefined ? {} : { code }), message, contexts: [] });
}

/** A developer as X answers it, with whatever differs. */
export function wireDeveloper(email: string, other: Readonly<Record<string, unknown>> = {}) {
  return {
    email,
    developerId: '5f0c2ab1-7d43-4a0e-9a55-0f1d7c1f3a10',
    userName: email,
    firstName: 'Ada',
    lastName: 'Lovelace',
    status: 'active',
    organizationName: 'org',
    createdAt: '1700000000000',
    lastModifiedAt: '1700000000001',
    ...other,
  };
}
