import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Problem } from '../../../console/api/answers/problem.ts';
import { mayAct } from '../../../console/api/roles.ts';
import { type Route, type RouteName, routes } from '../../../console/api/routes.ts';
import { securityHeaders } from '../../../console/server/guard/headers.ts';
import { webFile } from '../../../console/server/web-files.ts';
import { peopleAnswers } from './fake-people-answers.ts';
import { planAnswers } from './fake-plan-answers.ts';
import { syncAnswers } from './fake-sync-answers.ts';
import { type Body, FakeWorld, problem } from './fake-world.ts';

export interface FakeApi {
  readonly url: string;
  readonly world: FakeWorld;
  close(): Promise<void>;
}

/**
 * Serves the page with an API in memory that answers as the console's server does, and shows at will what the local stack
 * cannot: a session that ended, a service that is down, a run that stands in the middle. `page`: folder of the built page.
 */
export async function startFakeApi(page: string): Promise<FakeApi> {
  const world = new FakeWorld();
  const answers = { ...syncAnswers(world), ...peopleAnswers(world), ...planAnswers(world) };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    if (!pathname.startsWith('/api/')) {
      const file = await webFile(page, pathname);
      response.writeHead(file === undefined ? 404 : 200, { 'Content-Type': file?.type ?? 'text/plain' });
      response.end(file?.body);
      return;
    }
    const found = routeFor(request.method ?? '', pathname);
    if (found === undefined) return json(response, 404, problem({ kind: 'not-found', message: 'No such route' }));
    const { name, route, params } = found;
    const body = await bodyOf(request);
    world.asked.push({ name, body });
    const { role } = world;
    if (role === undefined) return json(response, 401, problem({ kind: 'signed-out', message: 'Sign in.' }));
    if (route.role !== 'none' && !mayAct(role, route.role))
      return json(response, 403, problem({ kind: 'not-allowed', message: 'No.', needs: route.role, role }));
    const failing = world.failing.get(name);
    if (failing !== undefined) return json(response, ...failing);
    deliver(request, response, route, answers[name]?.(body, params));
  };

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    world,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function routeFor(method: string, path: string) {
  for (const [name, route] of Object.entries(routes) as readonly [RouteName, Route][]) {
    const pattern = new RegExp(`^${route.path.replaceAll(/:\w+/g, '([^/]+)')}$`);
    const match = route.method === method ? pattern.exec(path) : null;
    if (match !== null) return { name, route, params: match.slice(1).map(decodeURIComponent) };
  }
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as Body);
}

function deliver(request: IncomingMessage, response: ServerResponse, route: Route, answer: unknown): void {
  if (isProblem(answer)) return json(response, answer.error.kind === 'conflict' ? 409 : 404, answer);
  if (route.answer === 'stream') {
    response.end((answer as readonly unknown[]).map((line) => `${JSON.stringify(line)}\n`).join(''));
    return;
  }
  if (route.answer === 'download') {
    response.setHeader('Content-Disposition', 'attachment; filename="developers.csv"');
    response.end(answer);
    return;
  }
  const etag = `"${createHash('sha256').update(JSON.stringify(answer)).digest('hex')}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader('ETag', etag);
  json(response, 200, answer);
}

function isProblem(answer: unknown): answer is Problem {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
}

function json(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(answer));
}
