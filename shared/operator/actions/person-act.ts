import type { ApigeeError } from '../../apigee/developers.ts';
import type { Subject } from '../../core/model/decision.ts';
import type { PersonKey } from '../../core/model/email.ts';
import type { Session } from '../../run/session.ts';
import type { SyncDeps } from '../../sync/deps.ts';
import type { Ordered } from '../../sync/order-developer.ts';
import { stoppedReason, type PersonResult } from '../../sync/result.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';
import { findPerson, readPerson, type PersonView } from '../views/person.ts';
import { valueNow, type SeenField } from '../views/seen.ts';
import { refusalWords } from '../words/refusals.ts';
import { doneWords } from '../words/results.ts';
import { safeText } from '../words/safe-text.ts';
import type { Acting, Ended, Intended } from './audited.ts';
import { audited } from './audited.ts';
import { refusedToAct } from './own-state.ts';
import type { FieldProblem } from './plan-edit.ts';
import { bringInStep, operatorDeps, type SyncedOne } from './sync-one.ts';
import type { Person } from '../../sync/look.ts';

/** What became of what an operator asked for one person. `words`: sentences without values. */
export type PersonAct =
  | {
      readonly kind: 'ended';
      readonly actionId: string;
      readonly state: 'done' | 'nothing' | 'held' | 'failed';
      readonly words: readonly string[];
    }
  /** Nothing was done: what has to be put right first. */
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] }
  /** The person changed since the operator looked, and nothing was overwritten. */
  | { readonly kind: 'conflict'; readonly fields: readonly MovedField[] }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-reached'; readonly error: ApigeeError };

/** A field that is not as the operator saw it. */
export interface MovedField extends SeenField {
  /** Undefined: the side does not have it. */
  readonly now: string | undefined;
}

export function conflictIn(
  subject: Pick<Subject, 'portal' | 'developer'>,
  fields: readonly SeenField[],
): Extract<PersonAct, { kind: 'conflict' }> {
  return { kind: 'conflict', fields: fields.map((field) => ({ ...field, now: valueNow(subject, field) })) };
}

/** One action on one person, under way. */
export interface Work {
  readonly services: Services;
  readonly session: Session;
  readonly deps: SyncDeps;
  readonly person: Person;
  readonly actionId: string;
}

export type Found = Extract<PersonView, { kind: 'decided' }>;

/**
 * Reads the person on both sides, for an action. Answers why the action cannot begin, where that is so.
 */
export async function findForAct(services: Services, key: PersonKey): Promise<Found | PersonAct> {
  const refused = await refusedToAct(services);
  if (refused !== undefined) return { kind: 'refused', words: refusalWords(refused.reason) };
  const view = await readPerson(services, key);
  return view.kind === 'decided' ? view : { kind: 'not-reached', error: view.error };
}

/** Records the action, carries it out, and records how it ended (rule 39). */
export function act(
  services: Services,
  acting: Acting,
  key: PersonKey,
  intended: Pick<Intended, 'action' | 'fields'>,
  work: (work: Work) => Promise<PersonAct>,
): Promise<PersonAct> {
  return audited(services, acting, { ...intended, person: key }, async (actionId) => {
    const session = openSession(services, batchAllowance);
    const person = await findPerson(session.people, key);
    const result = await work({ services, session, deps: operatorDeps(session, actionId), person, actionId });
    return { result, end: endOf(result) };
  });
}

function endOf(result: PersonAct): Ended {
  switch (result.kind) {
    case 'ended':
      return { state: result.state, words: result.words.join('; ') };
    case 'refused':
      return { state: 'refused', words: result.words };
    case 'invalid':
      return { state: 'refused', words: result.problems.map(({ field, message }) => `${field} ${message}`).join('; ') };
    case 'conflict':
      return { state: 'refused', words: 'the person changed meanwhile: nothing was overwritten' };
    case 'not-found':
      return { state: 'refused', words: 'there is no such person any more' };
    case 'not-reached':
      return { state: 'failed', words: `Apigee could not be asked: ${result.error.message}` };
  }
}

/** The end of an action that was carried out, with what the sync behind it came to. */
export async function endInStep(work: Work, done: readonly string[]): Promise<PersonAct> {
  const { services, session, deps, person, actionId } = work;
  const synced = await bringInStep(session, deps, person.key);
  if (synced.kind === 'synced' && synced.result.outcome === 'failed') {
    // The call may have been made all the same.
    const view = await readPerson(services, person.key);
    if (view.kind === 'decided' && view.decision.situation === 'in-step') {
      const words = [...done, 'Apigee gave no clear answer, but both sides are in step'];
      return { kind: 'ended', actionId, state: 'done', words };
    }
  }
  return afterSync(synced, done, actionId);
}

export function afterSync(synced: SyncedOne, done: readonly string[], actionId: string): PersonAct {
  const state = done.length > 0 ? ('done' as const) : ('nothing' as const);
  switch (synced.kind) {
    case 'refused':
      return {
        kind: 'ended',
        actionId,
        state,
        words: [...done, 'the two sides are compared by the next full run, which has to be made first'],
      };
    case 'not-reached': {
      const why = `not compared with the other side: ${safeText(synced.error.message)}`;
      return { kind: 'ended', actionId, state: 'failed', words: [...done, why] };
    }
    case 'synced':
      return { kind: 'ended', actionId, ...syncWords(synced.result, done) };
  }
}

function syncWords(
  { outcome, reason }: PersonResult,
  done: readonly string[],
): { readonly state: 'done' | 'nothing' | 'held' | 'failed'; readonly words: readonly string[] } {
  switch (outcome) {
    case 'failed':
      return { state: 'failed', words: [...done, `failed: ${safeText(reason)}`] };
    case 'held':
      return { state: 'held', words: [...done, `held: ${safeText(reason)}`] };
    case 'ignored':
      return { state: done.length > 0 ? 'done' : 'nothing', words: [...done, safeText(reason)] };
    case 'unchanged':
      return done.length > 0
        ? { state: 'done', words: [...done, 'both sides are in step'] }
        : { state: 'nothing', words: [safeText(reason)] };
    case 'created-apigee':
    case 'created-portal':
    case 'updated-apigee':
    case 'updated-portal':
      return { state: 'done', words: [...done, doneWords(outcome, false)] };
  }
}

/** How an order to Apigee ended that was not carried out. */
export function notOrdered(
  ordered: Exclude<Ordered<PersonAct>, { kind: 'written' | 'nothing' }>,
  done: readonly string[],
  actionId: string,
): PersonAct {
  switch (ordered.kind) {
    case 'refused':
      return done.length > 0 && ordered.why.kind === 'refused'
        ? { kind: 'ended', actionId, state: 'failed', words: [...done, ordered.why.words] }
        : ordered.why;
    case 'failed': {
      const said = safeText(ordered.error.message);
      if (ordered.unclear) {
        const words = [...done, `Apigee may have done it, or may do it yet: look again in a few minutes. ${said}`];
        return { kind: 'ended', actionId, state: 'failed', words };
      }
      const words = done.length > 0 ? [...done, `the rest failed: ${said}`] : [`Apigee did not do it: ${said}`];
      return { kind: 'ended', actionId, state: 'failed', words };
    }
    case 'stopped':
      return done.length > 0
        ? { kind: 'ended', actionId, state: 'failed', words: [...done, stoppedReason] }
        : { kind: 'refused', words: stoppedReason };
    case 'busy': {
      const words = [...done, 'somebody else is writing this person: try again in a moment'];
      return { kind: 'ended', actionId, state: 'failed', words };
    }
  }
}
