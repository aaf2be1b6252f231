import type { Base, Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import type { Status } from '../model/profile.ts';

/**
 * Rule 14: only an edit of the portal's status is pushed, and only where Apigee says otherwise.
 * A deactivation of our own, made because the portal user was deleted, ends with a new registration.
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
  // Two things are no edit: a field that the mapping did not name before, and `active` where nothing was said.
  if (before === undefined && (base.mapping !== policy.mapping || portal === 'active')) return undefined;
  return portal === before ? undefined : portal;
}

export function revives(link: Link | undefined, developer: string): boolean {
  return link?.tombstone?.deactivated === true && developer === 'inactive';
}
