import type { Subject } from '../../core/model/decision.ts';
import { canonicalEmail, type PersonKey } from '../../core/model/email.ts';
import { hourlyAllowance } from '../../run/session.ts';
import { orderDeveloper, orderPortalUser, type Order } from '../../sync/order-developer.ts';
import { stoppedReason } from '../../sync/result.ts';
import type { Services } from '../../wiring/services.ts';
import { isNobody } from '../views/person.ts';
import type { Acting } from './audited.ts';
import { act, endInStep, findForAct, notOrdered, type PersonAct, type Work } from './person-act.ts';
import { editableUser } from './plan-edit.ts';

export interface DeletionOrder {
  readonly key: PersonKey;
  /** The developer's email as the operator typed it; undefined for one of many, who are confirmed by their number. */
  readonly typed: string | undefined;
}

/**
 * Deletes a person on both sides: the portal user, and the developer with apps and keys. If only the developer went,
 * `APIGEE_DELETE_POLICY=recreate` would make the developer again. Every deletion counts against the limit of 60 minutes
 * (rule 16). The portal user goes first: a crash in between leaves a deleted portal user, for which
 * `PORTAL_DELETE_POLICY` has an answer.
 */
export async function deleteDeveloper(services: Services, acting: Acting, order: DeletionOrder): Promise<PersonAct> {
  const { key, typed } = order;
  const view = await findForAct(services, key);
  if (view.kind !== 'decided') return view;
  const { portal, developer } = view.subject;
  if (isNobody(view) || developer.kind === 'absent') return { kind: 'not-found' };
  if (developer.kind === 'collision' || portal.kind === 'collision')
    return { kind: 'refused', words: 'several records have this email: change or delete all but one first' };
  if (portal.kind === 'malformed')
    return { kind: 'refused', words: 'the portal document cannot be read: mend it, or delete it on the portal first' };
  if (typed !== undefined && canonicalEmail(typed) !== canonicalEmail(developer.developer.email))
    return { kind: 'invalid', problems: [{ field: 'email', message: 'is not the email of this developer' }] };
  return act(services, acting, key, { action: 'delete-developer', fields: ['deleted'] }, carryOut);
}

async function carryOut(work: Work): Promise<PersonAct> {
  const { actionId, deps, person, session } = work;
  const done: string[] = [];
  const gate = hourlyAllowance(session);
  let isSpent = false;
  const portalFirst = async (subject: Subject): Promise<PersonAct | undefined> => {
    const { portal, developer } = subject;
    if (portal.kind === 'malformed' || portal.kind === 'collision' || developer.kind === 'collision')
      return { kind: 'refused', words: 'the portal or Apigee changed meanwhile: look again' };
    // One deletion counts once, however often it is begun.
    isSpent ||= gate.kind !== 'allowance' || (await gate.spend());
    if (!isSpent)
      return { kind: 'refused', words: 'DESTRUCTIVE_LIMIT people have been deactivated or deleted within 60 minutes' };
    const user = editableUser(subject, deps.policy);
    if (user === undefined) return undefined;
    const deleted = await orderPortalUser(deps, person.key, user, { kind: 'delete', id: user.id });
    if (deleted === 'stopped') return { kind: 'refused', words: stoppedReason };
    if (deleted === 'written') done.push('deleted on the portal');
    return deleted === 'written'
      ? undefined
      : { kind: 'refused', words: 'the portal user was written by somebody else meanwhile: look again, then delete' };
  };
  const ordered = await orderDeveloper(deps, person, inApigee, portalFirst);
  if (ordered.kind === 'written') done.push('deleted in Apigee, with all apps and keys');
  // A sync would create the developer again, where that is the policy: not what somebody means who asks for a deletion.
  else if (ordered.kind === 'nothing' && done.length > 0) done.push('gone from Apigee already');
  else if (ordered.kind === 'nothing')
    return { kind: 'refused', words: 'the developer is gone from Apigee already: look again' };
  else return notOrdered(ordered, done, actionId);
  return endInStep({ ...work, deps: { ...deps, deletionConfirmed: true } }, done);
}

function inApigee({ developer }: Subject): Order<PersonAct> {
  if (developer.kind !== 'developer') return { kind: 'nothing' };
  return { kind: 'write', steps: [{ kind: 'delete', email: developer.developer.email }] };
}
