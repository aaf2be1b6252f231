import type { Link } from './model/link.ts';

/**
 * The link once another portal user stands where `before` had one: nothing that was known of the former user may decide
 * about this one, who never had those values (rule 10), and for whom no developer was deleted (rule 15).
 */
export function rebound(before: Link, after: Link): Link {
  if (before.userId === undefined || after.userId === undefined || before.userId === after.userId) return after;
  return {
    ...after,
    base: undefined,
    intents: [],
    developer: after.presence === 'both' ? after.developer : undefined,
    tombstone: after.tombstone?.side === 'developer' ? undefined : after.tombstone,
  };
}
