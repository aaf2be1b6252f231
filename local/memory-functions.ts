import type { IncomingMessage } from 'node:http';
import { handleFanOut, handlePortalEdit, handleReconcileBatch } from '../shared/wiring/handlers.ts';
import type { Answer } from '../shared/wiring/http-push.ts';
import { handlePullEdit } from '../shared/wiring/pull-handler.ts';
import type { Services } from '../shared/wiring/services.ts';
import { listen, readBody, type LocalServer } from './local-server.ts';

/** Serves the functions in this process, each at an address of its own, for the same requests as the real ones. */
export async function serveFunctions(services: Services): Promise<Readonly<Record<string, LocalServer>>> {
  return {
    'fan-out': await serve(async (request) => handleFanOut(services, await readJson(request))),
    'reconcile-batch': await serve(async (request) => handleReconcileBatch(services, await readJson(request))),
    'pull-apigee-edit': await serve(async (request) => handlePullEdit(services, await readJson(request))),
    'push-portal-edit': await serve(async (request) =>
      handlePortalEdit(services, {
        type: headerOf(request, 'ce-type') ?? '',
        document: headerOf(request, 'ce-document'),
        data: await readBody(request),
      }),
    ),
  };
}

/** Functions are called for POST requests only, which are all that Pub/Sub and Eventarc send. */
function serve(handle: (request: IncomingMessage) => Promise<Answer>): Promise<LocalServer> {
  return listen((request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(404).end();
      return;
    }
    handle(request).then(
      (answer) => response.writeHead(answer === 'done' ? 204 : 503).end(),
      () => response.writeHead(500).end(),
    );
  });
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse((await readBody(request)).toString('utf8'));
  } catch {
    return undefined;
  }
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
