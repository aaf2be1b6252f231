import type { Answers } from '../../console/api/answers.ts';
import { routes, type Body, type RouteName } from '../../console/api/routes.ts';

/** The console's API as its page calls it. */
export interface ConsoleClient {
  readonly call: <N extends RouteName>(
    name: N,
    body?: Body<N>,
    params?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly status: number; readonly value: Answers[N] }>;
}

/** Signs in by the address that the stack prints. */
export async function signInTo(address: string): Promise<ConsoleClient> {
  const { origin, hash } = new URL(address);
  const headers = {
    'content-type': 'application/json',
    'x-requested-with': 'XMLHttpRequest',
    'sec-fetch-site': 'same-origin',
  };
  const token = new URLSearchParams(hash.slice(1)).get('token');
  const signedIn = await fetch(`${origin}${routes.signIn.path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ token }),
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`the console does not sign in: ${String(signedIn.status)}`);
  return {
    async call(name, body, params = {}) {
      const { method, path } = routes[name];
      const address = path.replaceAll(/:(\w+)/g, (_, param: string) => params[param] ?? '');
      const response = await fetch(origin + address, {
        method,
        headers: { ...headers, cookie },
        ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
      });
      return { status: response.status, value: (await response.json()) as never };
    },
  };
}
