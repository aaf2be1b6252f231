import type { CanonicalEmail } from './email.ts';

export const conflictPolicies = ['merge', 'newest-record'] as const;
export const portalDeletePolicies = ['deactivate', 'delete', 'keep'] as const;
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
}
