import type { HoldReason, Link } from '../core/model/link.ts';
import type { Developer, PortalUser } from '../core/model/profile.ts';

/** Everything that was found under one canonical email, or for one document that has none. */
export interface Person {
  /** Canonical email, or `#` and the document id. */
  readonly key: string;
  readonly users: readonly PortalUser[];
  readonly unreadable: readonly UnreadableDocument[];
  readonly developers: readonly Developer[];
  readonly link: Link | undefined;
  /** Links of other emails that name one of these documents (rule 17). */
  readonly otherLinks: readonly Link[];
}

export interface UnreadableDocument {
  readonly id: string;
  /** One sentence for each problem, without any value (rule 27). */
  readonly problems: readonly string[];
}

/** How the two sides of one person differ. */
export type Difference =
  | { readonly kind: 'only-in-apigee' }
  | { readonly kind: 'only-on-portal'; readonly userId: string }
  /** `firstName`, `lastName`, `attributes.NAME`; never values (rule 27). */
  | { readonly kind: 'fields-differ'; readonly userId: string; readonly fields: readonly string[] }
  /** The two sides differ, and the portal user has more attributes than a developer may have (rule 18). */
  | { readonly kind: 'too-many-attributes'; readonly userId: string; readonly count: number }
  | { readonly kind: 'several-portal-users'; readonly userIds: readonly string[] }
  | { readonly kind: 'several-developers'; readonly count: number }
  | { readonly kind: 'unreadable-document'; readonly userId: string; readonly problems: readonly string[] }
  /**
   * A developer whose email is not usable, so that nobody can be linked by it. Every run counts the developer as
   * failed.
   */
  | { readonly kind: 'unusable-developer' };

/** What explains the difference: mostly what the person's link says. */
export type Explanation =
  | { readonly kind: 'held'; readonly reason: HoldReason; readonly detail: string }
  | { readonly kind: 'failed'; readonly message: string }
  /** The person is being written. */
  | { readonly kind: 'leased' }
  /** The person is to be looked at, at `due` (ms since the epoch). */
  | { readonly kind: 'pending'; readonly due: number }
  /** The person was deleted on the other side at `at` (ms since the epoch), and stays deleted there (rule 15). */
  | { readonly kind: 'tombstone'; readonly at: number }
  /** PORTAL_SELECT does not select the portal user. */
  | { readonly kind: 'unselected' }
  /** One side's value cannot be read, or cannot be held by the other side: the field is left alone (rule 18). */
  | { readonly kind: 'left-alone' }
  /** The email is not verified (rule 19). */
  | { readonly kind: 'unverified' }
  /**
   * Neither side changed since the base: one side had a value that the other lacked, and first contact removes none
   * (rule 4).
   */
  | { readonly kind: 'never-removed' }
  /** An undo has put the value back on one side, and neither side was edited since (rule 35). */
  | { readonly kind: 'undone' }
  /** Only attributes differ that do not travel in this direction. */
  | { readonly kind: 'one-way' }
  | { readonly kind: 'unusable-email' };

/** What the link says of a difference that it does not explain. */
export type Hint =
  /** There is no link, or one without a base. */
  | 'never-in-step'
  /** A side has changed since the base. */
  | 'changed-since'
  /** The base itself has two values for the field, although that field travels both ways. */
  | 'different-base'
  /** The link says something else of the person than what was found. */
  | 'contradiction';

export interface Finding {
  readonly key: string;
  readonly difference: Difference;
  readonly because:
    | { readonly kind: 'explained'; readonly explanation: Explanation }
    | { readonly kind: 'unexplained'; readonly hint: Hint };
}
