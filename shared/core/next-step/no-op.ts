import { decide } from '../decide/decide.ts';
import type { DeveloperSide, Subject } from '../model/decision.ts';
import { portalFingerprint } from '../decide/fingerprint.ts';
import type { Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import { changesBetween, type Developer, developerProfile, type Profile } from '../model/profile.ts';
import { sameLink } from '../link-changes/same-link.ts';
import { settle } from '../link-changes/settled.ts';

/**
 * Whether the portal's side brings nothing new, so that Apigee need not be asked: our own write coming back, a repeated
 * event, an edit of a field that is not mapped (rule 23). It decides with the developer as the link remembers it.
 */
export function nothingNewOnPortal(subject: Omit<Subject, 'developer'>, policy: Policy): boolean {
  const { link } = subject;
  if (link === undefined || link.due !== undefined) return false;
  if (link.intents.length > 0 && link.hold === undefined && mayBePushed(subject.portal)) return false;
  if (link.failure?.kind === 'transient') return false;
  if (failedAsItIs(subject, policy)) return true;
  return quiet({ ...subject, developer: rememberedDeveloper(link) }, policy);
}

/** Whether what the portal says is what failed for good (rule 25). */
export function failedAsItIs({ link, portal }: Pick<Subject, 'link' | 'portal'>, policy: Policy): boolean {
  return link?.failure?.fingerprint.startsWith(`${portalFingerprint(portal, policy)}.`) === true;
}

/** Whether what an unrecorded push may have written matters to the decision. */
function mayBePushed(portal: Subject['portal']): boolean {
  return portal.kind === 'user' && portal.user.emailVerified;
}

/** Whether a listed developer needs a closer look, judged by the link alone: the cheap answer for nearly everybody. */
export function mayHaveChanged(link: Link | undefined, developer: Developer, policy: Policy): boolean {
  if (link === undefined || link.presence !== 'both' || link.base === undefined) return true;
  if (link.due !== undefined || link.hold !== undefined || link.failure !== undefined) return true;
  if (link.intents.length > 0 || link.rivals.length > 0 || link.base.mapping !== policy.mapping) return true;
  if (link.developer?.email !== developer.email || link.developer.developerId !== developer.developerId) return true;
  const now = developerProfile(developer, policy);
  return now.status !== link.base.developer.status || changesBetween(link.base.developer, now).length > 0;
}

/** No writes to either side, and nothing to note on the link. */
export function quiet(subject: Subject, policy: Policy): boolean {
  const decision = decide(subject, policy);
  if (decision.apigee.length > 0 || decision.portal !== undefined) return false;
  const after = settle(subject, decision, aftermathAsFound(subject), policy, 0);
  return after.movedTo === undefined && sameLink(subject.link, after.link);
}

/** What is there when nothing was done. */
export function aftermathAsFound({ portal, developer }: Subject): Parameters<typeof settle>[2] {
  return { portal: portalAsFound(portal), developer: developerAsFound(developer) };
}

function portalAsFound(portal: Subject['portal']): { id: string; profile: Profile | undefined } | undefined {
  switch (portal.kind) {
    case 'absent':
      return undefined;
    case 'user':
      return { id: portal.user.id, profile: portal.user.profile };
    case 'malformed':
      return { id: portal.id, profile: undefined };
    case 'collision':
      return portal.bound === undefined ? undefined : { id: portal.bound, profile: undefined };
  }
}

function developerAsFound(developer: DeveloperSide): Developer | undefined {
  switch (developer.kind) {
    case 'absent':
      return undefined;
    case 'developer':
      return developer.developer;
    case 'collision':
      return developer.bound;
  }
}

/** The developer as last seen: good enough to tell that nothing is new, never to write with. */
function rememberedDeveloper(link: Link): DeveloperSide {
  if (link.developer === undefined || link.presence === 'portal' || link.presence === 'none') return { kind: 'absent' };
  const profile = link.base?.developer;
  return {
    kind: 'developer',
    developer: {
      ...link.developer,
      userName: undefined,
      firstName: profile?.firstName,
      lastName: profile?.lastName,
      status: profile?.status ?? 'active',
      attributes: profile?.attributes ?? new Map(),
      createdAt: 0,
      lastModifiedAt: 0,
    },
  };
}
