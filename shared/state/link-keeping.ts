import type { Link } from '../core/model/link.ts';

/** How long links are kept, and in which form (rule 37). */
export interface LinkKeeping {
  /** When the link expires, ms since the epoch; undefined: never. */
  expiresAt(link: Link): number | undefined;
  /** The keyed hash that stands in a link of nobody in place of the email; undefined: the email is kept. */
  readonly hashOf: ((email: string) => string) | undefined;
}

const day = 24 * 3_600_000;

/** Links of nobody lose the email, and expire `forgetDays` after the last side went. All others stay. */
export function keepingLinks(forgetDays: number, hashOf: (email: string) => string): LinkKeeping {
  return {
    expiresAt: (link) => (isOfNobody(link) ? (link.tombstone?.at ?? 0) + forgetDays * day : undefined),
    hashOf,
  };
}

/** What a dry run notes goes with its run, also where the run never came to its end. */
export function keepingScratch(keptFor: number, now: () => number): LinkKeeping {
  return { expiresAt: () => now() + keptFor, hashOf: undefined };
}

/**
 * Whether only a tombstone is left, and nothing waits. No query finds such a link, so that whoever reads it asks by the
 * email and knows it. One with rivals, or one that is due or in trouble, is found by a query: it keeps its email until
 * nothing waits any more.
 */
export function isOfNobody(link: Link): boolean {
  const { key, presence, tombstone, userId, rivals, developer, due, hold, failure } = link;
  const isBuried = presence === 'none' && tombstone !== undefined && userId === undefined && developer === undefined;
  const waits = rivals.length > 0 || due !== undefined || hold !== undefined || failure !== undefined;
  return isBuried && !waits && !key.startsWith('#');
}
