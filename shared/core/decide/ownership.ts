import type { PortalSide, RenameTarget, Subject } from '../model/decision.ts';
import { canonicalEmail, documentKey, type CanonicalEmail, type PersonKey } from '../model/email.ts';
import type { Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import type { PortalReading } from '../model/profile.ts';

/** What is read from Firestore about one person. */
export interface PortalFindings {
  readonly key: PersonKey;
  readonly link: Link | undefined;
  /** Every document that may claim this person, the bound one included, by document id. */
  readonly readings: ReadonlyMap<string, PortalReading>;
  /** Of these, the documents that another link names as its portal user: they claim the email, but are nobody here. */
  readonly boundElsewhere: ReadonlySet<string>;
  readonly renameTarget: RenameTarget;
}

/** A person as far as Firestore tells; the developer's side comes with the evidence. */
export type PortalHalf = Omit<Subject, 'developer'>;

/** Makes out whose documents these are: the portal's half of what is decided on. */
export function portalHalf({ renameTarget, ...findings }: PortalFindings, policy: Policy): PortalHalf {
  const { key, link } = findings;
  const { portal, rivals } = judgeClaims(findings, policy);
  return { key, link, renameTarget, portal: asSelected(portal, policy), rivals };
}

/**
 * PORTAL_UNSELECT_POLICY=deactivate: who is not selected counts as inactive, and who is selected again as active, where the
 * portal says nothing else. So it is pushed once, like any edit of a status (rule 14).
 */
function asSelected(portal: PortalSide, policy: Policy): PortalSide {
  if (portal.kind !== 'user' || policy.unselect !== 'deactivate') return portal;
  const { user } = portal;
  const status = user.selected === false ? 'inactive' : (user.profile.status ?? 'active');
  return status === user.profile.status
    ? portal
    : { ...portal, user: { ...user, profile: { ...user.profile, status } } };
}

/** Every document that may claim the person: the bound one, the rivals, and those that made us look. */
export function claimantIds(link: Link | undefined, hints: readonly string[]): readonly string[] {
  const bound = link?.userId === undefined ? [] : [link.userId];
  return [...new Set([...bound, ...(link?.rivals ?? []), ...hints])];
}

/** The email to which the bound portal user moved, or undefined where the email is the link's own (rule 17). */
export function renamedTo({ key, portal }: Pick<Subject, 'key' | 'portal'>): CanonicalEmail | undefined {
  return portal.kind === 'user' && portal.email !== key && !key.startsWith('#') ? portal.email : undefined;
}

/** Whose an email is, by its link. A bare tombstone, or a mere note about a claiming document, stands for nobody. */
export function renameTargetOf(link: Link | undefined): RenameTarget {
  if (link === undefined || link.presence === 'none') return 'free';
  return link.presence === 'apigee' && link.tombstone === undefined ? 'unclaimed' : 'taken';
}

/** Which portal document is this person's (rules 1, 17, 18, 19), and which others claim the same email, sorted. */
export function judgeClaims(
  { key, link, readings, boundElsewhere }: Omit<PortalFindings, 'renameTarget'>,
  policy: Policy,
): Pick<Subject, 'portal' | 'rivals'> {
  const bound = link?.userId;
  const claimants = [...readings].flatMap(([id, reading]) => (claims(id, reading, key) ? [id] : [])).sort();
  const verified = claimants.filter((id) => isVerified(readings.get(id)));
  const boundReading = bound === undefined ? undefined : readings.get(bound);
  const stays =
    boundReading !== undefined &&
    boundReading.kind !== 'absent' &&
    !hasLeftUnlinked(link, boundReading, key) &&
    !boundElsewhere.has(bound ?? '') &&
    (isVerified(boundReading) || link?.base !== undefined || verified.length === 0);
  const mine = stays ? bound : undefined;
  const others = claimants.filter((id) => id !== mine);
  const isContested = verified.some((id) => id !== mine);

  if (mine !== undefined && (!isContested || movesAway(mine, readings, key, policy))) {
    return { portal: sideOf(readings.get(mine)), rivals: others };
  }
  if (mine !== undefined) return { portal: { kind: 'collision', bound: mine }, rivals: others };

  // A document whose email is not verified does not follow a portal user who was in step and is gone.
  const isGone = isOrphaned(link) || (boundReading?.kind === 'absent' && link?.base !== undefined);
  const candidates = verified.length > 0 ? verified : isGone ? [] : others;
  const free = candidates.find((id) => !boundElsewhere.has(id));
  // A portal user who is bound to another link belongs to that link until it is moved here (rule 17).
  if (free === undefined) return { portal: { kind: 'absent' }, rivals: others };
  const rivals = others.filter((id) => id !== free);
  if (verified.some((id) => id !== free)) return { portal: { kind: 'collision', bound: free }, rivals };
  return { portal: sideOf(readings.get(free)), rivals };
}

/** Whether only a developer is left of a person whose portal user was deleted (rule 15). */
export function isOrphaned(link: Link | undefined): boolean {
  return link?.tombstone !== undefined && link.presence === 'apigee';
}

/**
 * Anybody may register with anybody's address: until the address is verified, the registration contests nothing (rule
 * 19). Neither does a document that is not selected, such as a customer's.
 */
export function isVerified(reading: PortalReading | undefined): boolean {
  return reading?.kind !== 'user' || (reading.user.emailVerified && reading.user.selected !== false);
}

/**
 * Whether the portal user took another email before the link ever had a base. The developer that stays behind was never
 * in step with that portal user, who may have registered with somebody else's address (rule 19).
 */
export function hasLeftUnlinked(link: Link | undefined, reading: PortalReading, key: PersonKey): boolean {
  const neverLinked = link?.presence === 'both' && link.base === undefined && link.intents.length === 0;
  return neverLinked && reading.kind === 'user' && canonicalEmail(reading.user.email) !== key;
}

/** The email that a document claims, in canonical form; undefined where the document has none that can be used. */
export function emailOf(reading: PortalReading): CanonicalEmail | undefined {
  switch (reading.kind) {
    case 'absent':
      return undefined;
    case 'user':
      return canonicalEmail(reading.user.email);
    case 'malformed':
      return canonicalEmail(reading.email);
  }
}

/** Whether a document may be bound to another link, so that its other links have to be read. */
export function mayBeBoundElsewhere(
  { key, link }: Pick<PortalFindings, 'key' | 'link'>,
  id: string,
  reading: PortalReading,
): boolean {
  const email = emailOf(reading);
  if (email === undefined) return false;
  return id === link?.userId ? email !== key && link.base === undefined : email === key;
}

/**
 * Whether `other`, a link that names the document as its portal user, has the better right to it. The link of the
 * document's own email has; any other link of an email has it only over a link that the document claims.
 */
export function isBetterBound(other: Link, key: PersonKey, id: string, reading: PortalReading): boolean {
  if (other.userId !== id) return false;
  return emailOf(reading) === key ? other.key !== key && !other.key.startsWith('#') : other.key === emailOf(reading);
}

/** Whether the bound portal user took another email and can be moved there, so that a claimant only has to wait. */
function movesAway(id: string, readings: ReadonlyMap<string, PortalReading>, key: PersonKey, policy: Policy): boolean {
  const reading = readings.get(id);
  return policy.rename === 'in-place' && reading?.kind === 'user' && canonicalEmail(reading.user.email) !== key;
}

function claims(id: string, reading: PortalReading, key: PersonKey): boolean {
  switch (reading.kind) {
    case 'absent':
      return false;
    case 'user':
      return canonicalEmail(reading.user.email) === key;
    case 'malformed':
      return reading.email === undefined ? documentKey(id) === key : reading.email === key;
  }
}

function sideOf(reading: PortalReading | undefined): PortalSide {
  if (reading === undefined || reading.kind === 'absent') return { kind: 'absent' };
  if (reading.kind === 'malformed') return { kind: 'malformed', id: reading.id, problems: reading.problems };
  const email = canonicalEmail(reading.user.email);
  if (email === undefined) return { kind: 'malformed', id: reading.user.id, problems: ['email: not usable'] };
  return { kind: 'user', user: reading.user, email };
}
