import { isUnreadable } from '../../core/decide/left-alone.ts';
import type { Subject } from '../../core/model/decision.ts';
import { canonicalEmail, type PersonKey } from '../../core/model/email.ts';
import {
  checkLimits,
  longestName,
  longestValue,
  maxAttributes,
  portalProblem,
  storageProblem,
  type CompleteDeveloper,
} from '../../core/model/limits.ts';
import type { Policy } from '../../core/model/policy.ts';
import {
  attributeName,
  changesBetween,
  presentName,
  valueOf,
  withChanges,
  type Developer,
  type FieldChange,
  type FieldName,
  type Profile,
  type PortalUser,
} from '../../core/model/profile.ts';
import { isReservedAttribute } from '../../portal/attribute-selection.ts';

/** What is wrong with one field of what an operator asks for: a sentence that says what to do. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** Where an edit is made first: on the portal, where the mapping gives the field a place there, else in Apigee. */
export type EditPlace = 'portal' | 'apigee' | 'locked';

export type EditPlan =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] }
  | {
      readonly kind: 'plan';
      readonly user: PortalUser | undefined;
      readonly portal: readonly FieldChange[];
      readonly apigee: readonly FieldChange[];
    };

/** The portal user whom an edit may go through: one that is selected, readable, alone and verified. */
export function editableUser({ key, portal }: Pick<Subject, 'key' | 'portal'>, policy: Policy): PortalUser | undefined {
  const email = canonicalEmail(key);
  if (email === undefined || !policy.inScope(email)) return undefined;
  if (portal.kind !== 'user' || portal.user.selected === false) return undefined;
  return portal.user.emailVerified ? portal.user : undefined;
}

/** Where an edit of this field is made. `hasUser`: there is a portal user whom an edit may go through. */
export function placeOf(field: FieldName, hasUser: boolean, policy: Policy): EditPlace {
  const name = attributeName(field);
  if (name !== undefined && isReservedAttribute(name)) return 'locked';
  if (!hasUser) return 'apigee';
  const direction = name === undefined ? 'both' : policy.directionOf(name);
  return direction === 'both' || direction === 'to-apigee' ? 'portal' : 'apigee';
}

const leftAlone = 'cannot be read on the portal, and is left alone on both sides: mend it there first';

/** Checks an edit as Apigee would, before anything is called, and says where each field is set. */
export function planEdit(subject: Subject, changes: readonly FieldChange[], policy: Policy): EditPlan {
  const user = editableUser(subject, policy);
  const developer = subject.developer.kind === 'developer' ? subject.developer.developer : undefined;
  const problems = changes.flatMap((change) => problemsOf(change));
  const fields = changes.map(({ field }) => field);
  const twice = fields.find((field, place) => fields.indexOf(field) !== place);
  if (twice !== undefined) problems.push({ field: twice, message: 'named twice: leave one of the two out' });
  problems.push(
    ...fields.filter((field) => isUnreadable(field, subject)).map((field) => ({ field, message: leftAlone })),
  );
  if (problems.length > 0) return { kind: 'invalid', problems };

  if (developer === undefined) {
    const placeless = fields.find((field) => placeOf(field, user !== undefined, policy) === 'apigee');
    const message = 'has no place on the portal, and there is no developer yet: synchronise the person first';
    if (placeless !== undefined) return { kind: 'invalid', problems: [{ field: placeless, message }] };
  }

  const inApigee = developer && profileOf(developer);
  const news = changes.filter(
    ({ field, value }) =>
      (user !== undefined && placeOf(field, true, policy) === 'portal' && valueOf(user.profile, field) !== value) ||
      (inApigee !== undefined && valueOf(inApigee, field) !== value),
  );
  if (news.length === 0) return { kind: 'nothing' };
  const asked = news.filter(
    ({ field, value }) =>
      user !== undefined && placeOf(field, true, policy) === 'portal' && valueOf(user.profile, field) !== value,
  );
  const unfit = unfitFor(user, asked, policy);
  if (unfit.length > 0) return { kind: 'invalid', problems: unfit };
  const portal = user === undefined ? asked : asOnPortal(user, asked, policy);
  const apigee = news.filter(({ field }) => placeOf(field, user !== undefined, policy) === 'apigee');
  const limit = developer && changedDeveloper(developer, news);
  if (limit?.kind === 'broken') return { kind: 'invalid', problems: [{ field: 'attributes', message: limit.problem }] };
  const tooLarge =
    user === undefined ? undefined : (portalProblem(portal) ?? storageProblem(withChanges(user.profile, portal)));
  if (tooLarge !== undefined) return { kind: 'invalid', problems: [{ field: 'attributes', message: tooLarge }] };
  return { kind: 'plan', user, portal, apigee };
}

/** Values that the portal's field cannot hold, such as words for a number. */
function unfitFor(user: PortalUser | undefined, changes: readonly FieldChange[], policy: Policy): FieldProblem[] {
  if (user === undefined || policy.onPortal === undefined) return [];
  const { problems } = policy.onPortal(withChanges(user.profile, changes), user);
  return changes.flatMap(({ field }) => {
    const problem = problems.get(field);
    return problem === undefined ? [] : [{ field, message: `does not fit the portal: ${problem}` }];
  });
}

/** The changes as the portal reads them once they are written there. */
function asOnPortal(user: PortalUser, changes: readonly FieldChange[], policy: Policy): readonly FieldChange[] {
  if (policy.onPortal === undefined) return changes;
  return changesBetween(user.profile, policy.onPortal(withChanges(user.profile, changes), user).profile);
}

/** Rules 13, 30: the developer with everything that is there, and these changes. */
export function changedDeveloper(
  developer: Developer,
  changes: readonly FieldChange[],
): ReturnType<typeof checkLimits> {
  const after = withChanges(profileOf(developer), changes);
  return checkLimits({
    email: developer.email,
    userName: presentName(developer.userName) ?? developer.email,
    firstName: presentName(after.firstName),
    lastName: presentName(after.lastName),
    attributes: after.attributes,
    others: developer.others,
  });
}

export type NewDeveloperCheck =
  | { readonly kind: 'ok'; readonly key: PersonKey; readonly developer: CompleteDeveloper }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] };

export interface NewDeveloper {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly userName: string | undefined;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Checks a new developer as Apigee would. `keepsCase`: Edge takes emails in any case. */
export function checkNewDeveloper(draft: NewDeveloper, keepsCase: boolean): NewDeveloperCheck {
  const email = draft.email.trim();
  const key = canonicalEmail(email);
  const problems: FieldProblem[] = [];
  if (key === undefined) problems.push({ field: 'email', message: 'is no email: give one such as ann@example.com' });
  else if (!keepsCase && email !== key)
    problems.push({ field: 'email', message: 'has upper-case letters, which Apigee refuses: write it in lower case' });
  for (const field of ['firstName', 'lastName'] as const) problems.push(...nameProblems(field, draft[field]));
  if (draft.userName !== undefined) problems.push(...nameProblems('userName', draft.userName));
  for (const [name, value] of draft.attributes) problems.push(...attributeProblems(name, value));
  if (draft.attributes.size > maxAttributes)
    problems.push({ field: 'attributes', message: `Apigee takes at most ${String(maxAttributes)} of them` });
  if (key === undefined || problems.length > 0) return { kind: 'invalid', problems };
  const { firstName, lastName, attributes, userName = email } = draft;
  const developer = { email, firstName, lastName, userName, attributes, others: { members: {}, entries: [] } };
  return { kind: 'ok', key, developer };
}

function problemsOf({ field, value }: FieldChange): FieldProblem[] {
  const name = attributeName(field);
  if (name !== undefined) return attributeProblems(name, value ?? '');
  return nameProblems(field, value ?? '');
}

function nameProblems(field: string, value: string): FieldProblem[] {
  if (value.trim() === '') return [{ field, message: 'must not be empty: Apigee requires it' }];
  return value.isWellFormed() ? [] : [{ field, message: 'has a broken character: write it anew' }];
}

function attributeProblems(name: string, value: string): FieldProblem[] {
  const field = `attributes.${name}`;
  if (name.trim() === '') return [{ field, message: 'must have a name' }];
  if (isReservedAttribute(name)) return [{ field, message: 'is reserved for Apigee itself: nobody sets it here' }];
  if (!name.isWellFormed() || !value.isWellFormed())
    return [{ field, message: 'has a broken character: write it anew' }];
  const [what, most] = Buffer.byteLength(name) > longestName ? ['name', longestName] : ['value', longestValue];
  if (Buffer.byteLength(what === 'name' ? name : value) <= most) return [];
  return [
    { field, message: `has a ${what} of more than ${String(most)} bytes, which Apigee does not take: shorten it` },
  ];
}

/** Every attribute, also those that are not selected. */
function profileOf(developer: Developer): Profile {
  const { firstName, lastName, status, attributes } = developer;
  return { firstName: presentName(firstName), lastName: presentName(lastName), status, attributes };
}
