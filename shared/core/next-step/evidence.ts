import type { Decision, DeveloperSide, Subject } from '../model/decision.ts';
import { isSameAct, type Link } from '../model/link.ts';
import type { SyncDeps } from '../../sync/deps.ts';
import type { Found } from '../../sync/look.ts';

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
      return (
        isKnown(link) &&
        link.last !== undefined &&
        isSameAct(link.last.by, by) &&
        link.last.outcome === 'created-apigee'
      );
    case 'developer':
      return listed.developer.lastModifiedAt < link.developer.modifiedAt;
    case 'collision':
      return false;
  }
}

/** What was attempted and never recorded may have landed since the listing was made; not before a failure for good. */
export function isUnheard(link: Link | undefined): boolean {
  return link !== undefined && link.intents.length > 0 && link.failure?.kind !== 'permanent';
}

/** Listed is a developer where the link knows of none, or none where a call of ours to the one it knows was not heard. */
export function isNews(listed: Listed, { subject: { link } }: Found): boolean {
  return listed.kind === 'absent' ? isKnown(link) && isUnheard(link) : !isKnown(link);
}

/**
 * Whether a decision rests on what may have become otherwise since the developer was listed, or read some time ago, so
 * that only a fresh read will do:
 * - a developer whom the link knows is to be buried, left behind or created anew: perhaps they were created in between;
 * - somebody who was deleted is to come back to the portal: perhaps they were deleted on both sides in between;
 * - Apigee's status is to be remembered as another than it was: perhaps it is of before a push, it does not tell when it
 *   was changed.
 */
export function isHearsay({ developer, link }: Pick<Subject, 'developer' | 'link'>, decision: Decision): boolean {
  if (developer.kind === 'absent') {
    const { kind } = decision.end;
    const isBurial = kind === 'developer-buried' || kind === 'both-buried' || kind === 'moved';
    const replaces = isBurial || decision.apigee.length > 0;
    return replaces && isKnown(link);
  }
  if (decision.portal?.kind === 'create') return link?.tombstone !== undefined;
  if (developer.kind !== 'developer' || decision.end.kind !== 'in-step' || link?.base === undefined) return false;
  return developer.developer.status !== link.base.developer.status;
}

function isKnown(link: Link | undefined): boolean {
  return link?.presence === 'both' || link?.presence === 'apigee';
}
