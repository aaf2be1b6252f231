import type { CanonicalEmail, PersonKey } from './email.ts';
import type { Attributes, Developer, FieldChange, PortalUser, Status } from './profile.ts';
import type { CompleteDeveloper } from './limits.ts';
import type { Hold, Link, LostValue, Outcome } from './link.ts';
import type { Situation } from './situation.ts';

/** Everything known about one person when deciding. Plain values: deciding reads no clock and calls nobody. */
export interface Subject {
  readonly key: PersonKey;
  readonly portal: PortalSide;
  readonly developer: DeveloperSide;
  readonly link: Link | undefined;
  /** Other portal documents that claim the same email, sorted. */
  readonly rivals: readonly string[];
  readonly renameTarget: RenameTarget;
}

/**
 * Who has the email that the bound portal user moved to (rule 17): nobody, a developer without a portal user, or another
 * person.
 */
export type RenameTarget = 'free' | 'unclaimed' | 'taken';

export type PortalSide =
  | { readonly kind: 'absent' }
  | { readonly kind: 'user'; readonly user: PortalUser; readonly email: CanonicalEmail }
  | { readonly kind: 'malformed'; readonly id: string; readonly problems: readonly string[] }
  /** Rule 1. `bound`: the one that was there first, if any. */
  | { readonly kind: 'collision'; readonly bound: string | undefined };

export type DeveloperSide =
  | { readonly kind: 'absent' }
  | { readonly kind: 'developer'; readonly developer: Developer }
  /** Edge only: developers whose emails differ in case. `bound`: the one the link knows, else the first found. */
  | { readonly kind: 'collision'; readonly bound: Developer };

/** What to do for one person and why: a plain value. */
export interface Decision {
  readonly situation: Situation;
  /** `ignored`: outside the filter, not counted at all. */
  readonly outcome: Outcome | 'ignored';
  /** For people: names fields, limits and policies, never values (rule 27). */
  readonly reason: string;
  /** What travels, by name; `status` and `email` included. */
  readonly fields: readonly string[];
  /** Calls to Apigee, in this order. */
  readonly apigee: readonly ApigeeStep[];
  readonly portal: PortalStep | undefined;
  /** Values that give way to newer ones, for the link's history. */
  readonly lost: readonly Omit<LostValue, 'at'>[];
  /** Rule 16: a deletion on one side that would reach the other. */
  readonly destructive: boolean;
  /** How the person's link ends once the steps are done. */
  readonly end: End;
}

export type ApigeeStep =
  | { readonly kind: 'create'; readonly developer: CompleteDeveloper }
  | { readonly kind: 'update'; readonly email: string; readonly developer: CompleteDeveloper }
  | { readonly kind: 'set-status'; readonly email: string; readonly status: Status }
  | { readonly kind: 'delete'; readonly email: string };

export type PortalStep =
  | { readonly kind: 'create'; readonly user: PortalUserDraft }
  | { readonly kind: 'update'; readonly id: string; readonly changes: readonly FieldChange[] }
  | { readonly kind: 'set-status'; readonly id: string; readonly status: Status }
  | { readonly kind: 'delete'; readonly id: string };

export interface PortalUserDraft {
  readonly email: string;
  readonly userName: string;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly status: Status;
  readonly attributes: Attributes;
}

/** A portal user about to be written, with what is known only then. */
export interface NewPortalUser extends PortalUserDraft {
  /** Rule 6: a salted hash of random bytes. */
  readonly passwordHash: string;
  /** Ms since the epoch. */
  readonly createdAt: number;
}

export type End =
  /** The link stays as it is. */
  | { readonly kind: 'as-is' }
  /** Both sides are there; what they look like after the steps becomes the base. */
  | { readonly kind: 'in-step'; readonly hold: Omit<Hold, 'since'> | undefined }
  /** Only what exists is noted, no base. */
  | { readonly kind: 'noted'; readonly hold: Omit<Hold, 'since'> | undefined }
  | { readonly kind: 'failed'; readonly message: string }
  /** The portal user is gone and the developer stays, perhaps made inactive. */
  | { readonly kind: 'portal-buried'; readonly deactivated: boolean }
  /** The developer is gone and the portal user stays. */
  | { readonly kind: 'developer-buried'; readonly hold: Omit<Hold, 'since'> | undefined }
  | { readonly kind: 'both-buried' }
  /** Nothing is worth remembering: only for documents that never had an email. */
  | { readonly kind: 'forgotten' }
  /** The person goes on under another email; this link becomes a tombstone. */
  | { readonly kind: 'moved'; readonly to: CanonicalEmail };
