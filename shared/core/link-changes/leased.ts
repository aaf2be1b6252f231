import type { Decision, Subject } from '../model/decision.ts';
import { intentsKept, rivalsOf } from '../model/limits.ts';
import type { Lease, Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import { sameProfile } from '../model/profile.ts';
import { withLost } from './history.ts';
import { withUser } from './marked.ts';
import { referenceTo, seenBy, written } from './settled.ts';

/** Whether somebody's lease on the link is alive at `now`, in ms by the store's clock. */
export function isLeased(link: Link | undefined, now: number): boolean {
  return link?.lease !== undefined && link.lease.expiresAt > now;
}

/** Whether `holder` owns a lease that is alive at `now`: only the owner may record a result (rule 21). */
export function isOwner(holder: string, link: Link | undefined, now: number): boolean {
  return link?.lease?.holder === holder && link.lease.expiresAt > now;
}

/**
 * The link as leased, with the intent: the portal profile that is about to be pushed. Whoever reads the link after a
 * crash can tell our own write in Apigee from an edit (rules 23, 24).
 */
export function leased(link: Link, { portal }: Pick<Subject, 'portal'>, lease: Lease): Link {
  const mayPush =
    portal.kind === 'user' &&
    portal.user.emailVerified &&
    (portal.user.selected !== false || link.base !== undefined) &&
    !(link.base !== undefined && sameProfile(portal.user.profile, link.base.portal));
  if (!mayPush) return { ...link, lease };
  const intents = [...link.intents, portal.user.profile].slice(-intentsKept);
  // A rename that comes while the developer is created belongs to this person, and waits for the lease (rule 17).
  const isNew = link.presence === 'none' && link.userId === undefined;
  if (isNew) return { ...withUser(link, portal.user.id), lease, intents };
  // A document that the link does not name yet is noted as a rival: after a crash, only the link tells of it.
  const isNamed = link.userId === portal.user.id;
  return { ...link, rivals: isNamed ? link.rivals : rivalsOf([...link.rivals, portal.user.id]), lease, intents };
}

/** Whether carrying the decision out would destroy what could no longer be known after a crash (rules 11, 24). */
export function needsNote(decision: Decision): boolean {
  const { apigee, lost, situation } = decision;
  return apigee.length > 0 && (lost.length > 0 || situation === 'first-contact' || isDeactivation(decision));
}

/** Whether the decision makes a developer inactive because the portal user was deleted. */
function isDeactivation({ destructive, apigee }: Decision): boolean {
  return destructive && apigee.some(({ kind }) => kind === 'set-status');
}

/**
 * The link with what Apigee is about to lose: the values that a conflict overwrites, on a first contact what the developer
 * was before our first write and whether somebody has set the status, and before a deactivation that it is ours (rule 28)
 * and when the developer was edited last, which the call hides.
 */
export function notedBeforeWriting(
  link: Link,
  { developer }: Subject,
  decision: Decision,
  policy: Policy,
  now: number,
): Link {
  const history = withLost(link.history, decision.lost, now);
  if (developer.kind !== 'developer') return { ...link, history };
  const { developerId } = developer.developer;
  if (isDeactivation(decision)) {
    const known = link.developer && {
      ...link.developer,
      written: written(link, developer, developer.developer, policy),
    };
    const isKnown = known?.developerId === developerId;
    return { ...link, history, developer: isKnown ? known : link.developer, deactivationIntent: { developerId } };
  }
  if (decision.situation !== 'first-contact') return { ...link, history };
  const reference = referenceTo(developer.developer, link, policy);
  // A base that was taken from another developer is none for this one.
  const isOther = link.developer?.developerId !== reference.developerId;
  const tombstone = seenBy(developer.developer, link);
  return { ...link, history, developer: reference, base: isOther ? undefined : link.base, tombstone };
}
