import type { NewPortalUser } from '../core/model/decision.ts';
import { attributeName, type FieldChange, type Status } from '../core/model/profile.ts';
import { directionOf, isReservedAttribute } from './attribute-selection.ts';
import type { PortalMapping } from './mapping.ts';

/** Sets one field of a document, or deletes it where `value` is undefined. */
export interface FieldUpdate {
  readonly path: readonly [string, ...string[]];
  readonly value: string | undefined;
}

/** The content of a document, as both stores take it: nested plain objects. */
export interface DocumentData {
  [name: string]: DocumentValue;
}
export type DocumentValue = string | boolean | Date | DocumentData;

/**
 * The whole document of a portal user who is created from a developer (rules 5, 6). Attributes that are not selected, or
 * travel to Apigee only, are left out (rule 13). So is `emailVerified`, which only the portal can find out (rule 19).
 */
export function documentFor(user: NewPortalUser, mapping: PortalMapping): DocumentData {
  const document: DocumentData = {};
  const set = (path: readonly string[] | undefined, value: DocumentValue | undefined): void => {
    if (path !== undefined && value !== undefined) setAt(document, path, value);
  };
  set(mapping.email, user.email);
  set(mapping.userName, user.userName);
  set(mapping.firstName, user.firstName);
  set(mapping.lastName, user.lastName);
  set(mapping.status, user.status);
  set(mapping.updatedAt, new Date(user.createdAt));
  set(mapping.passwordHash, user.passwordHash);
  set(mapping.passwordResetRequired, true);
  if (mapping.attributes.kind === 'map') set(mapping.attributes.path, {});
  for (const [name, value] of user.attributes) {
    const direction = directionOf(mapping.attributes, name);
    if (direction !== undefined && direction !== 'to-apigee') set(attributePath(name, mapping), value);
  }
  return document;
}

/**
 * The field updates that make these changes, and touch nothing else of the document (rule 5). Throws for a change to a
 * field that the mapping does not name, and for the removal of a name: no decision asks for either.
 */
export function fieldUpdates(changes: readonly FieldChange[], mapping: PortalMapping): readonly FieldUpdate[] {
  return changes.map(({ field, value }) => {
    if (field === 'firstName' || field === 'lastName') {
      if (value === undefined) throw new Error(`The name ${field} cannot be removed from a portal user.`);
      return { path: mapping[field], value };
    }
    const path = attributePath(attributeName(field) ?? '', mapping);
    if (path === undefined) throw new Error(`The mapping selects no field for ${JSON.stringify(field)}.`);
    return { path, value };
  });
}

/** Throws where the mapping names no status field. */
export function statusUpdate(status: Status, mapping: PortalMapping): FieldUpdate {
  if (mapping.status === undefined) throw new Error('PORTAL_MAPPING names no status field: set "status" to its path.');
  return { path: mapping.status, value: status };
}

function attributePath(name: string, { attributes }: PortalMapping): FieldUpdate['path'] | undefined {
  if (isReservedAttribute(name)) return undefined;
  return attributes.kind === 'map' ? [...attributes.path, name] : attributes.fields.get(name)?.path;
}

/** No path of a mapping leads through another one's field, so that every map on the way was made here. */
function setAt(document: DocumentData, path: readonly string[], value: DocumentValue): void {
  let at = document;
  for (const name of path.slice(0, -1)) {
    const inner = Object.hasOwn(at, name) ? at[name] : undefined;
    const map: DocumentData = inner !== undefined && isMap(inner) ? inner : {};
    at[name] = map;
    at = map;
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}

function isMap(value: DocumentValue): value is DocumentData {
  return typeof value === 'object' && !(value instanceof Date);
}
