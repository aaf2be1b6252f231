import type { Subject } from '../model/decision.ts';
import type { Base, Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import {
  attributeField,
  attributeName,
  developerProfile,
  fieldsOf,
  valueOf,
  withChanges,
  type FieldName,
  type Profile,
} from '../model/profile.ts';

/*
 * A single field that cannot be read, or a value in Apigee that the portal's field cannot hold, is not the person's failure:
 * that field is left alone on both sides and named, and everything else goes on (rule 18).
 */

/** Stands between a reason and the sentences about fields that are left alone. */
export const leftAloneIntro = '; left alone on both sides: ';

/** How many sentences about fields are kept and told. */
const mostTold = 10;

type Found = Pick<Subject, 'portal' | 'developer' | 'link'>;

/** The policy for one person: their unreadable fields are neither copied nor dropped, as if nobody had selected them. */
export function policyFor(subject: Found, policy: Policy): Policy {
  if (subject.portal.kind === 'malformed' || subject.portal.kind === 'collision') return policy;
  const left = fieldsLeft(subject, policy);
  if (left.size === 0) return policy;
  const all = left.has('attributes');
  return {
    ...policy,
    leftAlone: left,
    directionOf: (name) => (all || left.has(attributeField(name)) ? undefined : policy.directionOf(name)),
  };
}

/** What there is to tell about fields that are left alone, a sentence each. */
export function leftAloneWords({ leftAlone }: Pick<Policy, 'leftAlone'>): readonly string[] {
  if (leftAlone === undefined) return [];
  const sentences = [...new Set(leftAlone.values())];
  if (sentences.length <= mostTold) return sentences;
  return [
    ...sentences.slice(0, mostTold - 1),
    `There are ${String(sentences.length - mostTold + 1)} more such fields.`,
  ];
}

/**
 * The base with what it had before of the fields that are left alone. What cannot be read on the portal counts as not looked at
 * on either side. Of a value that the portal cannot hold, only the portal's side does: the value in Apigee is known, and its
 * next edit is one. `link`: as it was; `userId`: of whom the base is, since a former portal user's says nothing about the next
 * one (rule 10).
 */
export function keepingLeft(
  base: Base,
  link: Pick<Link, 'userId' | 'base'> | undefined,
  userId: string,
  { portal }: Pick<Subject, 'portal'>,
  policy: Policy,
): Base {
  if (policy.leftAlone === undefined) return base;
  const before = link?.userId === userId ? link.base : undefined;
  return {
    ...base,
    portal: mixed(base.portal, before?.portal ?? base.portal, (field) => isLeftAlone(field, policy)),
    developer: mixed(base.developer, before?.developer ?? nothing, (field) => isUnreadable(field, { portal })),
  };
}

const nothing: Profile = { firstName: undefined, lastName: undefined, status: undefined, attributes: new Map() };

/** The profile with these fields as they were. */
function mixed(now: Profile, then: Profile, isKept: (field: FieldName) => boolean): Profile {
  return withChanges(
    now,
    fieldsOf(now, then).flatMap((field) => (isKept(field) ? [{ field, value: valueOf(then, field) }] : [])),
  );
}

/** Whether a field is left alone. */
export function isLeftAlone(field: FieldName, { leftAlone }: Policy): boolean {
  return isIn(field, leftAlone);
}

/** Whether the portal user has the field in a form that cannot be read. */
export function isUnreadable(field: FieldName, { portal }: Pick<Subject, 'portal'>): boolean {
  return portal.kind === 'user' && isIn(field, portal.user.unreadable);
}

function isIn(field: FieldName, fields: ReadonlyMap<string, string> | undefined): boolean {
  if (fields === undefined) return false;
  return fields.has(field) || (attributeName(field) !== undefined && fields.has('attributes'));
}

function fieldsLeft({ portal, developer, link }: Found, policy: Policy): Map<string, string> {
  const user = portal.kind === 'user' ? portal.user : undefined;
  const left = new Map(policy.leftAlone);
  for (const [field, problem] of user?.unreadable ?? []) left.set(field, problem);
  if (developer.kind !== 'developer' || policy.onPortal === undefined) return left;
  const inApigee = developerProfile(developer.developer, policy);
  const { problems } = policy.onPortal(inApigee, user);
  const base = user !== undefined && link?.userId === user.id ? link.base : undefined;
  for (const [field, problem] of problems) {
    if (!left.has(field) && !isRetyped(field, user?.profile, inApigee, base)) left.set(field, problem);
  }
  return left;
}

/** Only the portal changed a field on which both sides agreed, and holds it in another type now: its value travels. */
function isRetyped(field: FieldName, portal: Profile | undefined, developer: Profile, base: Base | undefined): boolean {
  if (portal === undefined || base === undefined) return false;
  const agreed = valueOf(base.portal, field);
  const isAgreed = agreed === valueOf(base.developer, field) && agreed === valueOf(developer, field);
  return isAgreed && valueOf(portal, field) !== agreed;
}
