import type { CanonicalEmail, PersonKey } from './email.ts';
import type { Attributes, Developer, FieldChange, PortalUser, Status } from './profile.ts';
import type { CompleteDeveloper } from './limits.ts';
import type { Hold, Link, LostValue, Outcome } from './link.ts';
import type { Situation } from './situation.ts';

/** Everything that a decision on one person rests on. Plain values: deciding reads no clock and makes no call. */
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
  /**
   * Several portal users claim the email (rule 1). `bound`: the document that the person is linked to, if there is one.
   */
  | { readonly kind: 'collision'; readonly bound: string | undefined };

export type DeveloperSide =
  | { readonly kind: 'absent' }
  | { readonly kind: 'developer'; readonly developer: Developer }
  /**
   * Edge only: developers whose emails differ in case only. `bound`: the developer that the link knows, else the first
   * found.
   */
  | { readonly kind: 'collision'; readonly bound: Developer };

/** What to do for one person and why: a plain value. */
export interface Decision {
  readonly situation: Situation;
  /** `ignored`: PORTAL_FILTER does not select the email, and the person is not counted. */
  readonly outcome: Outcome | 'ignored';
  /** For people: names fields, limits and policies, never values (rule 27). */
  readonly reason: string;
  /** Names of the fields that travel, `status` and `email` included. */
  readonly fields: readonly string[];
  /** Calls to Apigee, in this order. */
  readonly apigee: readonly ApigeeStep[];
  readonly portal: PortalStep | undefined;
  /** Values that are overwritten by newer ones: they go to the link's history. */
  readonly lost: readonly Omit<LostValue, 'at'>[];
  /** Whether a deletion on one side would deactivate or delete on the other side (rule 16). */
  readonly destructive: boolean;
  /** What becomes of the link once the steps are done. */
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
  /** Undefined: the mapping names no field for it. */
  readonly status: Status | undefined;
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
  /** Both sides exist: as they are after the steps, they become the base. */
  | { readonly kind: 'in-step'; readonly hold: Omit<Hold, 'since'> | undefined }
  /** The link notes which sides exist, and gets no base. */
  | { readonly kind: 'noted'; readonly hold: Omit<Hold, 'since'> | undefined }
  | { readonly kind: 'failed'; readonly message: string }
  /** The portal user is gone and the developer stays, perhaps made inactive. */
  | { readonly kind: 'portal-buried'; readonly deactivated: boolean }
  /** The developer is gone and the portal user stays. */
  | { readonly kind: 'developer-buried'; readonly hold: Omit<Hold, 'since'> | undefined }
  | { readonly kind: 'both-buried' }
  /** The link is removed: only for a document that never had a usable email. */
  | { readonly kind: 'forgotten' }
  /** The person goes on under another email; this link becomes a tombstone. */
  | { readonly kind: 'moved'; readonly to: CanonicalEmail };
