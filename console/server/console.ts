import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { hash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Problem } from '../api/answers/problem.ts';
import { mayAct } from '../api/roles.ts';
import { routes, type Route, type RouteName } from '../api/routes.ts';
import { reportError } from '../../shared/wiring/http-push.ts';
import { notAllowed, sentence, type Asked, type Handler, type Operator, type Reply } from './asked.ts';
import type { Desk } from './desk.ts';
import { securityHeaders } from './guard/headers.ts';
import type { Identify } from './guard/identify.ts';
import { crossSiteProblem } from './guard/same-site.ts';
import { handlers } from './handlers.ts';
import { shareAnswers, type SharedAnswers } from './shared-answers.ts';
import { ndjson, textStream } from './stream.ts';
import { webFile } from './web-files.ts';

export interface ConsoleOptions {
  readonly desk: Desk;
  readonly identify: Identify;
  /** Exchanges a token for a cookie; undefined where signing in is not the console's own affair. */
  readonly signIn?: (token: string) => string | undefined;
  /** Why a request for this Host is not answered; default: every Host is. */
  readonly hostProblem?: (host: string | null) => string | undefined;
  /** Folder of the web build; undefined: only the API is served. */
  readonly web: string | undefined;
  /** How long, ms, one answer about the whole serves everybody who polls it; default: not at all. */
  readonly sharedFor?: Partial<Record<RouteName, number>>;
}

/** The longest body, bytes: a bulk action on 1,000 people is the largest. */
const longestBody = 128 * 1024;

/** The console: its API by the table of routes, deny by default, and the files of its pages. */
export function createConsole(options: ConsoleOptions): Hono {
  const { desk, hostProblem = () => undefined } = options;
  const app = new Hono();
  const shared = shareAnswers(options.sharedFor ?? {}, desk.services.clock.now);
  app.onError((error, context) => {
    reportError(desk.services.log, 'console', error);
    return problem(context, {
      kind: 'failed',
      message: 'Something unexpected went wrong: see the log of the console.',
    });
  });
  app.use('*', async (context, next) => {
    for (const [name, value] of Object.entries(securityHeaders)) context.header(name, value);
    if (context.req.path.startsWith('/api/')) context.header('cache-control', 'no-store');
    const wrongHost = hostProblem(context.req.header('host') ?? null);
    if (wrongHost !== undefined)
      return context.json({ error: { kind: 'cross-site', message: sentence(wrongHost) } } satisfies Problem, 403);
    await next();
    return undefined;
  });
  app.use('/api/*', bodyLimit({ maxSize: longestBody, onError: (context) => tooLarge(context) }));
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name];
    app.on(route.method, route.path, (context) => serve(context, name, route, options, shared));
  }
  app.all('/api/*', (context) => problem(context, { kind: 'not-found', message: 'There is no such address.' }));
  app.get('*', async (context) => {
    const file = options.web === undefined ? undefined : await webFile(options.web, context.req.path);
    if (file === undefined) return context.text('There is no such page.\n', 404);
    return context.body(file.body, 200, { 'content-type': file.type, 'cache-control': file.caching });
  });
  return app;
}

async function serve(
  context: Context,
  name: RouteName,
  route: Route,
  options: ConsoleOptions,
  shared: SharedAnswers,
): Promise<Response> {
  const { headers } = context.req.raw;
  if (route.method === 'POST') {
    const crossSite = crossSiteProblem(headers, context.req.header('host'));
    if (crossSite !== undefined) return problem(context, { kind: 'cross-site', message: sentence(crossSite) });
  }
  if (name === 'signIn' || route.role === 'none') return signIn(context, options);
  const identified = await options.identify(headers);
  if (identified.kind === 'signed-out') {
    const message = `console: a request was turned away: ${identified.why}`;
    options.desk.services.log({ event: 'console_denied', severity: 'NOTICE', message });
    return problem(context, { kind: 'signed-out', message: 'You are signed out: sign in again.' });
  }
  if (identified.kind === 'stranger' || !mayAct(identified.operator.role, route.role)) {
    const role = identified.kind === 'stranger' ? null : identified.operator.role;
    return deliver(context, notAllowed(route.role, role), () => undefined);
  }
  const body = await readBody(context, route);
  if (!body.ok) return problem(context, body.error);
  const asked = askedOf(context, identified.operator, body.value, options.desk);
  // The table of handlers has one for each name, made for the body that this name's schema has just checked.
  const handler = handlers[name] as Handler<RouteName>;
  const ask = (): Promise<Reply<unknown>> => handler(asked as Asked<RouteName>);
  const reply = await (route.method === 'GET' ? shared.of(name, context.req.url, ask) : shared.anew(ask));
  return deliver(context, reply, (error) => reportError(options.desk.services.log, 'console', error));
}

function askedOf(
  context: Context,
  operator: Operator,
  body: unknown,
  desk: Desk,
): Omit<Asked<RouteName>, 'body'> & { readonly body: unknown } {
  const { id, name, role } = operator;
  return {
    desk,
    operator,
    body,
    param: (parameter) => context.req.param(parameter) ?? '',
    query: (parameter) => context.req.query(parameter),
    acting: (reason) => ({ operator: { id, name, role }, reason }),
    signal: context.req.raw.signal,
  };
}

type Body = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: Problem['error'] };

async function readBody(context: Context, { body: schema }: Route): Promise<Body> {
  if (schema === undefined) return { ok: true, value: undefined };
  let json: unknown;
  try {
    json = await context.req.json();
  } catch {
    return { ok: false, error: { kind: 'invalid', message: 'The body is not JSON.', fields: [] } };
  }
  const parsed = z.safeParse(schema, json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const fields = parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  return { ok: false, error: { kind: 'invalid', message: 'The request is not as it must be.', fields } };
}

async function signIn(context: Context, options: ConsoleOptions): Promise<Response> {
  const body = await readBody(context, routes.signIn);
  if (!body.ok) return problem(context, body.error);
  const { token } = z.parse(routes.signIn.body, body.value);
  const cookie = options.signIn?.(token);
  if (cookie === undefined) {
    const message = 'This address was used already, or is none: start devsync console again.';
    return problem(context, { kind: 'signed-out', message });
  }
  context.header('set-cookie', cookie);
  return context.json({ done: true });
}

function deliver<A>(context: Context, reply: Reply<A>, failed: (error: unknown) => void): Response {
  switch (reply.kind) {
    case 'problem':
      return problem(context, reply.error);
    case 'answer':
      return context.req.method === 'GET' ? withTag(context, reply.value) : context.json(reply.value as object);
    case 'lines':
      return context.body(ndjson(reply.lines, failed), 200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
    case 'file':
      return context.body(textStream(reply.chunks, failed), 200, {
        'content-type': reply.type,
        'content-disposition': `attachment; filename="${reply.name}"`,
      });
  }
}

/** 304 where the answer is as the browser has it. The time of the answer itself is no part of that. */
function withTag(context: Context, value: unknown): Response {
  const untimed = JSON.stringify(value, (key, member: unknown) => (key === 'now' ? undefined : member));
  const tag = `"${hash('sha256', untimed, 'base64url').slice(0, 27)}"`;
  context.header('etag', tag);
  context.header('cache-control', 'no-cache, private');
  if (context.req.header('if-none-match') === tag) return context.body(null, 304);
  return context.json(value as object);
}

const statuses = {
  invalid: 400,
  'signed-out': 401,
  'not-allowed': 403,
  'cross-site': 403,
  'not-found': 404,
  conflict: 409,
  mistyped: 409,
  refused: 422,
  unavailable: 503,
  failed: 500,
} as const satisfies Record<Problem['error']['kind'], number>;

function problem(context: Context, error: Problem['error']): Response {
  const body: Problem = { error };
  return context.json(body, statuses[error.kind]);
}

function tooLarge(context: Context): Response {
  return problem(context, { kind: 'invalid', message: 'The body is too large.', fields: [] });
}
