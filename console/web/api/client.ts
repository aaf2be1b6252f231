import type { Problem } from '../../api/answers/problem.ts';
import type { Answers } from '../../api/answers.ts';
import { type Body, type Route, type RouteName, routes } from '../../api/routes.ts';
import { ApiProblem, type ProblemKind } from './problem.ts';
import { setSignedOut } from './signed-in.ts';

export interface CallOptions<N extends RouteName> {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: Body<N>;
  readonly signal?: AbortSignal;
}

/** The last answer of each address that has an ETag, so that nothing is sent twice. */
const known = new Map<string, { readonly etag: string; readonly answer: unknown }>();
const mostKnown = 100;

/** Asks the API. Throws ApiProblem. */
export async function call<N extends RouteName>(name: N, options: CallOptions<N> = {}): Promise<Answers[N]> {
  const route: Route = routes[name];
  const address = addressOf(route, options);
  const before = route.method === 'GET' ? known.get(address) : undefined;
  const response = await send(route, address, options, before?.etag);
  if (response.status === 304 && before !== undefined) return before.answer as Answers[N];
  const answer = (await response.json()) as Answers[N];
  const etag = response.headers.get('etag');
  if (route.method === 'GET' && etag !== null) remember(address, etag, answer);
  return answer;
}

/** Asks for a stream: each line as it comes. To abort `signal` is to stop. Throws ApiProblem. */
export async function* stream<N extends RouteName>(name: N, options: CallOptions<N>): AsyncGenerator<Answers[N]> {
  const route: Route = routes[name];
  const response = await send(route, addressOf(route, options), options);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) return;
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = (rest + (value ?? '')).split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as Answers[N];
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Asks for a file and hands it to the browser's downloads. Answers its name. Throws ApiProblem. */
export async function download<N extends RouteName>(name: N, options: CallOptions<N>): Promise<string> {
  const route: Route = routes[name];
  const response = await send(route, addressOf(route, options), options);
  const disposition = response.headers.get('content-disposition') ?? '';
  const fileName = /filename="([^"]+)"/.exec(disposition)?.[1] ?? name;
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return fileName;
}

async function send<N extends RouteName>(
  route: Route,
  address: string,
  { body, signal }: CallOptions<N>,
  etag?: string,
): Promise<Response> {
  const headers: Record<string, string> = { 'X-Requested-With': 'XMLHttpRequest' };
  if (etag !== undefined) headers['If-None-Match'] = etag;
  if (route.method === 'POST') headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(address, {
      method: route.method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      // Identity-Aware Proxy sends a browser to the sign-in page: for us that is "signed out".
      redirect: 'manual',
      ...(route.method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiProblem('unavailable', 'The console does not answer. Is it still running, and is the network there?');
  }
  if (response.ok || response.status === 304) {
    if (route.path !== routes.signIn.path) setSignedOut(false);
    return response;
  }
  throw await problemIn(response);
}

const kinds: Readonly<Record<Problem['error']['kind'], ProblemKind>> = {
  invalid: 'invalid',
  'signed-out': 'signed-out',
  'not-allowed': 'forbidden',
  'cross-site': 'refused',
  'not-found': 'not-found',
  conflict: 'conflict',
  mistyped: 'invalid',
  refused: 'refused',
  unavailable: 'unavailable',
  failed: 'unavailable',
};

async function problemIn(response: Response): Promise<ApiProblem> {
  if (response.type === 'opaqueredirect' || response.status === 401) {
    setSignedOut(true);
    return new ApiProblem('signed-out', 'Sign in again, then do it once more: what you typed is still here.');
  }
  const problem = (await response.json().catch(() => undefined)) as Partial<Problem> | undefined;
  const error = problem?.error;
  if (error === undefined)
    return new ApiProblem('unavailable', `The console answered with status ${String(response.status)}.`);
  const fields =
    error.kind === 'invalid' ? Object.fromEntries(error.fields.map(({ field, message }) => [field, message])) : {};
  const conflict = error.kind === 'conflict' ? { diff: error.diff, now: error.now } : undefined;
  return new ApiProblem(kinds[error.kind], error.message, fields, conflict);
}

function addressOf<N extends RouteName>(route: Route, { params = {}, query = {} }: CallOptions<N>): string {
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

function remember(address: string, etag: string, answer: unknown): void {
  known.delete(address);
  known.set(address, { etag, answer });
  const [oldest] = known.keys();
  if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
}
