import type { HoldReason, Link } from '../core/model/link.ts';
import type { Developer, PortalUser } from '../core/model/profile.ts';

/** Everything there is of one canonical email, or of one document that has none. */
export interface Person {
  /** Canonical email, or `#` and the document id. */
  readonly key: string;
  readonly users: readonly PortalUser[];
  readonly unreadable: readonly UnreadableDocument[];
  readonly developers: readonly Developer[];
  readonly link: Link | undefined;
  /** Links of other emails which name one of these documents (rule 17). */
  readonly otherLinks: readonly Link[];
}

export interface UnreadableDocument {
  readonly id: string;
  /** One sentence each, never a value. */
  readonly problems: readonly string[];
}

/** How the two sides are not the same for one person. */
export type Difference =
  | { readonly kind: 'only-in-apigee' }
  | { readonly kind: 'only-on-portal'; readonly userId: string }
  /** `firstName`, `lastName`, `attributes.NAME`; never values (rule 27). */
  | { readonly kind: 'fields-differ'; readonly userId: string; readonly fields: readonly string[] }
  /** The two sides differ, and the portal user's attributes cannot all be a developer's (rule 18). */
  | { readonly kind: 'too-many-attributes'; readonly userId: string; readonly count: number }
  | { readonly kind: 'several-portal-users'; readonly userIds: readonly string[] }
  | { readonly kind: 'several-developers'; readonly count: number }
  | { readonly kind: 'unreadable-document'; readonly userId: string; readonly problems: readonly string[] }
  /** An email that nobody can be linked by. Every run counts it as failed. */
  | { readonly kind: 'unusable-developer' };

/** What the person's link says that accounts for the difference. */
export type Explanation =
  | { readonly kind: 'held'; readonly reason: HoldReason; readonly detail: string }
  | { readonly kind: 'failed'; readonly message: string }
  /** Someone is at work on this person. */
  | { readonly kind: 'leased' }
  /** To be looked at, at `due` (ms since the epoch). */
  | { readonly kind: 'pending'; readonly due: number }
  /** Deleted on the other side at `at`, and that is how it stays (rule 15). */
  | { readonly kind: 'tombstone'; readonly at: number }
  /** Rule 19. */
  | { readonly kind: 'unverified' }
  /** Neither side changed since they were last in step; what one side lacks was never set, or never removed (rule 4). */
  | { readonly kind: 'never-removed' }
  /** The attributes do not travel the other way. */
  | { readonly kind: 'one-way' }
  | { readonly kind: 'unusable-email' };

/** What the link says although it accounts for nothing. */
export type Hint =
  /** There is no link, or one without a base. */
  | 'never-in-step'
  /** A side changed since the base. */
  | 'changed-since'
  /** The base has two values, although the attribute or name travels both ways. */
  | 'different-base'
  /** The link takes the person to be otherwise than found. */
  | 'contradiction';

export interface Finding {
  readonly key: string;
  readonly difference: Difference;
  readonly because:
    | { readonly kind: 'explained'; readonly explanation: Explanation }
    | { readonly kind: 'unexplained'; readonly hint: Hint };
}
