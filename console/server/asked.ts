import type * as z from 'zod/mini';
import type { Answers } from '../api/answers.ts';
import type { Problem } from '../api/answers/problem.ts';
import type { RouteName, routes } from '../api/routes.ts';
import type { Role } from '../api/roles.ts';
import type { Acting } from '../../shared/operator/actions/audited.ts';
import type { Desk } from './desk.ts';

/** Who asks, as the sign-in told. */
export interface Operator {
  /** Never changes. */
  readonly id: string;
  readonly email: string | undefined;
  /** How others know the operator. */
  readonly name: string;
  readonly role: Role;
}

/** The checked body of a route's request. */
export type CheckedBody<N extends RouteName> = (typeof routes)[N] extends {
  readonly body: infer S extends z.core.$ZodType;
}
  ? z.output<S>
  : undefined;

/** A request that may be answered: the operator has the role, and the body is as it must be. */
export interface Asked<N extends RouteName> {
  readonly desk: Desk;
  readonly operator: Operator;
  /** A parameter of the path; empty where the path has none of this name. */
  readonly param: (name: string) => string;
  readonly query: (name: string) => string | undefined;
  readonly body: CheckedBody<N>;
  /** Who acts and why, for the audit. */
  readonly acting: (reason: string | undefined) => Acting;
  /** Aborted when the connection is closed: somebody pressed Stop, or left. */
  readonly signal: AbortSignal;
}

export type Reply<A> =
  | { readonly kind: 'answer'; readonly value: A }
  /** NDJSON, a value a line. */
  | { readonly kind: 'lines'; readonly lines: AsyncIterable<A> }
  | { readonly kind: 'file'; readonly name: string; readonly type: string; readonly chunks: AsyncIterable<string> }
  | { readonly kind: 'problem'; readonly error: Problem['error'] };

export type Handler<N extends RouteName> = (asked: Asked<N>) => Promise<Reply<Answers[N]>>;

export function answer<A>(value: A): Reply<A> {
  return { kind: 'answer', value };
}

export function refused(message: string): Reply<never> {
  return { kind: 'problem', error: { kind: 'refused', message: sentence(message) } };
}

export function notFound(message: string): Reply<never> {
  return { kind: 'problem', error: { kind: 'not-found', message: sentence(message) } };
}

export function unavailable(message: string): Reply<never> {
  return { kind: 'problem', error: { kind: 'unavailable', message: sentence(message) } };
}

export function notAllowed(needs: Role, role: Role | null): Reply<never> {
  const message = `This needs the role ${needs}: ask whoever runs the console to name you in CONSOLE_${needs.toUpperCase()}S.`;
  return { kind: 'problem', error: { kind: 'not-allowed', message, needs, role } };
}

/** Whoever types another number than the one that counts has read something else. */
export function mistyped(message: string, expected: number): Reply<never> {
  return { kind: 'problem', error: { kind: 'mistyped', message, expected } };
}

/** Why an act on a person is refused where `offers.editDevelopers` is false: each of them may end in a call that writes. */
export const lookOnly =
  'the console may only read Apigee here: a run brings people in step, and whoever deploys the console allows more with console.edit_developers';

/** With a capital letter and a full stop. */
export function sentence(words: string): string {
  const text = words.trim();
  if (text === '') return '';
  const ended = /[.!?]$/u.test(text) ? text : `${text}.`;
  return `${ended.slice(0, 1).toUpperCase()}${ended.slice(1)}`;
}
