import type { Base, Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import type { Status } from '../model/profile.ts';

/**
 * The status to set in Apigee, if any (rule 14): only an edit of the portal's status is pushed, and only where Apigee has
 * another one. A developer whom we made inactive because the portal user was deleted becomes active again with a new
 * registration.
 */
export function statusToPush(
  portal: string | undefined,
  developer: string,
  base: Base | undefined,
  link: Link | undefined,
  policy: Policy,
): Status | undefined {
  if (portal !== 'active' && portal !== 'inactive') {
    return base === undefined && revives(link, developer) ? 'active' : undefined;
  }
  if (portal === developer) return undefined;
  if (base === undefined) return portal === 'active' && revives(link, developer) ? portal : undefined;
  // Where the developer shows the status of an intent, that status is what both sides last agreed on (rule 24).
  const wasApplied = developer !== base.developer.status && link?.intents.some(({ status }) => status === developer);
  const before = wasApplied === true ? developer : base.portal.status;
  // A status that the base does not have is no edit if the mapping has changed, nor if it is `active`, the default.
  if (before === undefined && (base.mapping !== policy.mapping || portal === 'active')) return undefined;
  return portal === before ? undefined : portal;
}

export function revives(link: Link | undefined, developer: string): boolean {
  return link?.tombstone?.deactivated === true && developer === 'inactive';
}
