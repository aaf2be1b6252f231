import type { CanonicalEmail } from './email.ts';
import type { FieldName, OnPortal } from './profile.ts';

export const conflictPolicies = ['merge', 'newest-record'] as const;
export const portalDeletePolicies = ['deactivate', 'delete', 'keep'] as const;
/**
 * Which scheduled runs stop until an operator has looked at them. `destructive`: those over a limit (rules 16, 32); `first-run`: also
 * the first one with these settings, whatever it would write; `always`: every one that would write anything; `none`: none at all.
 */
export const approvals = ['none', 'first-run', 'destructive', 'always'] as const;
export type Approval = (typeof approvals)[number];

/** What becomes of a portal user who was in step and whom PORTAL_SELECT no longer selects. */
export const unselectPolicies = ['keep', 'deactivate'] as const;

export const apigeeDeletePolicies = ['recreate', 'hold', 'deactivate', 'delete'] as const;

/** Which way an attribute travels. */
export type Direction = 'both' | 'to-apigee' | 'to-portal';

/** The settings that deciding needs. */
export interface Policy {
  readonly conflict: (typeof conflictPolicies)[number];
  readonly portalDelete: (typeof portalDeletePolicies)[number];
  readonly apigeeDelete: (typeof apigeeDeletePolicies)[number];
  /** Edge renames in place, X and hybrid refuse (rule 17). */
  readonly rename: 'in-place' | 'refused';
  /** PORTAL_FILTER. */
  readonly inScope: (email: CanonicalEmail) => boolean;
  /** Undefined for an attribute that is reserved or not selected: it is neither copied nor dropped (rule 13). */
  readonly directionOf: (attribute: string) => Direction | undefined;
  /** Fingerprint of the mapping. */
  readonly mapping: string;
  /** Undefined: the portal holds every field as plain text. */
  readonly onPortal?: OnPortal | undefined;
  /** What a developer gets who is created for a portal user without this field. */
  readonly newDeveloper?: ReadonlyMap<FieldName, string>;
  /** What a portal user gets who is created for a developer without this attribute. */
  readonly newPortalUser?: ReadonlyMap<string, string>;
  /** Whether the id of a portal user's document is the email. */
  readonly idIsEmail?: boolean;
  /** False where the mapping names no field for the status: what is written there is not what is read. */
  readonly hasStatus?: false;
  /** PORTAL_UNSELECT_POLICY; undefined: everybody is selected. */
  readonly unselect?: (typeof unselectPolicies)[number];
  /** Fields of one person that are left alone on both sides, each with the sentence that says why. */
  readonly leftAlone?: ReadonlyMap<string, string>;
}
