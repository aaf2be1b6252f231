import { hasOtherIntent } from './evidence.ts';
import { portalFingerprint } from '../decide/fingerprint.ts';
import { asFound } from '../link-changes/aftermath.ts';
import { sameLink } from '../link-changes/same-link.ts';
import { settle } from '../link-changes/settled.ts';
import type { Decision, Subject } from '../model/decision.ts';
import type { Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import { changesBetween, developerProfile, type Developer } from '../model/profile.ts';

/** Whether a decision calls for a write to Apigee or to the portal. */
export function hasEffects({ apigee, portal }: Pick<Decision, 'apigee' | 'portal'>): boolean {
  return apigee.length > 0 || portal !== undefined;
}

/** Whether a decision changes nothing at all, the link included (rule 12). */
export function isNoOp(subject: Subject, decision: Decision, policy: Policy): boolean {
  if (hasEffects(decision)) return false;
  const after = settle(subject, decision, asFound(subject), policy, 0);
  return after.movedTo === undefined && sameLink(subject.link, after.link);
}

/** Whether the portal's side is still the one with which the person failed for good (rule 25). */
export function failedAsItIs({ link, portal }: Pick<Subject, 'link' | 'portal'>, policy: Policy): boolean {
  return link?.failure?.fingerprint.startsWith(`${portalFingerprint(portal, policy)}.`) === true;
}

/**
 * Whether a listed developer needs a closer look. The link alone answers, without a read of the portal user, for nearly
 * everybody in a run.
 */
export function mayHaveChanged(link: Link | undefined, developer: Developer, policy: Policy): boolean {
  if (link === undefined || link.presence !== 'both' || link.base === undefined) return true;
  if (link.due !== undefined || link.hold !== undefined || link.failure !== undefined) return true;
  if (hasOtherIntent(link) || link.intents.length > 0 || link.rivals.length > 0 || link.base.mapping !== policy.mapping)
    return true;
  if (link.developer?.email !== developer.email || link.developer.developerId !== developer.developerId) return true;
  const now = developerProfile(developer, policy);
  return now.status !== link.base.developer.status || changesBetween(link.base.developer, now).length > 0;
}
