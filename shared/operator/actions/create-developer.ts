import type { Subject } from '../../core/model/decision.ts';
import type { CompleteDeveloper } from '../../core/model/limits.ts';
import { orderDeveloper, type Order } from '../../sync/order-developer.ts';
import type { Services } from '../../wiring/services.ts';
import type { Acting } from './audited.ts';
import { act, endInStep, findForAct, notOrdered, type PersonAct } from './person-act.ts';
import { checkNewDeveloper, type NewDeveloper } from './plan-edit.ts';

/**
 * Creates a developer in Apigee, and by the sync behind it the portal user (rule 6). Where one side has the email already,
 * nothing is done.
 */
export async function createDeveloper(services: Services, acting: Acting, draft: NewDeveloper): Promise<PersonAct> {
  const check = checkNewDeveloper(draft, services.config.apigee.type === 'edge');
  if (check.kind === 'invalid') return check;
  const { key, developer } = check;
  const view = await findForAct(services, key);
  if (view.kind !== 'decided') return view;
  const taken = takenBy(view.subject);
  if (taken !== undefined) return { kind: 'refused', words: taken };
  const fields = ['firstName', 'lastName', ...[...developer.attributes.keys()].map((name) => `attributes.${name}`)];
  return act(services, acting, key, { action: 'create-developer', fields }, async (work) => {
    const ordered = await orderDeveloper(work.deps, work.person, (now) => toCreate(now, developer));
    if (ordered.kind === 'failed' && ordered.error.kind === 'conflict')
      return { kind: 'refused', words: 'there is a developer with this email already' };
    if (ordered.kind === 'written') return endInStep(work, ['created in Apigee']);
    if (ordered.kind === 'nothing') return endInStep(work, []);
    return notOrdered(ordered, [], work.actionId);
  });
}

function toCreate(subject: Subject, developer: CompleteDeveloper): Order<PersonAct> {
  const taken = takenBy(subject);
  if (taken !== undefined) return { kind: 'refused', why: { kind: 'refused', words: taken } };
  return { kind: 'write', steps: [{ kind: 'create', developer }] };
}

function takenBy({ developer, portal }: Subject): string | undefined {
  if (developer.kind !== 'absent') return 'there is a developer with this email already';
  if (portal.kind === 'absent') return undefined;
  return 'a portal user has this email already: synchronise that person, which makes the developer';
}
