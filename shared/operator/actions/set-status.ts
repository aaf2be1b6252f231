import type { Subject } from '../../core/model/decision.ts';
import type { PersonKey } from '../../core/model/email.ts';
import type { Status } from '../../core/model/profile.ts';
import { hourlyAllowance } from '../../run/session.ts';
import { orderDeveloper, orderPortalUser, type Order } from '../../sync/order-developer.ts';
import { stoppedReason } from '../../sync/result.ts';
import type { Services } from '../../wiring/services.ts';
import { readPerson } from '../views/person.ts';
import type { Acting } from './audited.ts';
import { act, endInStep, findForAct, notOrdered, type PersonAct, type Work } from './person-act.ts';
import { editableUser } from './plan-edit.ts';

export interface StatusOrder {
  readonly key: PersonKey;
  readonly status: Status;
  /** One of many: deactivating counts against the limit of 60 minutes (rule 16). */
  readonly isOneOfMany: boolean;
}

const mostReadings = 3;

/**
 * Activates or deactivates a person on both sides: the developer in Apigee, and the portal user whose status the mapping
 * names.
 */
export async function setStatus(services: Services, acting: Acting, order: StatusOrder): Promise<PersonAct> {
  const { key, status } = order;
  const view = await findForAct(services, key);
  if (view.kind !== 'decided') return view;
  const { developer } = view.subject;
  if (developer.kind === 'absent') return { kind: 'not-found' };
  if (developer.kind === 'collision')
    return { kind: 'refused', words: 'several developers have this email: change or delete all but one first' };
  const action = status === 'active' ? 'activate-developer' : 'deactivate-developer';
  return act(services, acting, key, { action, fields: ['status'] }, (work) => carryOut(work, order));
}

async function carryOut(work: Work, { status, isOneOfMany }: StatusOrder): Promise<PersonAct> {
  const { actionId, deps, person, session } = work;
  const done: string[] = [];
  const gate = hourlyAllowance(session);
  // One deactivation counts once, on whichever side it is made.
  let isSpent = !isOneOfMany || status === 'active' || gate.kind !== 'allowance';
  const mayAct = async (): Promise<PersonAct | undefined> => {
    isSpent ||= gate.kind === 'allowance' && (await gate.spend());
    if (isSpent) return undefined;
    return { kind: 'refused', words: 'DESTRUCTIVE_LIMIT people have been deactivated or deleted within 60 minutes' };
  };
  const ordered = await orderDeveloper(deps, person, (now) => inApigee(now, status), mayAct);
  if (ordered.kind === 'written') done.push(`${status} in Apigee`);
  else if (ordered.kind !== 'nothing') return notOrdered(ordered, done, actionId);

  const onPortal = await setOnPortal(work, status, mayAct);
  if (typeof onPortal !== 'string') return onPortal;
  if (onPortal === 'written') done.push(`${status} on the portal`);
  else if (onPortal !== 'nothing') return { kind: 'ended', actionId, state: 'failed', words: [...done, onPortal] };
  return endInStep(work, done);
}

function inApigee({ developer }: Subject, status: Status): Order<PersonAct> {
  if (developer.kind !== 'developer') return { kind: 'refused', why: { kind: 'not-found' } };
  const { email, status: now } = developer.developer;
  return now === status ? { kind: 'nothing' } : { kind: 'write', steps: [{ kind: 'set-status', email, status }] };
}

/** Answers a sentence where it could not be done, and what `mayAct` says where it may not be done. */
async function setOnPortal(
  { services, person, deps }: Work,
  status: Status,
  mayAct: () => Promise<PersonAct | undefined>,
): Promise<string | PersonAct> {
  if (services.config.portal.mapping.status === undefined) return 'nothing';
  for (let readings = 0; readings < mostReadings; readings += 1) {
    const view = await readPerson(services, person.key);
    const user = editableUser(view.subject, view.policy);
    if (user === undefined || (user.profile.status ?? 'active') === status) return 'nothing';
    const refused = await mayAct();
    if (refused !== undefined) return refused;
    const written = await orderPortalUser(deps, person.key, user, { kind: 'set-status', id: user.id, status });
    if (written === 'written') return 'written';
    if (written === 'stopped') return stoppedReason;
    if (written === 'refused') return 'Firestore refuses to store the portal user: the document is too large';
  }
  return 'the portal user keeps being written by others: try again in a moment';
}
