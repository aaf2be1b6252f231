import type { HoldReason, Link } from '../model/link.ts';

/** What an operator's release does to a person's link. */
export type Release =
  | { readonly kind: 'released'; readonly was: HoldReason | 'buried' | 'failure'; readonly link: Link }
  | { readonly kind: 'nothing-held' };

/**
 * The link of a held person, made ready for another look. The hold stays on the link until that look has decided anew, so
 * that a crash in between leaves the person held (rule 24).
 *
 * | what is held                                        | what is forgotten                     | so that                   |
 * | --------------------------------------------------- | ------------------------------------- | ------------------------- |
 * | deletions over the hourly limit                     | nothing                               | it is made now, approved  |
 * | the developer was deleted, policy `hold`            | that there ever was a developer       | the developer is created  |
 * | the creation was undone                             | the record that was deleted           | it is created again       |
 * | collisions, refused renames                         | nothing                               | they are weighed anew     |
 * | buried: one side was deleted, and the policy is done | the tombstone                        | the other side counts as new |
 * | a failure for good, whose cause was outside the person | the failure                          | it is tried once more     |
 */
export function release(link: Link | undefined, now: number): Release {
  if (link === undefined) return { kind: 'nothing-held' };
  switch (link.hold?.reason) {
    case 'destructive-limit':
    case 'portal-collision':
    case 'developer-collision':
    case 'rename-refused':
    case 'rename-collision':
      return { kind: 'released', was: link.hold.reason, link: { ...link, due: now } };
    case 'developer-deleted':
    case 'undone':
      return { kind: 'released', was: link.hold.reason, link: asNew(link, now) };
    case undefined:
      if (link.failure?.kind === 'permanent')
        return { kind: 'released', was: 'failure', link: { ...link, failure: undefined, due: now } };
      return isBuried(link) ? { kind: 'released', was: 'buried', link: asNew(link, now) } : { kind: 'nothing-held' };
  }
}

function asNew(link: Link, now: number): Link {
  return { ...link, developer: undefined, base: undefined, undone: undefined, tombstone: undefined, due: now };
}

/** Whether one side was deleted, the other is left, and the deletion policy has been carried out on it (rule 15). */
function isBuried({ tombstone, presence }: Link): boolean {
  if (tombstone === undefined) return false;
  return presence === 'portal'
    ? tombstone.side === 'developer'
    : presence === 'apigee' && tombstone.side !== 'developer';
}
