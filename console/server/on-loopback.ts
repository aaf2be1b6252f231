import type { Operator } from './asked.ts';
import { createConsole } from './console.ts';
import type { Desk } from './desk.ts';
import { hostProblem, loopbackSignIn, type LoopbackOptions } from './guard/loopback.ts';
import { listen } from './listen.ts';

export interface LoopbackConsole {
  /** Base URL. */
  readonly url: string;
  /** Opens the console signed in: the token is in the fragment, which no browser sends anywhere. */
  readonly signedIn: string;
  close(): Promise<void>;
}

export interface LoopbackConsoleOptions {
  readonly desk: Desk;
  readonly operator: Operator;
  readonly token: LoopbackOptions['token'];
  /** Folder of the web build. */
  readonly web: string | undefined;
  /** Default: a free one. */
  readonly port?: number;
}

/** The console for whoever sits at this machine: on 127.0.0.1 only, for requests that name it by its own names. */
export async function consoleOnLoopback(options: LoopbackConsoleOptions): Promise<LoopbackConsole> {
  const { desk, operator, token, web } = options;
  let port = options.port ?? 0;
  const guard = loopbackSignIn({ operator, token, port: () => port });
  const app = createConsole({
    desk,
    web,
    identify: guard.identify,
    signIn: guard.signIn,
    hostProblem: (host) => hostProblem(host, port),
  });
  const listening = await listen(app, '127.0.0.1', port);
  ({ port } = listening);
  const url = `http://127.0.0.1:${String(port)}/`;
  return { url, signedIn: `${url}#token=${guard.token}`, close: () => listening.close() };
}
