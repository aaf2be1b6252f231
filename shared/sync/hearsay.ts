import type { Decision, DeveloperSide, Subject } from '../core/decision.ts';
import type { Link } from '../core/link.ts';
import type { Policy } from '../core/policy.ts';
import { isStatusEdited } from '../core/status.ts';
import type { SyncDeps } from './deps.ts';
import type { Found } from './gather.ts';

/**
 * The developer's side as a listing showed it: good for deciding that nothing is to be done, for writing to the portal
 * and for creating, where Apigee itself refuses a second one. Everything else needs a fresh read.
 */
export type Listed = DeveloperSide;

/** Somebody wrote since the listing was made, perhaps another delivery of the same batch: only a fresh read will do. */
export function isOutdated({ by }: SyncDeps, listed: Listed | undefined, { subject: { link } }: Found): boolean {
  if (listed === undefined || link?.developer === undefined) return false;
  switch (listed.kind) {
    case 'absent':
      return isKnown(link) && link.last?.by === by && link.last.outcome === 'created-apigee';
    case 'developer':
      return listed.developer.lastModifiedAt < link.developer.modifiedAt;
    case 'collision':
      return false;
  }
}

/** What was attempted and never recorded may have landed since the listing was made; not before a failure for good. */
export function isUnheard(link: Link | undefined): boolean {
  return link !== undefined && link.attempts.length > 0 && link.failure?.kind !== 'permanent';
}

/** Listed is a developer where the link knows of none. */
export function isStranger(listed: Listed, { subject: { link } }: Found): boolean {
  return listed.kind !== 'absent' && !isKnown(link);
}

/**
 * Whether a decision rests on what may have become otherwise since the developer was listed, or read some time ago, so
 * that only a fresh read will do:
 * - a developer whom the link knows is to be buried or created anew: perhaps they were created in between;
 * - somebody who was deleted is to come back to the portal: perhaps they were deleted on both sides in between;
 * - an edit of the portal's status is to need no call: perhaps an edit before it was pushed in between, Apigee's status
 *   does not tell when it was changed.
 */
export function isHearsay(subject: Subject, decision: Decision, policy: Policy): boolean {
  const { developer, link, portal } = subject;
  if (developer.kind === 'absent') {
    const { kind } = decision.end;
    const replaces = kind === 'developer-buried' || kind === 'both-buried' || decision.apigee.length > 0;
    return replaces && isKnown(link);
  }
  if (decision.portal?.kind === 'create') return link?.tombstone !== undefined;
  if (portal.kind !== 'user' || developer.kind !== 'developer' || decision.end.kind !== 'in-step') return false;
  const { status } = portal.user.profile;
  return status === developer.developer.status && isStatusEdited(status, link?.base, policy);
}

function isKnown(link: Link | undefined): boolean {
  return link?.presence === 'both' || link?.presence === 'apigee';
}
