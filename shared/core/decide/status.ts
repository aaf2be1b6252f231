import type { Decision, Subject } from '../model/decision.ts';
import type { Base, Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import type { Developer, Profile, Status } from '../model/profile.ts';
import { isOurDeactivation } from './ours.ts';

/**
 * The status to set in Apigee, if any (rule 14): only an edit of the portal's status is pushed, and only where Apigee has
 * another one. A developer whom we made inactive because the portal user was deleted becomes active again with a new
 * registration.
 */
export function statusToPush(
  portal: string | undefined,
  developer: Developer,
  base: Base | undefined,
  link: Link | undefined,
  policy: Policy,
): Status | undefined {
  const { status } = developer;
  const comesBack = isOurDeactivation(link, developer);
  if (portal !== 'active' && portal !== 'inactive') return comesBack ? 'active' : undefined;
  if (portal === status) return undefined;
  if (comesBack) return portal;
  if (base === undefined) return undefined;
  // Where the developer shows the status of an intent, that status is what both sides last agreed on (rule 24).
  const wasApplied = status !== base.developer.status && link?.intents.some((intent) => intent.status === status);
  const before = wasApplied === true ? status : base.portal.status;
  // A status that the base does not have is no edit if the mapping has changed, nor if it is `active`, the default.
  if (before === undefined && (base.mapping !== policy.mapping || portal === 'active')) return undefined;
  return portal === before ? undefined : portal;
}

/**
 * The portal's profile as the base gets it. That somebody who is not selected counts as inactive is in the base only once it
 * was pushed, which an intent tells of also after a crash: whom others had made inactive in Apigee before does not become
 * active there by being selected again (rules 14, 28).
 */
export function withStatusOf(
  { link, portal, developer }: Pick<Subject, 'link' | 'portal' | 'developer'>,
  { apigee }: Pick<Decision, 'apigee'>,
  profile: Profile,
): Profile {
  if (portal.kind !== 'user' || portal.user.selected !== false || developer.kind !== 'developer') return profile;
  const wasPushed = link?.deactivationIntent?.developerId === developer.developer.developerId;
  if (wasPushed || apigee.some(({ kind }) => kind === 'set-status')) return profile;
  return { ...profile, status: link?.base?.portal.status };
}
