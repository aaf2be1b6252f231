import type { PersonKey } from '../../core/model/email.ts';
import type { AuditAction } from '../../state/audit.ts';
import type { Services } from '../../wiring/services.ts';
import { refusalWords } from '../words/refusals.ts';
import type { Acting } from './audited.ts';
import { deleteDeveloper } from './delete-developer.ts';
import { actOnMany, type ManyStep, type OneOfMany } from './many.ts';
import { afterSync, type PersonAct } from './person-act.ts';
import { setStatus } from './set-status.ts';
import { syncOnePerson } from './sync-one.ts';

export const manyActions = ['activate', 'deactivate', 'delete', 'sync'] as const;
export type ManyAction = (typeof manyActions)[number];

const auditNames: Readonly<Record<ManyAction, AuditAction>> = {
  activate: 'activate-developers',
  deactivate: 'deactivate-developers',
  delete: 'delete-developers',
  sync: 'sync-people',
};

/**
 * One action for many developers. What takes something away counts against the limit of 60 minutes (rule 16); once that is
 * used up, nobody else is looked at.
 */
export function actOnDevelopers(
  services: Services,
  acting: Acting,
  action: ManyAction,
  people: readonly PersonKey[],
): AsyncGenerator<ManyStep> {
  return actOnMany(services, acting, auditNames[action], people, async (key, actionId) => {
    const done = await actOnOne(services, acting, action, key, actionId);
    return oneOf(done, action);
  });
}

async function actOnOne(
  services: Services,
  acting: Acting,
  action: ManyAction,
  key: PersonKey,
  actionId: string,
): Promise<PersonAct> {
  switch (action) {
    case 'activate':
      return setStatus(services, acting, { key, status: 'active', isOneOfMany: true });
    case 'deactivate':
      return setStatus(services, acting, { key, status: 'inactive', isOneOfMany: true });
    case 'delete':
      return deleteDeveloper(services, acting, { key, typed: undefined });
    case 'sync':
      return syncAgain(services, key, actionId);
  }
}

/** Brings one person in step, as part of an action on many. */
export async function syncAgain(services: Services, key: PersonKey, actionId: string): Promise<PersonAct> {
  const synced = await syncOnePerson(services, key, actionId);
  if (synced.kind === 'refused') return { kind: 'refused', words: refusalWords(synced.reason) };
  return afterSync(synced, [], actionId);
}

export function oneOf(done: PersonAct, action: ManyAction | 'retry'): OneOfMany {
  switch (done.kind) {
    case 'ended':
      return { state: done.state, words: done.words.join('; ') };
    case 'refused':
      return {
        state: 'held',
        words: done.words,
        stops: action !== 'activate' && done.words.includes('DESTRUCTIVE_LIMIT'),
      };
    case 'not-found':
      return { state: 'nothing', words: 'there is no such person any more' };
    case 'invalid':
      return { state: 'failed', words: done.problems.map(({ field, message }) => `${field} ${message}`).join('; ') };
    case 'conflict':
      return { state: 'held', words: 'changed by somebody else meanwhile' };
    case 'not-reached':
      return {
        state: 'failed',
        words: `Apigee could not be asked: ${done.error.message}`,
        stops: done.error.kind === 'denied',
      };
  }
}
