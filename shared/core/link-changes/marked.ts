import { canonicalEmail, type CanonicalEmail } from '../model/email.ts';
import { newLink, type Link } from '../model/link.ts';
import { isCrowded, rivalsOf } from '../model/limits.ts';
import type { Policy } from '../model/policy.ts';
import type { PortalReading } from '../model/profile.ts';
import { isBereft, isVerified, judgeClaims } from '../decide/ownership.ts';
import { failedAsItIs, nothingNewOnPortal } from '../next-step/no-op.ts';

/** What a portal pass has to note about one document, so that the person is looked at later in the run. */
export type Mark =
  | { readonly kind: 'none' }
  /** The person of this link has something new on the portal, or lost their portal user. */
  | { readonly kind: 'due'; readonly key: Link['key'] }
  /** The document claims this email, and no link says so yet. */
  | { readonly kind: 'claim'; readonly key: CanonicalEmail }
  /** A document nobody can be made of: it fails under its own id (rule 18). */
  | { readonly kind: 'nameless' };

/** `bound`: the link that names the document as its portal user. `named`: the link of the document's own email. */
export function markFor(
  id: string,
  reading: Exclude<PortalReading, { kind: 'absent' }>,
  bound: Link | undefined,
  named: Link | undefined,
  policy: Policy,
): Mark {
  const email = canonicalEmail(reading.kind === 'user' ? reading.user.email : reading.email);
  if (bound !== undefined && !bound.key.startsWith('#')) return markBound(id, reading, bound, policy);
  if (email === undefined) return { kind: 'nameless' };
  if (!policy.inScope(email)) return { kind: 'none' };
  if (named === undefined) return { kind: 'claim', key: email };
  // A rival of nobody is next: what should have looked at it crashed (rule 24).
  const isNamed = named.rivals.includes(id) || isCrowded(named.rivals);
  const isPatient = named.userId !== undefined || (isBereft(named) && !isVerified(reading));
  const known = named.userId === id || (isPatient && isNamed);
  return known ? { kind: 'none' } : { kind: 'claim', key: email };
}

/** The link with the mark made, or undefined where it says so already. */
export function withMark(
  link: Link | undefined,
  mark: Exclude<Mark, { kind: 'none' | 'nameless' }>,
  id: string,
  now: number,
): Link | undefined {
  const before = link ?? newLink(mark.key);
  const due = before.due !== undefined && before.due <= now ? before.due : now;
  if (mark.kind === 'due') return due === before.due ? undefined : { ...before, due };
  if (before.userId === id) return undefined;
  if (before.userId !== undefined) {
    const isNamed = before.rivals.includes(id) || isCrowded(before.rivals);
    return isNamed ? undefined : { ...before, rivals: rivalsOf([...before.rivals, id]), due };
  }
  // Noted as somebody else's portal user since the mark was made out, or left by who should have looked at it (rule 24).
  if (before.rivals.includes(id)) return due === before.due ? undefined : { ...before, due };
  const presence = before.presence === 'apigee' || before.presence === 'both' ? 'both' : 'portal';
  return { ...before, userId: id, presence, due };
}

function markBound(id: string, reading: PortalReading, bound: Link, policy: Policy): Mark {
  // Rivals are weighed in every run anyway, where all claims are read.
  if (bound.rivals.length > 0) return { kind: 'none' };
  const readings = new Map([[id, reading]]);
  const claims = judgeClaims({ key: bound.key, link: bound, readings, boundElsewhere: new Set(), policy });
  const renameTarget = bound.hold?.reason === 'rename-collision' ? 'taken' : 'free';
  const subject = { key: bound.key, link: bound, renameTarget, ...claims } as const;
  // Who failed for good or has two developers is looked at again where the listing meets them.
  const known = bound.due === undefined && (isTwice(bound) || failedAsItIs(subject, policy));
  return known || nothingNewOnPortal(subject, policy) ? { kind: 'none' } : { kind: 'due', key: bound.key };
}

function isTwice({ hold }: Link): boolean {
  return hold?.reason === 'developer-collision';
}
