import type { Base, Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import type { Developer, Status } from '../model/profile.ts';
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
