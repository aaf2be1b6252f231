import { isUnreadable } from '../../core/decide/left-alone.ts';
import type { Subject } from '../../core/model/decision.ts';
import type { PersonKey } from '../../core/model/email.ts';
import { valueOf, type Developer, type FieldChange } from '../../core/model/profile.ts';
import { orderDeveloper, orderPortalUser, type Order } from '../../sync/order-developer.ts';
import type { Services } from '../../wiring/services.ts';
import { isNobody, readPerson } from '../views/person.ts';
import { changedSince, seenOf } from '../views/seen.ts';
import type { Acting } from './audited.ts';
import { act, conflictIn, endInStep, findForAct, notOrdered, type PersonAct, type Work } from './person-act.ts';
import { changedDeveloper, planEdit, type EditPlan } from './plan-edit.ts';

export interface DeveloperEdit {
  readonly key: PersonKey;
  /** `seenOf` what the operator saw; undefined: whatever is there now was seen. */
  readonly seen: string | undefined;
  readonly changes: readonly FieldChange[];
}

type Planned = Extract<EditPlan, { kind: 'plan' }>;

/** A portal user that is written by others is read anew so often; then the operator is asked. */
const mostReadings = 3;

/**
 * Sets names and attributes of a developer. A field that has a place on the portal user is set there and pushed at once, as
 * any edit on the portal (rule 2); everything else is set in Apigee under the person's lease. A person who changed since
 * `seen` is not touched.
 */
export async function editDeveloper(services: Services, acting: Acting, edit: DeveloperEdit): Promise<PersonAct> {
  const { key, changes } = edit;
  const view = await findForAct(services, key);
  if (view.kind !== 'decided') return view;
  if (isNobody(view)) return { kind: 'not-found' };
  const { subject, policy } = view;
  const { portal, developer } = subject;
  if (portal.kind === 'absent' && developer.kind === 'absent') return { kind: 'not-found' };
  if (portal.kind === 'collision' || developer.kind === 'collision')
    return { kind: 'refused', words: 'several records have this email: change or delete all but one first' };
  const seen = edit.seen ?? seenOf(subject);
  const moved = changedSince(seen, subject);
  if (moved === undefined)
    return { kind: 'invalid', problems: [{ field: 'seen', message: 'is not what the page was given: open it again' }] };
  if (moved.length > 0) return conflictIn(subject, moved);
  const plan = planEdit(subject, changes, policy);
  if (plan.kind === 'invalid') return plan;
  const fields = changes.map(({ field }) => field);
  return act(services, acting, key, { action: 'edit-developer', fields }, (work) => {
    if (plan.kind === 'plan') return carryOut(work, plan, subject, seen, changes);
    return Promise.resolve({ kind: 'ended', actionId: work.actionId, state: 'nothing', words: ['as it is already'] });
  });
}

async function carryOut(
  work: Work,
  plan: Planned,
  subject: Subject,
  seen: string,
  changes: readonly FieldChange[],
): Promise<PersonAct> {
  const { actionId, deps, person } = work;
  const done: string[] = [];
  if (plan.apigee.length > 0 && subject.developer.kind === 'developer') {
    const ordered = await orderDeveloper(deps, person, (now) => toSet(plan.apigee, seen, now));
    if (ordered.kind === 'written') done.push('set in Apigee');
    else if (ordered.kind !== 'nothing') return notOrdered(ordered, done, actionId);
  }
  if (plan.portal.length > 0 && plan.user !== undefined) {
    const stopped = await setOnPortal(work, plan, seen);
    if (stopped !== undefined) return done.length === 0 ? stopped : halfMade(work, done, stopped);
    done.push('set on the portal');
  }
  const first = await endInStep(work, done);
  if (first.kind !== 'ended' || first.state === 'failed') return first;
  return finish(work, changes, subject, first);
}

/**
 * Where a value did not travel by itself, because the portal had it since the sides were last in step: sets it in Apigee. Only
 * a value that is still as the operator saw it: a newer edit of somebody else has won already (rule 11).
 */
async function finish(
  work: Work,
  changes: readonly FieldChange[],
  before: Subject,
  first: Extract<PersonAct, { kind: 'ended' }>,
): Promise<PersonAct> {
  const { actionId, deps, person, services } = work;
  const view = await readPerson(services, person.key);
  if (view.kind !== 'decided') return first;
  const left = (now: Subject): Order<PersonAct> => {
    if (now.developer.kind !== 'developer' || before.developer.kind !== 'developer') return { kind: 'nothing' };
    if (now.portal.kind !== 'user') return { kind: 'nothing' };
    const { profile } = now.portal.user;
    const [was, is] = [before.developer.developer, now.developer.developer];
    const mine = changes.filter(
      (change) => valueIn(is, change) === valueIn(was, change) && valueOf(profile, change.field) === change.value,
    );
    return changeOf(is, mine);
  };
  if (left(view.subject).kind === 'nothing') return first;
  const ordered = await orderDeveloper<PersonAct>(deps, person, left);
  if (ordered.kind === 'nothing') return first;
  if (ordered.kind !== 'written') return notOrdered(ordered, first.words, actionId);
  return endInStep(work, ['set on both sides']);
}

/** On a fresh read: nothing is set where somebody changed the developer meanwhile. */
function toSet(changes: readonly FieldChange[], seen: string, now: Subject): Order<PersonAct> {
  const moved = (changedSince(seen, now) ?? []).filter(({ side }) => side === 'apigee');
  if (now.developer.kind !== 'developer') return { kind: 'refused', why: { kind: 'not-found' } };
  if (moved.length > 0) return { kind: 'refused', why: conflictIn(now, moved) };
  return changeOf(now.developer.developer, changes);
}

function valueIn({ attributes, firstName, lastName }: Developer, { field }: FieldChange): string | undefined {
  if (field === 'firstName') return firstName;
  return field === 'lastName' ? lastName : attributes.get(field.slice('attributes.'.length));
}

function changeOf(developer: Developer, changes: readonly FieldChange[]): Order<PersonAct> {
  const news = changes.filter((change) => valueIn(developer, change) !== change.value);
  if (news.length === 0) return { kind: 'nothing' };
  const check = changedDeveloper(developer, news);
  if (check.kind === 'broken') return { kind: 'refused', why: { kind: 'refused', words: check.problem } };
  return { kind: 'write', steps: [{ kind: 'update', email: developer.email, developer: check.developer }] };
}

/** What was set in Apigee is an edit there, which travels; the answer and the record say what was made and what was not. */
async function halfMade(work: Work, done: readonly string[], why: PersonAct): Promise<PersonAct> {
  await endInStep(work, done);
  const words = [...done, `the rest was not set: ${whyNot(why)}`];
  return { kind: 'ended', actionId: work.actionId, state: 'failed', words };
}

function whyNot(why: PersonAct): string {
  switch (why.kind) {
    case 'refused':
      return why.words;
    case 'ended':
      return why.words.join('; ');
    case 'conflict':
      return 'the portal user changed meanwhile, and nothing was overwritten there';
    case 'not-reached':
      return `Apigee could not be asked: ${why.error.message}`;
    case 'not-found':
    case 'invalid':
      return 'the person is not as before';
  }
}

async function setOnPortal(work: Work, plan: Planned, seen: string): Promise<PersonAct | undefined> {
  const { services, person, deps, actionId } = work;
  let { user } = plan;
  for (let readings = 0; user !== undefined && readings < mostReadings; readings += 1) {
    const written = await orderPortalUser(deps, person.key, user, {
      kind: 'update',
      id: user.id,
      changes: plan.portal,
    });
    if (written === 'written') return undefined;
    if (written === 'stopped') return notOrdered({ kind: 'stopped' }, [], actionId);
    if (written === 'refused') {
      const words = ['Firestore refuses to store this: the portal document is too large'];
      return { kind: 'ended', actionId, state: 'failed', words };
    }
    const view = await readPerson(services, person.key);
    if (view.kind !== 'decided') return { kind: 'not-reached', error: view.error };
    const moved = (changedSince(seen, view.subject) ?? []).filter(({ side }) => side === 'portal');
    if (moved.length > 0) return conflictIn(view.subject, moved);
    if (plan.portal.some(({ field }) => isUnreadable(field, view.subject)))
      return { kind: 'refused', words: 'the portal user changed meanwhile, and cannot be read there: mend it first' };
    user = view.subject.portal.kind === 'user' ? view.subject.portal.user : undefined;
  }
  return { kind: 'refused', words: 'the portal user keeps being written by others: try again in a moment' };
}
