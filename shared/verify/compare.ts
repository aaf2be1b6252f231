import { maxAttributes } from '../core/model/limits.ts';
import type { Link } from '../core/model/link.ts';
import type { Policy } from '../core/model/policy.ts';
import type { Developer, PortalUser } from '../core/model/profile.ts';
import { comparedFields, comparedInApigee, differingFields } from './fields.ts';
import type { Difference, Explanation, Finding, Hint, Person } from './finding.ts';

/**
 * Compares both sides of one person; undefined where they do not differ. Knows nothing of decisions: only what is there
 * now counts, and only the link can explain a difference. `now`: ms since the epoch.
 */
export function compare(person: Person, policy: Policy, now: number): Finding | undefined {
  const difference = differenceOf(person, policy);
  if (difference === undefined) return undefined;
  const explanation = standing(person, now) ?? ofUsers(person) ?? ofItsKind(difference, person, policy);
  return {
    key: person.key,
    difference,
    because:
      typeof explanation === 'string' ? { kind: 'unexplained', hint: explanation } : { kind: 'explained', explanation },
  };
}

function ofUsers({ users }: Person): Explanation | undefined {
  if (users.some(({ selected }) => selected === false)) return { kind: 'unselected' };
  return users.some(({ emailVerified }) => !emailVerified) ? { kind: 'unverified' } : undefined;
}

function differenceOf({ users, unreadable, developers }: Person, policy: Policy): Difference | undefined {
  const userIds = [...users, ...unreadable].map(({ id }) => id);
  if (userIds.length > 1) return { kind: 'several-portal-users', userIds };
  const [document] = unreadable;
  if (document !== undefined) return { kind: 'unreadable-document', userId: document.id, problems: document.problems };
  if (developers.length > 1) return { kind: 'several-developers', count: developers.length };
  const [user] = users;
  const [developer] = developers;
  if (user === undefined) return developer && { kind: 'only-in-apigee' };
  const fields = developer === undefined ? undefined : fieldsApart(user, developer, policy);
  if (fields?.length === 0) return undefined;
  const count = [...comparedFields(user.profile, policy).keys()].filter((name) => name.includes('.')).length;
  if (count > maxAttributes) return { kind: 'too-many-attributes', userId: user.id, count };
  return fields === undefined
    ? { kind: 'only-on-portal', userId: user.id }
    : { kind: 'fields-differ', userId: user.id, fields };
}

/** What explains a difference of whatever kind: a link says that the person is held, failed, due or being written. */
function standing({ link, otherLinks }: Person, now: number): Explanation | undefined {
  for (const known of link === undefined ? otherLinks : [link, ...otherLinks]) {
    const { lease, due, hold, failure } = known;
    if (lease !== undefined && lease.expiresAt > now) return { kind: 'leased' };
    if (hold !== undefined) return { kind: 'held', reason: hold.reason, detail: hold.detail };
    if (failure !== undefined) return { kind: 'failed', message: failure.message };
    if (due !== undefined) return { kind: 'pending', due };
  }
  return undefined;
}

function ofItsKind(difference: Difference, person: Person, policy: Policy): Explanation | Hint {
  const { link, users, developers } = person;
  const [user] = users;
  const [developer] = developers;
  switch (difference.kind) {
    case 'only-in-apigee':
      return link === undefined ? 'never-in-step' : (portalBuried(link, developer) ?? 'contradiction');
    case 'only-on-portal':
      return link === undefined ? 'never-in-step' : (developerBuried(link, policy) ?? 'contradiction');
    case 'too-many-attributes':
    case 'fields-differ':
      if (user === undefined || developer === undefined || link === undefined) return 'never-in-step';
      return ofFields(user, developer, link, policy);
    case 'several-portal-users':
    case 'several-developers':
    case 'unreadable-document':
      return link === undefined ? 'never-in-step' : 'contradiction';
    case 'unusable-developer':
      return { kind: 'unusable-email' };
  }
}

/** Explains a developer whose portal user was deleted. A developer who was created after that is another one. */
function portalBuried({ tombstone }: Link, developer: Developer | undefined): Explanation | undefined {
  if (tombstone === undefined || developer === undefined || tombstone.side === 'developer') return undefined;
  const isSame = tombstone.developerId === developer.developerId || developer.createdAt <= tombstone.at;
  return isSame ? { kind: 'tombstone', at: tombstone.at } : undefined;
}

function developerBuried({ tombstone }: Link, policy: Policy): Explanation | undefined {
  if (tombstone?.side !== 'developer' || policy.apigeeDelete === 'recreate') return undefined;
  return { kind: 'tombstone', at: tombstone.at };
}

function fieldsApart(user: PortalUser, developer: Developer, policy: Policy): readonly string[] {
  return differingFields(comparedFields(user.profile, policy), comparedInApigee(developer, policy, user).fields);
}

/**
 * What explains the fields that differ, if the base accounts for every one of them; else what the base says instead.
 */
function ofFields(
  user: PortalUser,
  developer: Developer,
  { base, undone = [] }: Link,
  policy: Policy,
): Explanation | Hint {
  if (base === undefined) return 'never-in-step';
  const { fields: apigee, unfit } = comparedInApigee(developer, policy, user);
  const now = { portal: comparedFields(user.profile, policy), apigee };
  const isLeft = (field: string): boolean =>
    unfit.has(field) ||
    user.unreadable?.has(field) === true ||
    (field.startsWith(prefix) && user.unreadable?.has('attributes') === true);
  const then = { portal: comparedFields(base.portal, policy), apigee: comparedFields(base.developer, policy) };
  let explanation: Explanation = { kind: 'one-way' };
  for (const field of differingFields(now.portal, now.apigee)) {
    if (isLeft(field)) {
      explanation = { kind: 'left-alone' };
      continue;
    }
    const direction = field.startsWith(prefix) ? policy.directionOf(field.slice(prefix.length)) : 'both';
    const changed = (side: 'portal' | 'apigee'): boolean => now[side].get(field) !== then[side].get(field);
    if (changed('portal') && direction !== 'to-portal') return 'changed-since';
    if (changed('apigee') && direction !== 'to-apigee') return 'changed-since';
    if (direction !== 'both') continue;
    if (undone.includes(field)) {
      explanation = { kind: 'undone' };
      continue;
    }
    if (now.portal.has(field) && now.apigee.has(field)) return 'different-base';
    explanation = { kind: 'never-removed' };
  }
  return explanation;
}

const prefix = 'attributes.';
