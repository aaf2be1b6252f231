import { renameTargetOf } from '../decide/ownership.ts';
import type { Subject } from '../model/decision.ts';
import type { CanonicalEmail } from '../model/email.ts';
import { isCrowded, rivalsOf } from '../model/limits.ts';
import { newLink, type Link } from '../model/link.ts';
import { withUser } from './marked.ts';

/**
 * `link`, which is about to be recorded, with what others noted since it was read: `seen` is the link that was decided on,
 * `current` the one that is stored now. A portal pass must not be overwritten.
 */
export function withNotesOf(current: Link | undefined, seen: Link | undefined, link: Link, now: number): Link {
  if (current === undefined || seen === undefined) return link;
  const claimant = current.userId === seen.userId ? undefined : current.userId;
  const added = current.rivals.filter((id) => !seen.rivals.includes(id));
  if (current.due === seen.due && claimant === undefined && added.length === 0) return link;
  const due = link.due ?? now;
  // A document that was noted as this person's portal user is looked at; it takes nobody's place.
  if (claimant === undefined || link.userId !== undefined) {
    const others = claimant === undefined ? added : [...added, claimant];
    const rivals = rivalsOf([...link.rivals, ...others]).filter((id) => id !== link.userId);
    return { ...link, rivals, due };
  }
  return { ...withUser({ ...link, rivals: rivalsOf([...link.rivals, ...added]) }, claimant), due };
}

/**
 * `link`, which moves to a new email, as it is written there: `there` is the link that the email has. Documents that wait
 * for the email go on waiting. A developer who has the email already is met for the first time.
 */
export function ontoTarget(link: Link, there: Link | undefined, now: number): Link {
  const rivals = (there?.rivals ?? []).filter((id) => id !== link.userId);
  if (renameTargetOf(there) !== 'unclaimed') return { ...link, rivals };
  return {
    ...link,
    rivals,
    presence: 'both',
    developer: there?.developer,
    base: undefined,
    undone: undefined,
    due: now,
  };
}

/**
 * The link of an email that a portal user took and cannot be moved to: the document still claims it, so that nobody else
 * is created there (rule 17). Undefined where the link says so already.
 */
export function withClaimOf(
  { portal }: Pick<Subject, 'portal'>,
  email: CanonicalEmail,
  there: Link | undefined,
): Link | undefined {
  const id = portal.kind === 'user' ? portal.user.id : undefined;
  const link = there ?? newLink(email);
  if (id === undefined || link.userId === id || link.rivals.includes(id) || isCrowded(link.rivals)) return undefined;
  return { ...link, rivals: rivalsOf([...link.rivals, id]) };
}

/**
 * The link once documents with its email were found that registered while the person was decided on. One of them may have
 * been noted as the link's portal user by then.
 */
export function registeredMeanwhile(link: Link, ids: readonly string[]): Link {
  const others = ids.filter((id) => id !== link.userId);
  return { ...link, lease: undefined, rivals: rivalsOf([...link.rivals, ...others]) };
}

/** The link with its person looked at in the next run, whatever else happens. */
export function dueNow(link: Link, now: number): Link {
  return { ...link, due: now };
}
