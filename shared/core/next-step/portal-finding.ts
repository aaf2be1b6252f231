import { emailOf, isOrphaned, isVerified, portalHalf } from '../decide/ownership.ts';
import type { Mark } from '../link-changes/marked.ts';
import { isCrowded } from '../model/limits.ts';
import type { Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import type { PortalReading } from '../model/profile.ts';
import { weigh } from './evidence.ts';
import { assess } from './next-step.ts';
import { failedAsItIs } from './no-op.ts';

/** What a portal pass does about one document. */
export type PortalFinding =
  | { readonly kind: 'nothing-new' }
  | { readonly kind: 'mark'; readonly mark: Mark }
  /** The document has no usable email: it fails under its own id (rule 18). */
  | { readonly kind: 'nameless' };

/**
 * What a portal pass has to note about a document. `bound` is the link that names the document as its portal user, `named`
 * the link of the document's own email. Apigee is not asked.
 */
export function findingFor(
  id: string,
  reading: Exclude<PortalReading, { kind: 'absent' }>,
  bound: Link | undefined,
  named: Link | undefined,
  policy: Policy,
): PortalFinding {
  if (bound !== undefined && !bound.key.startsWith('#')) {
    return saysMoreThanLink(id, reading, bound, policy)
      ? { kind: 'mark', mark: { kind: 'due', key: bound.key } }
      : nothingNew;
  }
  const email = emailOf(reading);
  if (email === undefined) return { kind: 'nameless' };
  if (!policy.inScope(email)) return nothingNew;
  const claim: PortalFinding = { kind: 'mark', mark: { kind: 'claim', key: email } };
  if (named === undefined) return claim;
  if (named.userId === id) return nothingNew;
  // A rival waits for the bound portal user to go. Where there is none any more, a crash left the rival unseen (rule 24).
  const isNamed = named.rivals.includes(id) || isCrowded(named.rivals);
  const hasToWait = named.userId !== undefined || (isOrphaned(named) && !isVerified(reading));
  return hasToWait && isNamed ? nothingNew : claim;
}

const nothingNew: PortalFinding = { kind: 'nothing-new' };

/** Whether the bound document says anything that its link does not. */
function saysMoreThanLink(id: string, reading: PortalReading, bound: Link, policy: Policy): boolean {
  // The claims of rivals are all read where the run meets the person.
  if (bound.rivals.length > 0) return false;
  const { key } = bound;
  const renameTarget = bound.hold?.reason === 'rename-collision' ? 'taken' : 'free';
  const readings = new Map([[id, reading]]);
  const half = portalHalf({ key, link: bound, readings, boundElsewhere: new Set(), renameTarget }, policy);
  // Two developers, or a failure for good, are looked at again where the developer listing meets them.
  const hasTwoDevelopers = bound.hold?.reason === 'developer-collision';
  if (bound.due === undefined && (hasTwoDevelopers || failedAsItIs(half, policy))) return false;
  const memory = weigh(undefined, half, { by: { kind: 'push' }, isFirstLook: true });
  return assess(half, memory, policy, 'open').step.kind !== 'report';
}
