import type { Direction } from '../core/model/policy.ts';

/**
 * Which field of a portal document holds what (PORTAL_MAPPING). Paths are arrays of field names, already split at dots.
 */
export interface PortalMapping {
  readonly email: FieldPath;
  readonly firstName: FieldPath;
  readonly lastName: FieldPath;
  readonly userName: FieldPath | undefined;
  readonly status: FieldPath | undefined;
  readonly attributes: AttributeMapping;
  readonly updatedAt: FieldPath | undefined;
  readonly passwordHash: FieldPath | undefined;
  readonly passwordResetRequired: FieldPath | undefined;
  /** Rule 19. */
  readonly emailVerified: FieldPath | undefined;
}

export type FieldPath = readonly [string, ...string[]];

export type AttributeMapping =
  /** One map of strings: every attribute, both ways. */
  | { readonly kind: 'map'; readonly path: FieldPath }
  /** Only these attributes, each with its own field and direction. */
  | { readonly kind: 'named'; readonly fields: ReadonlyMap<string, NamedAttribute> };

export interface NamedAttribute {
  readonly path: FieldPath;
  readonly direction: Direction;
}

export type { Direction };
