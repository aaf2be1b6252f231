import type { PortalSide } from '../model/decision.ts';
import { canonicalEmail, documentKey, type CanonicalEmail, type PersonKey } from '../model/email.ts';
import type { Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import type { PortalReading } from '../model/profile.ts';

export interface Claims {
  readonly portal: PortalSide;
  /** Claiming documents other than the one the person is bound to, sorted. */
  readonly rivals: readonly string[];
}

export interface ClaimInput {
  readonly key: PersonKey;
  readonly link: Link | undefined;
  /** Every document that may claim this person, the bound one included. */
  readonly readings: ReadonlyMap<string, PortalReading>;
  /** Of these, the ones that are bound to another person's link: they claim, but are nobody's here. */
  readonly boundElsewhere: ReadonlySet<string>;
  readonly policy: Policy;
}

/** Which portal document is this person's (rules 1, 17, 18, 19). */
export function judgeClaims({ key, link, readings, boundElsewhere, policy }: ClaimInput): Claims {
  const bound = link?.userId;
  const claimants = [...readings].flatMap(([id, reading]) => (claims(id, reading, key) ? [id] : [])).sort();
  const serious = claimants.filter((id) => isVerified(readings.get(id)));
  const boundReading = bound === undefined ? undefined : readings.get(bound);
  const stays =
    boundReading !== undefined &&
    boundReading.kind !== 'absent' &&
    !gaveUp(link, boundReading, key) &&
    !boundElsewhere.has(bound ?? '') &&
    (isVerified(boundReading) || link?.base !== undefined || serious.length === 0);
  const mine = stays ? bound : undefined;
  const others = claimants.filter((id) => id !== mine);
  const isContested = serious.some((id) => id !== mine);

  if (mine !== undefined && (!isContested || movesAway(mine, readings, key, policy))) {
    return { portal: sideOf(readings.get(mine)), rivals: others };
  }
  if (mine !== undefined) return { portal: { kind: 'collision', bound: mine }, rivals: others };

  // Whoever was in step and is gone is not followed by somebody who has yet to verify the address.
  const isGone = isBereft(link) || (boundReading?.kind === 'absent' && link?.base !== undefined);
  const candidates = serious.length > 0 ? serious : isGone ? [] : others;
  const free = candidates.find((id) => !boundElsewhere.has(id));
  // Whoever is bound to another person stays that one until they are moved here; nobody is made two (rule 17).
  if (free === undefined) return { portal: { kind: 'absent' }, rivals: others };
  const rivals = others.filter((id) => id !== free);
  if (serious.some((id) => id !== free)) return { portal: { kind: 'collision', bound: free }, rivals };
  return { portal: sideOf(readings.get(free)), rivals };
}

/** The developer of a user who was deleted: of no concern to anybody who has yet to verify the address (rules 15, 19). */
export function isBereft(link: Link | undefined): boolean {
  return link?.tombstone !== undefined && link.presence === 'apigee';
}

/** Anybody may register with anybody's address: until it is verified that contests nothing (rule 19). */
export function isVerified(reading: PortalReading | undefined): boolean {
  return reading?.kind !== 'user' || reading.user.emailVerified;
}

/**
 * A user who takes another email leaves behind a developer with whom nothing was ever in step: nobody knows that it was
 * theirs, an address they never verified may have been another's (rule 19).
 */
export function gaveUp(link: Link | undefined, reading: PortalReading, key: PersonKey): boolean {
  const neverLinked = link?.presence === 'both' && link.base === undefined && link.intents.length === 0;
  return neverLinked && reading.kind === 'user' && canonicalEmail(reading.user.email) !== key;
}

/** The bound user took another email and can be moved there, so whoever wants the old one only has to wait. */
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

/** The email that a document claims, in canonical form; undefined where it has none that can be used. */
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

function sideOf(reading: PortalReading | undefined): PortalSide {
  if (reading === undefined || reading.kind === 'absent') return { kind: 'absent' };
  if (reading.kind === 'malformed') return { kind: 'malformed', id: reading.id, problems: reading.problems };
  const email = canonicalEmail(reading.user.email);
  if (email === undefined) return { kind: 'malformed', id: reading.user.id, problems: ['email: not usable'] };
  return { kind: 'user', user: reading.user, email };
}
