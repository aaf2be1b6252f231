import type { Hono } from 'hono';
import type { Answers } from '../../../console/api/answers.ts';
import type { Problem } from '../../../console/api/answers/problem.ts';
import { routes, type Body, type RouteName } from '../../../console/api/routes.ts';
import type { Role } from '../../../console/api/roles.ts';
import { createConsole } from '../../../console/server/console.ts';
import type { Offers } from '../../../console/server/desk.ts';
import type { Identify } from '../../../console/server/guard/identify.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';

/** Who asks in a test is whoever the header says. */
const byHeader: Identify = async (headers) => {
  const role = headers.get('x-test-role');
  if (role === null) return { kind: 'signed-out', why: 'a test without a role' };
  if (role === 'none') return { kind: 'stranger', email: 'stranger@example.org' };
  const email = `${role}@example.org`;
  return { kind: 'operator', operator: { id: `id-${role}`, email, name: email, role: role as Role } };
};

export interface Answered<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly value: T;
  readonly problem: Problem['error'] | undefined;
}

export interface Talk {
  readonly world: InProcess;
  readonly app: Hono;
  /** Calls a route as its table says. `lines` and downloads are answered by `text`. */
  readonly call: <N extends RouteName>(
    name: N,
    options?: {
      readonly as?: Role | 'none' | 'nobody';
      readonly body?: Body<N>;
      readonly params?: Readonly<Record<string, string>>;
      readonly query?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Aborted: the connection is closed. */
      readonly signal?: AbortSignal;
    },
  ) => Promise<Answered<Answers[N]> & { readonly text: string }>;
}

/** What the console's own page sends along. */
export const fromPage = {
  'content-type': 'application/json',
  'x-requested-with': 'XMLHttpRequest',
  'sec-fetch-site': 'same-origin',
  host: 'console.test',
} as const;

export function talk(world: InProcess = inProcess(), offers: Partial<Offers> = {}): Talk {
  const all: Offers = { editDevelopers: true, schedule: undefined, openDeadLetters: undefined, ...offers };
  const desk = { services: world.services, version: '1.2.3', offers: all };
  const app = createConsole({ desk, identify: byHeader, web: undefined });
  return {
    world,
    app,
    async call(name, { as = 'admin', body, params = {}, query = '', headers = {}, signal } = {}) {
      const route = routes[name];
      const path = route.path.replaceAll(/:(\w+)/g, (_, param: string) => params[param] ?? 'missing');
      const identity = as === 'nobody' ? {} : { 'x-test-role': as };
      const response = await app.request(`http://console.test${path}${query}`, {
        method: route.method,
        ...(signal === undefined ? {} : { signal }),
        headers: { ...fromPage, ...identity, ...headers },
        ...(route.method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text !== '';
      const value: unknown = isJson ? JSON.parse(text) : undefined;
      const problem = response.status >= 400 ? (value as Problem | undefined)?.error : undefined;
      return { status: response.status, headers: response.headers, value: value as never, problem, text };
    },
  };
}

/** The lines of a stream. */
export function linesOf(text: string): readonly unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
