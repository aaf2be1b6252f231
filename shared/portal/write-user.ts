import type { NewPortalUser } from '../core/model/decision.ts';
import {
  attributeField,
  attributeName,
  type FieldChange,
  type PortalUser,
  type Status,
} from '../core/model/profile.ts';
import { directionOf, isReservedAttribute } from './attribute-selection.ts';
import { joinName } from './display-name.ts';
import { valueOf, type FieldForm } from './field-form.ts';
import { isFieldMap } from './field-path.ts';
import { isIdEmail, statusForm, type ConstantValue, type FieldPath, type PortalMapping } from './mapping.ts';
import { timeAs } from './read-time.ts';

/** Sets one field of a document, or deletes it where `value` is undefined. */
export interface FieldUpdate {
  readonly path: FieldPath;
  readonly value: unknown;
}

/** The content of a document, as both stores take it: nested plain objects, lists, and values. */
export interface DocumentData {
  [name: string]: unknown;
}

/**
 * The whole document of a portal user who is created from a developer (rules 5, 6). Attributes that are not selected, or
 * travel to Apigee only, are left out (rule 13). So is `emailVerified`, which only the portal can find out (rule 19).
 */
export function documentFor(user: NewPortalUser, mapping: PortalMapping): DocumentData {
  const document: DocumentData = {};
  const set = (path: readonly string[] | undefined, value: unknown): void => {
    if (path !== undefined && value !== undefined) setAt(document, path, value);
  };
  for (const { path, value } of mapping.onCreate ?? []) set(path, constant(value, user.createdAt));
  if (!isIdEmail(mapping)) set(mapping.email, user.email);
  set(mapping.userName, user.userName);
  if (mapping.oneName === undefined) {
    set(mapping.firstName, user.firstName);
    set(mapping.lastName, user.lastName);
  } else {
    set(mapping.firstName, joinName(user, { order: mapping.oneName, hasComma: false }));
  }
  if (user.status !== undefined) set(mapping.status, valueIn(user.status, mapping.forms?.status ?? statusForm));
  set(mapping.updatedAt, new Date(user.createdAt));
  set(mapping.passwordHash, user.passwordHash);
  set(mapping.passwordResetRequired, true);
  const { attributes } = mapping;
  const travelling = [...user.attributes].filter(([name]) => {
    const direction = directionOf(attributes, name);
    return direction !== undefined && direction !== 'to-apigee';
  });
  if (attributes.kind === 'map' && attributes.creates === 'list') {
    set(
      attributes.path,
      travelling.map(([name, value]) => ({ name, value })),
    );
    return document;
  }
  if (attributes.kind === 'map') set(attributes.path, {});
  for (const [name, value] of travelling) {
    const place = attributePlace(name, mapping);
    if (place !== undefined) set(place.path, valueIn(value, place.form));
  }
  return document;
}

/**
 * The field updates that make these changes, and touch nothing else of the document (rule 5). `user`: as the document was read;
 * it says in which form the document holds what is no plain text. Throws for a change to a field that the mapping does not
 * name, and for the removal of a name: no decision asks for either.
 */
export function fieldUpdates(
  changes: readonly FieldChange[],
  mapping: PortalMapping,
  user?: PortalUser,
): readonly FieldUpdate[] {
  const updates: FieldUpdate[] = [];
  const names = new Map<string, string>();
  const listed: FieldChange[] = [];
  for (const change of changes) {
    const { field, value } = change;
    if (field === 'firstName' || field === 'lastName') {
      if (value === undefined) throw new Error(`The name ${field} cannot be removed from a portal user.`);
      if (mapping.oneName === undefined) updates.push({ path: mapping[field], value });
      else names.set(field, value);
      continue;
    }
    const name = attributeName(field) ?? '';
    const place = attributePlace(name, mapping);
    if (place === undefined) throw new Error(`The mapping selects no field for ${JSON.stringify(field)}.`);
    if (user?.held?.list !== undefined) listed.push(change);
    else {
      const held = formOf(change, user);
      updates.push({ path: place.path, value: value === undefined ? undefined : valueIn(value, place.form, held) });
    }
  }
  if (names.size > 0 && mapping.oneName !== undefined) {
    const both = {
      firstName: names.get('firstName') ?? user?.profile.firstName,
      lastName: names.get('lastName') ?? user?.profile.lastName,
    };
    const joined = joinName(both, { order: mapping.oneName, hasComma: user?.held?.hasComma === true });
    updates.push({ path: mapping.firstName, value: joined });
  }
  if (listed.length > 0 && mapping.attributes.kind === 'map')
    updates.push({ path: mapping.attributes.path, value: changedList(listed, user) });
  return updates;
}

/** Throws where the mapping names no status field. */
export function statusUpdate(status: Status, mapping: PortalMapping): FieldUpdate {
  if (mapping.status === undefined) throw new Error('PORTAL_MAPPING names no status field: set "status" to its path.');
  return { path: mapping.status, value: valueIn(status, mapping.forms?.status ?? statusForm) };
}

/** The value of a text; where there is none, the text itself, which the next look says to be unreadable. */
function valueIn(text: string, form?: FieldForm, held?: Parameters<typeof valueOf>[2]): unknown {
  const written = valueOf(text, form, held);
  return written.kind === 'value' ? written.value : text;
}

/** The form in which the document holds the attribute; where it has none, the one that the change asks for. */
function formOf({ field, held }: FieldChange, user: PortalUser | undefined): FieldChange['held'] {
  const name = attributeName(field) ?? '';
  return user?.profile.attributes.has(name) === true ? user.held?.attributes.get(name) : held;
}

interface AttributePlace {
  readonly path: FieldPath;
  readonly form?: FieldForm | undefined;
}

function attributePlace(name: string, { attributes }: PortalMapping): AttributePlace | undefined {
  if (isReservedAttribute(name)) return undefined;
  return attributes.kind === 'map' ? { path: [...attributes.path, name] } : attributes.fields.get(name);
}

/** The document's list with these changes; what else its entries have, and their order, stays. */
function changedList(changes: readonly FieldChange[], user: PortalUser | undefined): readonly unknown[] {
  const left = new Map(changes.map((change) => [change.field, change]));
  const list = (user?.held?.list ?? []).flatMap((entry: unknown) => {
    if (!isFieldMap(entry) || typeof entry['name'] !== 'string') return [entry];
    const { name } = entry;
    const field = attributeField(name);
    const change = left.get(field);
    if (change === undefined) return [entry];
    left.delete(field);
    const { value } = change;
    return value === undefined ? [] : [{ ...entry, value: valueIn(value, undefined, formOf(change, user)) }];
  });
  const added = [...left.values()].flatMap((change) => {
    const name = attributeName(change.field);
    if (change.value === undefined || name === undefined) return [];
    return [{ name, value: valueIn(change.value, undefined, formOf(change, user)) }];
  });
  return [...list, ...added];
}

function constant(value: ConstantValue, now: number): unknown {
  if (value.kind === 'value') return value.value;
  switch (value.as) {
    case 'timestamp':
      return timeAs(now, 'timestamp');
    case 'iso':
      return timeAs(now, 'iso-text');
    case 'milliseconds':
      return timeAs(now, 'milliseconds');
    case 'seconds':
      return Math.floor(now / 1000);
  }
}

/** No path of a mapping leads through another one's field, so that every map on the way was made here. */
function setAt(document: DocumentData, path: readonly string[], value: unknown): void {
  let at = document;
  for (const name of path.slice(0, -1)) {
    const inner = Object.hasOwn(at, name) ? at[name] : undefined;
    const map: DocumentData = isFieldMap(inner) ? { ...inner } : {};
    at[name] = map;
    at = map;
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}
