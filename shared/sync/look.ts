import { emailOf, judgeClaims } from '../core/decide/ownership.ts';
import type { DeveloperSide, RenameTarget, Subject } from '../core/model/decision.ts';
import type { CanonicalEmail, PersonKey } from '../core/model/email.ts';
import type { Link } from '../core/model/link.ts';
import type { Policy } from '../core/model/policy.ts';
import type { PortalReading } from '../core/model/profile.ts';
import type { People, StoredLink } from '../state/people.ts';

/** Whom to look at, and documents that are known to claim this person besides those the link names. */
export interface Person {
  readonly key: PersonKey;
  readonly hints: readonly string[];
}

/** What Firestore says about a person. The developer's side is added when it is known. */
export interface Found {
  readonly stored: StoredLink | undefined;
  readonly subject: Omit<Subject, 'developer'>;
  readonly boundElsewhere: ReadonlySet<string>;
  /** The email the bound portal user moved to, if it did (rule 17). */
  readonly renamedTo: CanonicalEmail | undefined;
}

export async function gather(people: People, person: Person, policy: Policy): Promise<Found> {
  const links = await people.links([person.key]);
  const stored = links.get(person.key);
  const ids = claimantIds(stored?.link, person.hints);
  const readings = ids.length === 0 ? new Map<string, PortalReading>() : await people.portalUsers(ids);
  const boundElsewhere = await idsBoundElsewhere(people, person.key, stored?.link, readings);
  const found = understand(person.key, stored, readings, boundElsewhere, 'free', policy);
  if (found.renamedTo === undefined) return found;
  const target = (await people.links([found.renamedTo])).get(found.renamedTo);
  return { ...found, subject: { ...found.subject, renameTarget: renameTargetOf(target?.link) } };
}

/** Every document that may claim the person. */
export function claimantIds(link: Link | undefined, hints: readonly string[]): readonly string[] {
  const bound = link?.userId === undefined ? [] : [link.userId];
  return [...new Set([...bound, ...(link?.rivals ?? []), ...hints])];
}

/** The same, from what a transaction has read. */
export function understand(
  key: PersonKey,
  stored: StoredLink | undefined,
  readings: ReadonlyMap<string, PortalReading>,
  boundElsewhere: ReadonlySet<string>,
  renameTarget: RenameTarget,
  policy: Policy,
): Found {
  const link = stored?.link;
  const { portal, rivals } = judgeClaims({ key, link, readings, boundElsewhere, policy });
  const isRenamed = portal.kind === 'user' && portal.email !== key && !key.startsWith('#');
  const renamedTo = isRenamed ? portal.email : undefined;
  return { stored, boundElsewhere, renamedTo, subject: { key, portal, link, rivals, renameTarget } };
}

export function withDeveloper(found: Found, developer: DeveloperSide): Subject {
  return { ...found.subject, developer };
}

/** A bare tombstone or a note about a claimant stands for nobody. */
export function renameTargetOf(link: Link | undefined): RenameTarget {
  if (link === undefined || link.presence === 'none') return 'free';
  return link.presence === 'apigee' && link.tombstone === undefined ? 'unclaimed' : 'taken';
}

async function idsBoundElsewhere(
  people: People,
  key: PersonKey,
  link: Link | undefined,
  readings: ReadonlyMap<string, PortalReading>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const [id, reading] of readings) {
    const email = emailOf(reading);
    if (email === undefined || (id === link?.userId ? email === key || link.base !== undefined : email !== key))
      continue;
    const others = await people.linksOfPortalUser(id);
    const elsewhere = others.some(({ link: other }) => other.userId === id && isElsewhere(other.key, key, email));
    if (elsewhere) found.add(id);
  }
  return found;
}

/** Who was bound here in passing, and has another email, is who they are there. */
function isElsewhere(other: PersonKey, key: PersonKey, email: CanonicalEmail): boolean {
  return email === key ? other !== key && !other.startsWith('#') : other === email;
}
