import type { CanonicalEmail } from '../model/email.ts';
import { isCrowded, rivalsOf } from '../model/limits.ts';
import { newLink, type Link } from '../model/link.ts';

/** What a portal pass notes on the link of one person, so that the person is looked at later in the run. */
export type Mark =
  /** The portal user of this link was edited, or is gone. */
  | { readonly kind: 'due'; readonly key: Link['key'] }
  /** The document claims this email, and no link says so yet. */
  | { readonly kind: 'claim'; readonly key: CanonicalEmail };

/** The link with the mark of document `id`, or undefined where the link says so already. */
export function withMark(link: Link | undefined, mark: Mark, id: string, now: number): Link | undefined {
  const before = link ?? newLink(mark.key);
  const due = before.due !== undefined && before.due <= now ? before.due : now;
  if (mark.kind === 'due') return due === before.due ? undefined : { ...before, due };
  if (before.userId === id) return undefined;
  if (before.userId !== undefined) {
    const isNamed = before.rivals.includes(id) || isCrowded(before.rivals);
    return isNamed ? undefined : { ...before, rivals: rivalsOf([...before.rivals, id]), due };
  }
  // The document was noted as a rival after the mark was made out, or a crash left it unseen (rule 24).
  if (before.rivals.includes(id)) return due === before.due ? undefined : { ...before, due };
  return { ...withUser(before, id), due };
}

/** The link with this document as its portal user, which it did not have before. */
export function withUser(link: Link, userId: string): Link {
  const presence = link.presence === 'apigee' || link.presence === 'both' ? 'both' : 'portal';
  return { ...link, presence, userId, rivals: link.rivals.filter((id) => id !== userId) };
}
