import { setTimeout as sleep } from 'node:timers/promises';
import { type Authorizer, type Credentials, createAuthorizer, CredentialsError, type Grant } from './auth.ts';
import { type Admission, type Breaker, type BreakerChange, createBreaker, type Health } from './breaker.ts';
import { type CallBudget, createCallBudget, type Turn } from './call-budget.ts';
import type { Lane } from '../core/budget/ledger.ts';
import type { CallLedger } from '../state/call-ledger.ts';
import type { Answer, ApigeeError, Operation } from './developers.ts';
import { type Envelope, readEnvelope } from './envelope.ts';
import { judge, type Verdict } from './errors.ts';
import { createHttpClient, type Exchange, type HttpRequest } from './http.ts';
import { type Clock, parseRetryAfter, type Retrying, type Tried, withRetries } from './retry.ts';
import { scrub } from './scrub.ts';

/** The API flavours; hybrid is X as far as this API goes. */
export type ApigeeType = 'x' | 'hybrid' | 'edge';

export interface ApigeeConnectionOptions {
  readonly type: ApigeeType;
  /** Base URL without `/v1`. */
  readonly endpoint: string;
  readonly org: string;
  readonly credentials: Credentials;
  /** The organisation's quota, for all processes together. */
  readonly ledger: CallLedger;
  /** What this process calls for; default: runs. */
  readonly lane?: Lane;
  /** Calls under way at the same time; default: 10. */
  readonly maxConcurrent?: number;
  /** For one request, in ms; default: 30,000. */
  readonly timeoutMs?: number;
  /** For one call with its retries and all its waiting, in ms; default: 90,000. */
  readonly totalTimeoutMs?: number;
  readonly clock?: Clock;
  /** Called when the breaker opens and when it closes. */
  readonly onBreaker?: (change: BreakerChange) => void;
}

/** One call of the API. With retries it may take several requests. */
export interface ApigeeCall<T> {
  readonly operation: Operation;
  readonly method: HttpRequest['method'];
  /** `audits`: Edge's audit history of the organisation, which stands beside the organisations. Default: the organisation. */
  readonly root?: 'audits';
  /** The path behind the organisation, encoded: `/developers/…`. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
  /** Texts that may not appear in a message: emails, names, attribute values (rule 27). */
  readonly personal: readonly string[];
  /** Before whom it comes where calls have to wait for the budget. */
  readonly turn: Turn;
  /** The call names something that may not exist: Apigee's own 404 then means `absent`. */
  readonly mayBeAbsent: boolean;
  /** Undefined: the body is not what Apigee answers. */
  readonly read: (body: string, status: number) => T | undefined | typeof aboutAnother;
}

/** The answer is about another developer than was asked for: a gateway has mixed up two answers. */
export const aboutAnother = Symbol('about another developer');

/** Counts requests: called just before each one is sent, retries included. */
export type OnCall = (operation: Operation) => void;

/**
 * Credentials, open connections, call budget and breaker, shared by everything in the process that talks to this
 * organisation.
 */
export interface ApigeeConnection {
  readonly type: ApigeeType;
  call<T>(call: ApigeeCall<T>, onCall: OnCall | undefined): Promise<Answer<T>>;
  /** Closes idle connections; calls under way fail. */
  close(): void;
}

const systemClock: Clock = { now: Date.now, sleep: (ms) => sleep(ms), random: Math.random };

export function createApigeeConnection(options: ApigeeConnectionOptions): ApigeeConnection {
  const { type, endpoint, org, maxConcurrent = 10, timeoutMs = 30_000, totalTimeoutMs = 90_000 } = options;
  const { clock = systemClock, onBreaker = () => undefined } = options;
  const version = `${endpoint.replace(/\/+$/, '')}/v1`;
  const organization = `/organizations/${encodeURIComponent(org)}`;
  const http = createHttpClient(endpoint, maxConcurrent);
  const { ledger, lane = 'runs' } = options;
  const budget: CallBudget = createCallBudget({ ledger, lane, maxConcurrent });
  const authorizer: Authorizer = createAuthorizer(options.credentials);
  const breaker: Breaker = createBreaker(clock, onBreaker);

  async function attempt<T>(
    call: ApigeeCall<T>,
    tokenMayBeStale: boolean,
    timeoutMs: number,
    onCall: OnCall | undefined,
  ) {
    const grant = await grantOf(authorizer, timeoutMs);
    if (grant instanceof CredentialsError) return withoutCredentials(call, grant);
    onCall?.(call.operation);
    const headers = new Map([
      ...grant.headers,
      ['accept', 'application/json'],
      ['user-agent', 'apigee-developer-sync'],
    ]);
    if (call.contentType !== undefined) headers.set('content-type', call.contentType);
    const root = call.root === undefined ? version : `${version}/${call.root}`;
    const request = {
      method: call.method,
      url: `${root}${organization}${call.path}`,
      headers,
      body: call.body,
      timeoutMs,
    };
    const exchange = await http.exchange(request);
    const tried = interpret(call, exchange, grant, clock.now());
    if (exchange.kind === 'answer') tellBudget(exchange.status, tried);
    const unauthorized = exchange.kind === 'answer' && exchange.status === 401;
    return tried.kind === 'failed' && unauthorized && tokenMayBeStale && authorizer.renew(grant)
      ? { ...tried, trouble: 'stale-token' as const }
      : tried;
  }

  function tellBudget(status: number, tried: Tried<unknown>): void {
    if (status !== 429) budget.answered();
    else if (tried.kind === 'failed') budget.turnedAway(tried.retryAfterMs);
  }

  return {
    type,
    async call(call, onCall) {
      // A call that the breaker refuses anyway does not wait for the call budget.
      const refusal = breaker.refusal();
      if (refusal !== undefined) return { ok: false, error: { ...suspended(call, refusal), ambiguous: false } };
      let tokenMayBeStale = true;
      let admission: Admission | undefined;
      let health: Health = { kind: 'unavailable', message: `${call.operation}: it ended unexpectedly` };
      const policy = { timeoutMs, totalTimeoutMs };
      const gate: Retrying['gate'] = async (task, repetition, waitMs) => {
        const began = clock.now();
        // A token that has to be fetched takes its time before the call has its moment, not behind it.
        await grantOf(authorizer, Math.min(waitMs, timeoutMs));
        return budget.run(task, { turn: call.turn, repetition }, Math.max(0, waitMs - (clock.now() - began)));
      };
      const mayTryAgain = (): boolean => admission?.kind === 'call' && breaker.stillAdmits(admission);
      try {
        const retrying = {
          operation: call.operation,
          policy,
          clock,
          gate,
          mayTryAgain,
          tooLate: () => unsent(call, lateBecause(budget.trouble())),
        };
        const answer = await withRetries(retrying, async (timeoutMs) => {
          admission ??= breaker.ask();
          if (admission.kind === 'refused') return unsent(call, admission.message);
          const tried = await attempt(call, tokenMayBeStale, timeoutMs, onCall);
          if (tried.kind === 'failed' && tried.trouble === 'stale-token') tokenMayBeStale = false;
          return tried;
        });
        health = healthShownBy(answer);
        return answer;
      } finally {
        if (admission !== undefined) breaker.report(admission, health);
      }
    },
    close: () => http.close(),
  };
}

function lateBecause(trouble: unknown): string {
  if (trouble === undefined) return 'the call budget (APIGEE_CALLS_PER_MINUTE) did not let it through in time';
  const code = trouble instanceof Error && 'code' in trouble ? `, code ${String(trouble.code)}` : '';
  return `Firestore, which has the call budget, did not answer${code}`;
}

function unsent(call: ApigeeCall<unknown>, reason: string): Extract<Tried<never>, { readonly kind: 'failed' }> {
  return { kind: 'failed', error: suspended(call, reason), trouble: 'final', retryAfterMs: undefined };
}

function suspended({ operation }: ApigeeCall<unknown>, refusal: string): Omit<ApigeeError, 'ambiguous'> {
  const message = `${operation}: not sent: ${refusal}`;
  return { kind: 'unavailable', operation, status: undefined, code: undefined, message, suspended: true };
}

function healthShownBy(answer: Answer<unknown>): Health {
  if (answer.ok) return { kind: 'answered' };
  const { kind, message } = answer.error;
  return kind === 'unavailable' || kind === 'denied' ? { kind, message } : { kind: 'answered' };
}

/** The credentials for a request. The token service may hang, so it has no more time than the request. */
async function grantOf(authorizer: Authorizer, timeoutMs: number): Promise<Grant | CredentialsError> {
  const { promise: late, resolve } = Promise.withResolvers<CredentialsError>();
  const timer = setTimeout(() => resolve(new CredentialsError('the token service did not answer', true)), timeoutMs);
  try {
    return await Promise.race([authorizer.grant(), late]);
  } catch (error) {
    if (error instanceof CredentialsError) return error;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function withoutCredentials(call: ApigeeCall<unknown>, problem: CredentialsError): Tried<never> {
  const verdict: Verdict = problem.passing
    ? { kind: 'unavailable', trouble: 'unsent' }
    : { kind: 'denied', trouble: 'final' };
  return failed(call, verdict, undefined, undefined, `no credentials: ${problem.message}`, []);
}

function interpret<T>(call: ApigeeCall<T>, exchange: Exchange, grant: Grant, now: number): Tried<T> {
  if (exchange.kind === 'answer') return interpretAnswer(call, exchange, grant, now);
  const trouble = exchange.kind === 'too-large' ? 'strange' : exchange.unsent ? 'unsent' : 'lost';
  const words = exchange.kind === 'too-large' ? 'the answer is too large' : exchange.reason;
  return failed(call, { kind: 'unavailable', trouble }, undefined, undefined, words, grant.secrets);
}

function interpretAnswer<T>(
  call: ApigeeCall<T>,
  { status, retryAfter, body }: Extract<Exchange, { readonly kind: 'answer' }>,
  { secrets }: Grant,
  now: number,
): Tried<T> {
  if (status === 200 || status === 201 || status === 204) {
    const value = call.read(body, status);
    if (value !== undefined && value !== aboutAnother) return { kind: 'done', value };
    const words = value === aboutAnother ? 'an answer about another developer' : unreadable(body);
    return failed(call, { kind: 'unavailable', trouble: 'broken' }, status, undefined, words, secrets);
  }
  const { operation, mayBeAbsent } = call;
  const envelope = readEnvelope(body);
  const retryAfterMs = parseRetryAfter(retryAfter, now);
  const verdict = judge({ operation, status, envelope, mayBeAbsent, retryAfter: retryAfterMs !== undefined });
  const tried = failed(call, verdict, status, envelope, envelope?.message ?? unreadable(body), secrets);
  return { ...tried, retryAfterMs };
}

function failed(
  call: ApigeeCall<unknown>,
  { kind, trouble }: Verdict,
  status: number | undefined,
  envelope: Envelope | undefined,
  words: string,
  secrets: readonly string[],
): Extract<Tried<never>, { readonly kind: 'failed' }> {
  const { operation, personal } = call;
  const heading = status === undefined ? operation : `${operation}: HTTP ${String(status)}`;
  const message = scrub(`${heading}: ${words}`, personal, secrets);
  return {
    kind: 'failed',
    error: { kind, operation, status, code: envelope?.codes[0], message },
    trouble,
    retryAfterMs: undefined,
  };
}

function unreadable(body: string): string {
  if (body.trim() === '') return 'an empty body';
  return /^\s*</.test(body) ? 'a page of HTML instead of JSON' : 'a body that is not what Apigee answers';
}
