import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Gaxios, GaxiosError } from 'gaxios';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | undefined;
  /** Ms, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
}

/** What became of one request. */
export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfter: string | undefined; readonly body: string }
  /** `unsent`: it certainly never reached the server. `reason` holds no part of the request. */
  | { readonly kind: 'silence'; readonly unsent: boolean; readonly reason: string }
  | { readonly kind: 'too-large' };

export interface HttpClient {
  exchange(request: HttpRequest): Promise<Exchange>;
  close(): void;
}

/** A full page of developers with every attribute at its largest stays below this. */
const largestBody = 64 * 1024 * 1024;
/**
 * How long a connection may be idle, ms. Less than any front end allows, so that no write uses a connection that was
 * closed.
 */
const idleMs = 30_000;

/** Keeps connections open between requests. Follows no redirect, because that would send the token elsewhere. */
export function createHttpClient(endpoint: string, maxConcurrent: number): HttpClient {
  const options = { keepAlive: true, maxSockets: maxConcurrent, timeout: idleMs };
  const agent = new URL(endpoint).protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  const gaxios = new Gaxios({
    agent,
    size: largestBody,
    redirect: 'manual',
    responseType: 'text',
    validateStatus: () => true,
  });
  return {
    async exchange({ method, url, headers, body, timeoutMs }) {
      const signal = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
      try {
        const response = await gaxios.request<string>({
          method,
          url,
          headers: [...headers],
          signal,
          ...(body === undefined ? {} : { body }),
        });
        const { status, data } = response;
        return { kind: 'answer', status, retryAfter: response.headers.get('retry-after') ?? undefined, body: data };
      } catch (error) {
        if (!(error instanceof GaxiosError)) throw error;
        if (isTooLarge(error)) return { kind: 'too-large' };
        return signal.aborted ? timedOut(timeoutMs) : silence(error);
      }
    },
    close: () => agent.destroy(),
  };
}

/** Node's codes for a connection that could not be made. */
const unsentCodes: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

function silence(error: GaxiosError): Exchange {
  const code = typeof error.code === 'string' && /^[A-Z_\d]{2,40}$/.test(error.code) ? error.code : 'broken off';
  return { kind: 'silence', unsent: unsentCodes.has(code), reason: `no complete answer (${code})` };
}

function timedOut(timeoutMs: number): Exchange {
  return { kind: 'silence', unsent: false, reason: `no answer within ${String(Math.ceil(timeoutMs))} ms` };
}

function isTooLarge(error: GaxiosError): boolean {
  const { cause } = error;
  return cause instanceof Error && 'type' in cause && cause.type === 'max-size';
}
