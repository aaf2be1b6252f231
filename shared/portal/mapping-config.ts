import { maxAttributes } from '../core/model/limits.ts';
import { isReservedAttribute } from './attribute-selection.ts';
import { parsePath, pathClash } from './field-path.ts';
import type { FieldForm } from './field-form.ts';
import {
  isIdEmail,
  nowForms,
  type AttributeMapping,
  type Constant,
  type FieldPath,
  type NamedAttribute,
  type NameOrder,
  type PortalMapping,
} from './mapping.ts';
import { parseEntry, type Complain, type Entry, type EntryKind } from './parse-entry.ts';

const requiredFields = ['email', 'firstName', 'lastName'] as const;
const optionalFields = [
  'userName',
  'status',
  'updatedAt',
  'passwordHash',
  'passwordResetRequired',
  'emailVerified',
] as const;
type MappedKey = (typeof requiredFields)[number] | (typeof optionalFields)[number];

const entryKinds: Readonly<Record<MappedKey, EntryKind>> = {
  email: 'email',
  firstName: 'name',
  lastName: 'name',
  userName: 'userName',
  status: 'status',
  updatedAt: 'time',
  passwordHash: 'plain',
  passwordResetRequired: 'plain',
  emailVerified: 'plain',
};

const known: readonly string[] = [...requiredFields, ...optionalFields, 'attributes', 'attributesAs', 'onCreate'];

/** A message is for a log line as well: so many problems, and so much of a name. */
const mostProblems = 10;
const longestLabel = 60;

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

/**
 * Reads PORTAL_MAPPING. Keys that `text` leaves out keep their default; null switches an optional one off. Throws an
 * Error that says what to set: a line for each thing that is wrong.
 */
export function parseMapping(text: string): PortalMapping {
  const problems: string[] = [];
  const complain: Complain = (sentence) => void problems.push(`PORTAL_MAPPING: ${sentence}`);
  const given = readObject(text);
  for (const key of given.keys()) {
    if (!known.includes(key))
      complain(`there is no key ${JSON.stringify(key.slice(0, longestLabel))}; use ${known.join(', ')}`);
  }
  const entries = new Map<MappedKey, Entry>();
  for (const key of requiredFields) {
    const value = given.get(key);
    if (given.has(key) && (value === null || typeof value === 'number'))
      complain(`set "${key}" to the path of a field; it cannot be switched off`);
    else take(key, value);
  }
  for (const key of optionalFields) {
    const value = given.get(key);
    if (value === null) continue;
    if (given.has(key) && typeof value !== 'string' && !isObject(value))
      complain(`set "${key}" to the path of a field, or to null for none`);
    else take(key, value);
  }
  function take(key: MappedKey, value: unknown): void {
    const path = defaultMapping[key];
    const entry = given.has(key)
      ? parseEntry(`"${key}"`, entryKinds[key], value, complain)
      : path && { path, form: undefined, direction: 'both' as const, split: undefined };
    if (entry !== undefined) entries.set(key, entry);
  }

  const pathOf = (key: MappedKey): FieldPath | undefined => entries.get(key)?.path;
  const oneName = oneNameOf(entries.get('firstName'), entries.get('lastName'), complain);
  const forms = formsOf(entries);
  const onCreate = constantsOf(given.get('onCreate'), complain);
  const mapping: PortalMapping = {
    email: pathOf('email') ?? defaultMapping.email,
    firstName: pathOf('firstName') ?? defaultMapping.firstName,
    lastName: pathOf('lastName') ?? defaultMapping.lastName,
    userName: pathOf('userName'),
    status: pathOf('status'),
    attributes: attributesOf(given, complain),
    updatedAt: pathOf('updatedAt'),
    passwordHash: pathOf('passwordHash'),
    passwordResetRequired: pathOf('passwordResetRequired'),
    emailVerified: pathOf('emailVerified'),
    ...(forms === undefined ? {} : { forms }),
    ...(oneName === undefined ? {} : { oneName }),
    ...(onCreate.length === 0 ? {} : { onCreate }),
  };
  const clash = problems.length === 0 ? pathClash(mappedPaths(mapping)) : undefined;
  if (clash !== undefined) {
    complain(`${clash[0]} and ${clash[1]} share a field, or one lies inside the other; give each a path of its own`);
  }
  if (problems.length > mostProblems) {
    const more = `PORTAL_MAPPING: there are ${String(problems.length - mostProblems)} more problems of this kind`;
    problems.splice(mostProblems, problems.length, more);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return mapping;
}

/** Every field that the mapping names, with what it is called in messages. */
export function mappedPaths(mapping: PortalMapping): readonly (readonly [label: string, path: FieldPath])[] {
  const labelled: (readonly [string, FieldPath])[] = [];
  for (const key of [...requiredFields, ...optionalFields]) {
    const path = mapping[key];
    const isOther = (key === 'email' && isIdEmail(mapping)) || (key === 'lastName' && mapping.oneName !== undefined);
    if (path !== undefined && !isOther) labelled.push([`"${key}"`, path]);
  }
  for (const { path } of mapping.onCreate ?? []) labelled.push([`"${path.join('.')}" of "onCreate"`, path]);
  if (mapping.attributes.kind === 'map') return [...labelled, ['"attributes"', mapping.attributes.path]];
  for (const [name, { path }] of mapping.attributes.fields) labelled.push([attributeLabel(name), path]);
  return labelled;
}

/** As a map, because a schema would silently drop a key called `__proto__`, which JSON.parse keeps. */
function readObject(text: string): ReadonlyMap<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error(
      'PORTAL_MAPPING: it is not JSON; set an object such as {"email":"mail","attributes":"profile.attributes"}',
    );
  }
  if (!isObject(parsed))
    throw new Error('PORTAL_MAPPING: set a JSON object such as {"email":"mail","attributes":"profile.attributes"}');
  return new Map(Object.entries(parsed));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function formsOf(entries: ReadonlyMap<MappedKey, Entry>): PortalMapping['forms'] {
  const forms: Record<string, FieldForm> = {};
  for (const key of ['firstName', 'lastName', 'userName', 'status'] as const) {
    const form = entries.get(key)?.form;
    if (form !== undefined) forms[key] = form;
  }
  return Object.keys(forms).length === 0 ? undefined : forms;
}

/** Both names in one field have to say so both. */
function oneNameOf(first: Entry | undefined, last: Entry | undefined, complain: Complain): NameOrder | undefined {
  if (first === undefined || last === undefined || (first.split === undefined && last.split === undefined))
    return undefined;
  const isPair =
    first.split?.part === 'first' &&
    last.split?.part === 'last' &&
    first.split.order === last.split.order &&
    first.path.join('.') === last.path.join('.');
  if (!isPair)
    complain(
      'split both names of one field, as in "firstName": {"path": "displayName", "split": "first"}, "lastName": {"path": "displayName", "split": "last"}',
    );
  return first.split?.order;
}

function constantsOf(value: unknown, complain: Complain): readonly Constant[] {
  if (value === undefined) return [];
  const example = '{"role": "developer", "createdAt": {"now": "timestamp"}}';
  if (!isObject(value)) {
    complain(`set "onCreate" to an object of paths and what a new portal user holds there, such as ${example}`);
    return [];
  }
  return Object.entries(value).flatMap(([text, constant]): Constant[] => {
    const path = parsePath(text);
    if (typeof path === 'string') {
      complain(`${JSON.stringify(text.slice(0, longestLabel))} of "onCreate": ${path}, as in ${example}`);
      return [];
    }
    if (!isObject(constant) || !('now' in constant)) return [{ path, value: { kind: 'value', value: constant } }];
    const as = nowForms.find((form) => form === constant['now']);
    if (as !== undefined) return [{ path, value: { kind: 'now', as } }];
    complain(
      `${JSON.stringify(text.slice(0, longestLabel))} of "onCreate": "now" is one of ${nowForms.join(', ')}, as in ${example}`,
    );
    return [];
  });
}

function attributesOf(given: ReadonlyMap<string, unknown>, complain: Complain): AttributeMapping {
  const as = given.get('attributesAs');
  const isList = as === 'list';
  if (as !== undefined && !isList && as !== 'map') complain('set "attributesAs" to "map" or "list"');
  const value = given.has('attributes') ? given.get('attributes') : 'attributes';
  if (typeof value === 'string') {
    const path = parsePath(value);
    if (typeof path !== 'string') return { kind: 'map', path, ...(isList ? { creates: 'list' } : {}) };
    complain(`"attributes": ${path}, such as "profile.attributes"`);
    return defaultMapping.attributes;
  }
  if (!isObject(value)) {
    complain(
      'set "attributes" to the path of a map or a list, or to an object of attribute name and path ({} for none)',
    );
    return defaultMapping.attributes;
  }
  if (isList) complain('"attributesAs" goes with the path of a map or a list: leave it out');
  const fields = new Map<string, NamedAttribute>();
  for (const [name, entry] of Object.entries(value)) {
    const named = namedAttribute(name, entry, complain);
    if (named !== undefined) fields.set(name, named);
  }
  if (fields.size > maxAttributes) {
    complain(`"attributes" names ${String(fields.size)}; Apigee keeps at most ${String(maxAttributes)} per developer`);
  }
  return { kind: 'named', fields };
}

function namedAttribute(name: string, value: unknown, complain: Complain): NamedAttribute | undefined {
  const label = attributeLabel(name);
  if (!name.isWellFormed()) {
    complain(`${label} has a broken character in its name`);
    return undefined;
  }
  if (isReservedAttribute(name)) {
    complain(`${label} is reserved and is never synchronised; leave it out`);
    return undefined;
  }
  const entry = parseEntry(label, 'attribute', value, complain);
  if (entry === undefined) return undefined;
  const { path, direction, form } = entry;
  return { path, direction, ...(form === undefined ? {} : { form }) };
}

function attributeLabel(name: string): string {
  return `the attribute ${JSON.stringify(name.length <= longestLabel ? name : `${name.slice(0, longestLabel).toWellFormed()}…`)}`;
}
