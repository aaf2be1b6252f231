import type { ServerResponse } from 'node:http';
import { type Answer, html } from './answer.ts';
import type { FaultRule } from './faults.ts';
import type { Wire } from './wire.ts';
import { unreachable } from './unreachable.ts';

/** What is done with the connection. */
export type Delivery = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'reset' | 'silence' };

/** What a forced answer looks like. `answer`: the one that it takes the place of. */
export function forcedDelivery(rule: FaultRule, answer: Answer, wire: Wire): Delivery {
  const headers: Record<string, string> =
    rule.retryAfterSeconds === undefined ? {} : { 'retry-after': String(rule.retryAfterSeconds) };
  const said = (forced: Answer): Delivery => ({
    kind: 'answer',
    answer: { ...forced, headers: { ...forced.headers, ...headers } },
  });
  switch (rule.answer) {
    case 400:
      return said(
        wire.answer({
          kind: 'failure',
          failure: { kind: 'invalid-argument', message: 'Request contains an invalid argument.' },
        }),
      );
    case 401:
      return said(wire.answer({ kind: 'failure', failure: { kind: 'unauthenticated' } }));
    case 403:
      return said(wire.answer({ kind: 'failure', failure: { kind: 'forbidden', organization: 'unknown' } }));
    case 429:
      return said(wire.answer({ kind: 'failure', failure: { kind: 'quota-exceeded' } }));
    case 500:
    case 502:
    case 503:
    case 504:
      return said(wire.answer({ kind: 'failure', failure: { kind: 'server-error', status: rule.answer } }));
    case 'html':
      return said(html(200, 'Sign in to continue.'));
    case 'html-404':
      return said(html(404, 'The requested URL was not found on this server. <ins>That’s all we know.</ins>'));
    case 'truncated':
      return said(truncated(answer));
    case 'empty':
      return said({ status: 200, headers: {}, body: '' });
    case 'reset':
    case 'reset-after':
      return { kind: 'reset' };
    case 'timeout':
      return { kind: 'silence' };
    default:
      return unreachable(rule.answer);
  }
}

/** Half of the text, as a complete HTTP answer: only the broken JSON shows that something is missing. */
function truncated(answer: Answer): Answer {
  return answer.body === ''
    ? { status: 200, headers: { 'content-type': 'application/json' }, body: '{' }
    : { ...answer, body: answer.body.slice(0, Math.ceil(answer.body.length / 2)) };
}

export function deliver(response: ServerResponse, delivery: Delivery): void {
  switch (delivery.kind) {
    case 'answer': {
      const { status, headers, body } = delivery.answer;
      const length: Record<string, number> = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
      response.writeHead(status, { ...headers, ...length }).end(body);
      return;
    }
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'silence':
      return;
  }
}
