import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Operator } from '../asked.ts';
import type { Identify } from './identify.ts';

/**
 * Signing in on one's own machine: the address that is printed at the start carries a token, which is exchanged once for a
 * cookie. So other users of the machine stay out, and other pages of the browser too.
 */
export interface LoopbackSignIn {
  readonly identify: Identify;
  /** For the fragment of the address that is printed. */
  readonly token: string;
  /** The cookie for a token; undefined where it is none, or was used. */
  readonly signIn: (token: string) => string | undefined;
}

export interface LoopbackOptions {
  readonly operator: Operator;
  /** Known only once the server listens. */
  readonly port: () => number;
  /** How often the token signs somebody in: `often` where everything is made up, as in the local stack. */
  readonly token: 'once' | 'often';
}

/** Cookies are shared by all ports of a host: the port is part of the name, so that two consoles do not meet. */
export function cookieName(port: number): string {
  return `devsync-${String(port)}`;
}

export function loopbackSignIn({ operator, port, token: use }: LoopbackOptions): LoopbackSignIn {
  const token = randomBytes(24).toString('base64url');
  const sessions = new Set<string>();
  let isSpent = false;
  return {
    token,
    signIn(given) {
      if (isSpent || !isSame(digest(token), digest(given))) return undefined;
      isSpent = use === 'once';
      const session = randomBytes(24).toString('base64url');
      sessions.add(digest(session));
      return `${cookieName(port())}=${session}; HttpOnly; SameSite=Strict; Path=/`;
    },
    async identify(headers) {
      const session = cookieIn(headers.get('cookie') ?? '', cookieName(port()));
      const isKnown = session !== undefined && [...sessions].some((one) => isSame(one, digest(session)));
      return isKnown
        ? { kind: 'operator', operator }
        : { kind: 'signed-out', why: 'open the address that was printed at the start' };
    },
  };
}

/**
 * Why a request's Host is not one of this machine's own names; undefined where it is. A page of another site can have its
 * own name point to this machine (DNS rebinding), but the browser then says that name.
 */
export function hostProblem(host: string | null, port: number): string | undefined {
  const own = ['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${String(port)}`);
  return host !== null && own.includes(host.toLowerCase())
    ? undefined
    : `Open the console as http://localhost:${String(port)}`;
}

function cookieIn(header: string, name: string): string | undefined {
  const found = header
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

function digest(text: string): string {
  return hash('sha256', text, 'hex');
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
