import { createHash } from 'node:crypto';
import { z } from 'zod';
import { maxAttributes } from '../core/model/limits.ts';
import { isReservedAttribute } from './attribute-selection.ts';
import { parsePath, pathClash } from './field-path.ts';
import type { AttributeMapping, FieldPath, NamedAttribute, PortalMapping } from './mapping.ts';

const requiredFields = ['email', 'firstName', 'lastName'] as const;
const optionalFields = [
  'userName',
  'status',
  'updatedAt',
  'passwordHash',
  'passwordResetRequired',
  'emailVerified',
] as const;

/** The mapping where PORTAL_MAPPING is not set, and the default of every key that it leaves out. */
export const defaultMapping: PortalMapping = {
  email: ['email'],
  firstName: ['firstName'],
  lastName: ['lastName'],
  userName: ['userName'],
  status: ['status'],
  attributes: { kind: 'map', path: ['attributes'] },
  updatedAt: ['updatedAt'],
  passwordHash: ['passwordHash'],
  passwordResetRequired: ['passwordResetRequired'],
  emailVerified: undefined,
};

const attributeShape = z.strictObject({
  path: z.string(),
  direction: z.enum(['both', 'to-apigee', 'to-portal']).default('both'),
});

/**
 * Reads PORTAL_MAPPING. Keys that `text` leaves out keep their default; null switches an optional one off. Throws an
 * Error that says what to set.
 */
export function parseMapping(text: string): PortalMapping {
  const given = readObject(text);
  const known: readonly string[] = [...requiredFields, ...optionalFields, 'attributes'];
  for (const key of given.keys()) {
    if (!known.includes(key)) throw wrong(`there is no key ${JSON.stringify(key)}; use ${known.join(', ')}`);
  }
  const required = (key: (typeof requiredFields)[number]): FieldPath => {
    if (!given.has(key)) return defaultMapping[key];
    const value = given.get(key);
    if (typeof value !== 'string') throw wrong(`set "${key}" to the path of a field; it cannot be switched off`);
    return path(`"${key}"`, value);
  };
  const optional = (key: (typeof optionalFields)[number]): FieldPath | undefined => {
    if (!given.has(key)) return defaultMapping[key];
    const value = given.get(key);
    if (value === null) return undefined;
    if (typeof value !== 'string') throw wrong(`set "${key}" to the path of a field, or to null for none`);
    return path(`"${key}"`, value);
  };
  const mapping: PortalMapping = {
    email: required('email'),
    firstName: required('firstName'),
    lastName: required('lastName'),
    userName: optional('userName'),
    status: optional('status'),
    attributes: given.has('attributes') ? attributes(given.get('attributes')) : defaultMapping.attributes,
    updatedAt: optional('updatedAt'),
    passwordHash: optional('passwordHash'),
    passwordResetRequired: optional('passwordResetRequired'),
    emailVerified: optional('emailVerified'),
  };
  const clash = pathClash(mappedPaths(mapping));
  if (clash !== undefined) {
    throw wrong(`${clash[0]} and ${clash[1]} share a field, or one lies inside the other; give each a path of its own`);
  }
  return mapping;
}

/**
 * Sixteen hex digits that stand for how profiles are read: two mappings with one fingerprint read the same profile from the
 * same document. The same on every machine.
 */
export function mappingFingerprint(mapping: PortalMapping): string {
  const { firstName, lastName, status, attributes } = mapping;
  const selected =
    attributes.kind === 'map'
      ? attributes.path
      : [...attributes.fields]
          .map(([name, { path, direction }]) => JSON.stringify([name, path, direction]))
          .sort((a, b) => (a < b ? -1 : 1));
  const read = JSON.stringify([firstName, lastName, status ?? null, attributes.kind, selected]);
  return createHash('sha256').update(read).digest('hex').slice(0, 16);
}

/** As a map, because a schema would silently drop a key called `__proto__`, which JSON.parse keeps. */
function readObject(text: string): ReadonlyMap<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw wrong('it is not JSON; set an object such as {"email":"mail","attributes":"profile.attributes"}');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw wrong('set a JSON object such as {"email":"mail","attributes":"profile.attributes"}');
  }
  return new Map(Object.entries(parsed));
}

function attributes(value: unknown): AttributeMapping {
  if (typeof value === 'string') return { kind: 'map', path: path('"attributes"', value) };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong('set "attributes" to the path of a map, or to an object of attribute name and path ({} for none)');
  }
  const fields = new Map(Object.entries(value).map(([name, entry]) => [name, namedAttribute(name, entry)]));
  if (fields.size > maxAttributes) {
    throw wrong(`"attributes" names ${fields.size}; Apigee keeps at most ${maxAttributes} per developer`);
  }
  return { kind: 'named', fields };
}

function namedAttribute(name: string, entry: unknown): NamedAttribute {
  const label = attributeLabel(name);
  if (!name.isWellFormed()) throw wrong(`${label} has a broken character in its name`);
  if (isReservedAttribute(name)) {
    throw wrong(`${label} is reserved and is never synchronised; leave it out`);
  }
  const given = attributeShape.safeParse(typeof entry === 'string' ? { path: entry } : entry);
  if (!given.success) {
    throw wrong(`set ${label} to a path, or to {"path": …, "direction": "both" | "to-apigee" | "to-portal"}`);
  }
  return { path: path(label, given.data.path), direction: given.data.direction };
}

function mappedPaths(mapping: PortalMapping): readonly (readonly [label: string, path: FieldPath])[] {
  const labelled: (readonly [string, FieldPath])[] = [];
  for (const key of [...requiredFields, ...optionalFields]) {
    const path = mapping[key];
    if (path !== undefined) labelled.push([`"${key}"`, path]);
  }
  if (mapping.attributes.kind === 'map') return [...labelled, ['"attributes"', mapping.attributes.path]];
  for (const [name, { path }] of mapping.attributes.fields) labelled.push([attributeLabel(name), path]);
  return labelled;
}

function attributeLabel(name: string): string {
  return `the attribute ${JSON.stringify(name)}`;
}

function path(label: string, text: string): FieldPath {
  const parsed = parsePath(text);
  if (typeof parsed === 'string') throw wrong(`${label}: ${parsed}`);
  return parsed;
}

function wrong(what: string): Error {
  return new Error(`PORTAL_MAPPING: ${what}`);
}
