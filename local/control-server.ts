import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { listen, readBody, type LocalServer } from './local-server.ts';
import type { PortalDocuments } from './portal-documents.ts';

/** A `devsync` command, and what takes its answer. */
export interface DevsyncOrder {
  readonly args: readonly string[];
  readonly layout: { readonly columns: number; readonly colours: boolean };
}

/** Where a `devsync` command prints. */
export interface DevsyncPrinter {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Answers the exit code. */
type RunDevsync = (order: DevsyncOrder, printer: DevsyncPrinter) => Promise<number>;

export interface ControlOptions {
  readonly devsync: RunDevsync | undefined;
  readonly publishAudit: (entry: unknown) => void;
}

const document = z.record(z.string(), z.unknown());
const command = z.object({
  args: z.array(z.string()).max(50),
  layout: z.object({ columns: z.int().min(1).max(10_000), colours: z.boolean() }),
});

/**
 * Stands in for the emulators' own interfaces when everything is in memory, JSON in and out: `GET /portal`; `GET`,
 * `PUT`, `PATCH` (top-level fields) and `DELETE /portal/{id}`; `POST /audit`, an entry for the audit topic; `POST /devsync`
 * with a DevsyncOrder, answered line by line as it comes: `{"out":"…"}`, `{"err":"…"}`, and last `{"code":0}`. Where
 * `devsync` is undefined the last one is not there.
 */
export async function startControlServer(portal: PortalDocuments, options: ControlOptions): Promise<LocalServer> {
  return listen((request, response) => {
    answer(request, response, portal, options).then(
      (answered) => answered && send(response, answered.status, answered.json),
      (error: unknown) => send(response, 400, { error: error instanceof Error ? error.message : String(error) }),
    );
  });
}

interface Answer {
  readonly status: number;
  readonly json?: unknown;
}

/** Undefined where it was answered as it came. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  portal: PortalDocuments,
  { devsync, publishAudit }: ControlOptions,
): Promise<Answer | undefined> {
  const [first, id, ...more] = new URL(request.url ?? '/', 'http://local').pathname.split('/').slice(1);
  const { method = 'GET' } = request;
  if (first === 'devsync' && method === 'POST' && devsync !== undefined) {
    const order = command.parse(await readJson(request));
    const line = (said: object): void => void response.write(`${JSON.stringify(said)}\n`);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const code = await devsync(order, { out: (out) => line({ out }), err: (err) => line({ err }) });
    response.end(`${JSON.stringify({ code })}\n`);
    return undefined;
  }
  if (first === 'audit' && method === 'POST' && id === undefined) {
    publishAudit(await readJson(request));
    return { status: 204 };
  }
  if (first !== 'portal' || more.length > 0) return { status: 404 };
  if (id === undefined || id === '') {
    return method === 'GET' ? { status: 200, json: Object.fromEntries(await portal.all()) } : { status: 405 };
  }
  return answerForUser(request, portal, method, decodeURIComponent(id));
}

async function answerForUser(
  request: IncomingMessage,
  portal: PortalDocuments,
  method: string,
  id: string,
): Promise<Answer> {
  const found = await portal.get(id);
  switch (method) {
    case 'PUT':
      await portal.put(id, document.parse(await readJson(request)));
      return { status: 204 };
    case 'GET':
      return found === undefined ? { status: 404 } : { status: 200, json: found };
    case 'PATCH':
      if (found === undefined) return { status: 404 };
      await portal.edit(id, document.parse(await readJson(request)));
      return { status: 204 };
    case 'DELETE':
      await portal.delete(id);
      return { status: 204 };
    default:
      return { status: 405 };
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  return JSON.parse((await readBody(request)).toString('utf8'));
}

function send(response: ServerResponse, status: number, json: unknown): void {
  if (json === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(json)}\n`);
}
