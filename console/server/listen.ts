import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Server } from 'node:http';

export interface Listening {
  readonly port: number;
  /** Takes no more requests, and lets those under way end, for a few seconds. A second call does nothing. */
  close(): Promise<void>;
}

/** Cloud Run gives ten seconds to end: a deletion that has begun is better ended than cut. */
const patience = 8000;

/** Serves the app on this host and port; port 0 takes a free one. Rejects where the port is taken. */
export async function listen(app: Hono, host: string, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the console has no port');
  let closed: Promise<void> | undefined;
  return {
    port: address.port,
    close() {
      closed ??= new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), patience).unref();
      });
      return closed;
    },
  };
}
