import type { Link } from './link.ts';

/**
 * The link once another portal user stands where `before` had one: nothing that was known of the former user may decide
 * about this one, who never had those values (rule 10), and for whom no developer was deleted (rule 15).
 */
export function rebound(before: Link, after: Link): Link {
  if (before.portalId === undefined || after.portalId === undefined || before.portalId === after.portalId) return after;
  return {
    ...after,
    base: undefined,
    attempts: [],
    developer: after.presence === 'both' ? after.developer : undefined,
    tombstone: after.tombstone?.side === 'developer' ? undefined : after.tombstone,
  };
}
