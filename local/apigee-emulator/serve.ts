import type { Answer, Outcome } from './answer.ts';
import type { Call, Site } from './call.ts';
import { type Delivery, forcedDelivery } from './deliver.ts';
import { takesEffect } from './faults.ts';
import { isObject, parseJson } from './json.ts';
import type { RawRequest } from './request.ts';
import { respond } from './respond.ts';
import { findRoute, operationOf, type Route } from './route.ts';
import type { EmulatorState } from './state.ts';
import { type Wire, wireOf } from './wire.ts';

/** One request to the Apigee API: counted, heard, delayed, perhaps forced to fail, then carried out. */
export async function serve(
  request: RawRequest,
  state: EmulatorState,
  delay: (ms: number) => Promise<void>,
): Promise<Delivery> {
  const call = readCall(request, state);
  state.counters.countRequest(call.operation);
  for (const listener of state.listeners) await listener(call);
  if (state.settings.latencyMs > 0) await delay(state.settings.latencyMs);

  const { mode, org, store, audits, now, settings } = state;
  const wire = wireOf(mode, org, settings);
  if (settings.outage) return failing(wire, { kind: 'failure', failure: { kind: 'server-error', status: 503 } });
  const quota = state.bucket?.take();
  if (quota?.ok === false) {
    const answer = wire.answer({ kind: 'failure', failure: { kind: 'quota-exceeded' } });
    return { kind: 'answer', answer: settings.quota?.retryAfter ? retryAfter(answer, quota.waitSeconds) : answer };
  }

  const site: Site = {
    mode,
    org,
    store,
    audits,
    settings,
    wire,
    now,
    refusesAttribute: (name, value) =>
      settings.refusedAttributeValues.includes(value) || (state.refusesAttribute?.(name, value) ?? false),
    usedShortPage: () => state.useShortPage(),
  };
  const rule = state.faults.take(call.operation, call.email);
  if (rule && !takesEffect(rule)) return forcedDelivery(rule, emptyAnswer, wire);
  const outcome = carryOut(request, call, site);
  if (outcome.kind !== 'failure' && outcome.wrote) state.counters.countWrite(call.operation);
  const answer = wire.answer(outcome);
  audits.note(call, site, outcome, answer);
  return rule ? forcedDelivery(rule, answer, wire) : { kind: 'answer', answer };
}

const emptyAnswer: Answer = { status: 200, headers: {}, body: '' };

function carryOut(request: RawRequest, call: Call, site: Site): Outcome {
  return request.body.kind === 'too-large'
    ? { kind: 'failure', failure: { kind: 'body-too-large', limit: request.body.limit } }
    : respond(call, site);
}

function failing(wire: Wire, outcome: Outcome): Delivery {
  return { kind: 'answer', answer: wire.answer(outcome) };
}

function retryAfter(answer: Answer, seconds: number): Answer {
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(Math.ceil(seconds)) } };
}

function readCall(request: RawRequest, state: EmulatorState): Call {
  const { method, path, params, headers } = request;
  const route = findRoute(state.mode, state.org, method, path);
  const body = request.body.kind === 'whole' ? request.body.text : '';
  return {
    method,
    path,
    params,
    headers,
    route,
    operation: operationOf(route),
    email: emailOf(route, params, body),
    body,
  };
}

function emailOf(route: Route, params: URLSearchParams, body: string): string | undefined {
  if ('id' in route) return route.id;
  if (route.kind === 'list') return params.get('startKey') ?? undefined;
  if (route.kind !== 'create') return undefined;
  const json = parseJson(body);
  const email = json.ok && isObject(json.value) ? json.value['email'] : undefined;
  return typeof email === 'string' ? email : undefined;
}
