import type { Direction } from '../core/model/policy.ts';
import type { FieldForm } from './field-form.ts';
import type { FieldPath } from './field-path.ts';
import type { Selection } from './selection.ts';

/**
 * Which field of a portal document holds what (PORTAL_MAPPING), and which documents count (PORTAL_SELECT). Paths are arrays of
 * field names, already split at dots.
 */
export interface PortalMapping {
  /** `documentId` where the document's id is the email. */
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
  /** How the fields are held that are no plain text. */
  readonly forms?: Readonly<Partial<Record<FormedField, FieldForm>>>;
  /** Which part of one field is which name; undefined: each name has a field of its own. */
  readonly oneName?: NameOrder;
  /** What a document that is created holds besides what is mapped. */
  readonly onCreate?: readonly Constant[];
  /** Which documents are people to be synchronised; undefined: all. */
  readonly select?: Selection;
}

export type FormedField = 'firstName' | 'lastName' | 'userName' | 'status';

export type NameOrder = 'given-first' | 'family-first';

/** As Firestore calls the id of a document in a query. */
export const documentId: FieldPath = ['__name__'];

/** Whether the id of a document is the email. */
export function isIdEmail({ email }: Pick<PortalMapping, 'email'>): boolean {
  return email.length === 1 && email[0] === '__name__';
}

export type AttributeMapping =
  /** One map or one list of names and values: every attribute, both ways. `creates`: what a new document gets. */
  | { readonly kind: 'map'; readonly path: FieldPath; readonly creates?: 'list' }
  /** Only these attributes, each with its own field and direction. */
  | { readonly kind: 'named'; readonly fields: ReadonlyMap<string, NamedAttribute> };

export interface NamedAttribute {
  readonly path: FieldPath;
  readonly direction: Direction;
  readonly form?: FieldForm;
}

/** A field of a new document. */
export interface Constant {
  readonly path: FieldPath;
  readonly value: ConstantValue;
}

export type ConstantValue =
  | { readonly kind: 'value'; readonly value: unknown }
  /** The moment of creation. */
  | { readonly kind: 'now'; readonly as: NowForm };

export const nowForms = ['timestamp', 'iso', 'milliseconds', 'seconds'] as const;
export type NowForm = (typeof nowForms)[number];

export type { Direction, FieldPath };

/** How a status is held where the mapping says nothing else. */
export const statusForm: FieldForm = {
  values: new Map([
    ['active', ['active']],
    ['inactive', ['inactive']],
  ]),
};
