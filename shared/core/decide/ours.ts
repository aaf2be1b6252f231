import type { Base, Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import { type Developer, developerProfile, fieldsOf, type Profile, restrict, valueOf } from '../model/profile.ts';
import { contentFingerprint } from './fingerprint.ts';
import { travelling } from './parts.ts';

/*
 * What in Apigee is our own doing. Only a note on the link makes it so, written before the call (rule 28): everything else
 * was somebody's edit.
 */

/** Two machines' clocks are taken to agree to within this, in ms. */
export const clockSkew = 10 * 60_000;

/**
 * Whether the developer is inactive because we made them so when the portal user was deleted: a new registration undoes
 * that. Where Apigee has changed the developer's time since then, and since our last write, and nothing else, somebody has
 * set the status again, and the developer stays inactive.
 */
export function isOurDeactivation(link: Link | undefined, developer: Developer): boolean {
  if (link === undefined || developer.status !== 'inactive') return false;
  if (link.deactivationIntent?.developerId === developer.developerId) return true;
  const { tombstone } = link;
  if (tombstone?.deactivated !== true) return false;
  const { at, developerId } = tombstone;
  const isSame = developerId === undefined || developerId === developer.developerId || developer.createdAt <= at;
  const ours = Math.max(at + clockSkew, link.developer?.written?.at ?? 0);
  return isSame && !(isAsWritten(link, developer) && developer.lastModifiedAt > ours);
}

/**
 * When somebody last edited the developer in Apigee, ms by Apigee's clock: rule 4 compares it. A write of ours moves
 * `lastModifiedAt`, too, and is no edit (rules 10, 23): while the developer is as that write left them, the edit before it
 * counts. So it does where there is no base and the developer shows an intent whose call was never recorded.
 */
export function developerEditedAt(
  link: Link | undefined,
  base: Base | undefined,
  developer: Developer,
  policy: Policy,
): number {
  const known = link?.developer;
  const { lastModifiedAt } = developer;
  if (link === undefined) return lastModifiedAt;
  // A developer whom nobody had heard of, and who shows what was sent, was created by that call.
  // What is on the link may be the base of a former portal user: the first contact of a new one sets, and removes nothing.
  const isOurs =
    base === undefined && [link.base, base].some((one) => showsIntent({ ...link, base: one }, developer, policy));
  if (known === undefined) return isOurs ? 0 : lastModifiedAt;
  if (known.developerId !== developer.developerId) return lastModifiedAt;
  if (known.written !== undefined && isAsWritten(link, developer))
    return Math.min(lastModifiedAt, known.written.editedAt);
  if (!isOurs) return lastModifiedAt;
  return Math.min(lastModifiedAt, known.written?.editedAt ?? known.modifiedAt);
}

/** Whether the developer is as an intent would make it: a call was made of which nobody has heard (rules 23, 24). */
export function showsIntent(
  { intents, base }: Pick<Link, 'intents' | 'base'>,
  developer: Developer,
  policy: Policy,
): boolean {
  const profile = developerProfile(developer, policy);
  return intents.some((intent) => {
    const sent = travelling(intent, 'to-apigee', policy);
    return base === undefined ? showsAll(profile, sent) : showsChanges(profile, sent, base, policy);
  });
}

/**
 * Whether the developer has every value of an intent that differs from the base, and else what the base says: only changes
 * are sent (rule 10), so that what the portal alone has is not there.
 */
function showsChanges(developer: Profile, sent: Profile, base: Base, policy: Policy): boolean {
  const before = { portal: travelling(base.portal, 'to-apigee', policy), developer: restrict(base.developer, policy) };
  return fieldsOf(sent, before.portal, before.developer).every((field) => {
    const value = valueOf(developer, field);
    const intended = valueOf(sent, field);
    if (value === intended) return true;
    return intended === valueOf(before.portal, field) && value === valueOf(before.developer, field);
  });
}

/** Whether the developer is, but for the status, as our last write left them. */
function isAsWritten({ developer: known }: Link, developer: Developer): boolean {
  return known?.written !== undefined && known.written.content === contentFingerprint(developer);
}

/** Whether the developer has every value that was sent. */
export function showsAll(developer: Profile, sent: Profile): boolean {
  return fieldsOf(sent).every((field) => {
    const value = valueOf(sent, field);
    return value === undefined || value === valueOf(developer, field);
  });
}
