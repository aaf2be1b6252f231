import { canonicalEmail, formerCanonicalEmail } from '../core/model/email.ts';
import { largestProfile, profileBytes } from '../core/model/limits.ts';
import type { PortalReading, PortalUser } from '../core/model/profile.ts';
import { splitName } from './display-name.ts';
import { mustBeTime, textOf, type FieldForm } from './field-form.ts';
import { fieldAt, type FieldValue } from './field-path.ts';
import { isIdEmail, statusForm, type FieldPath, type FormedField, type PortalMapping } from './mapping.ts';
import { newProblems, problemWith, type Problems } from './problems.ts';
import { readAttributes } from './read-attributes.ts';
import { readTime } from './read-time.ts';
import { isSelected, pathsOf } from './selection.ts';

/** A document of the portal collection as the store returned it. */
export interface RawPortalDocument {
  readonly id: string;
  readonly data: unknown;
  /** Update time, in ms since the epoch. */
  readonly updatedAt: number;
  readonly version: string;
}

/**
 * A document read through the mapping. Null counts as missing, and so does blank text, except as the value of an
 * attribute; everything else is kept as written.
 * An email or a status of the wrong type makes the whole document `malformed`: guessing could block a person or take
 * somebody else's developer. Any other field of the wrong type is only said to be unreadable.
 */
export function readPortalUser(document: RawPortalDocument, mapping: PortalMapping): PortalReading {
  const { id, data, version } = document;
  const problems = newProblems();
  const unreadable = new Map<string, string>();
  const rawEmail = isIdEmail(mapping) ? id : emailText(data, mapping.email);
  const email = canonicalEmail(rawEmail);
  if (email === undefined) problems.add(mapping.email, emailProblem(rawEmail));
  const names = readNames(data, mapping, unreadable);
  const userName = mapping.userName && readText(data, mapping.userName, 'userName', mapping.forms, unreadable);
  const status = mapping.status && readStatus(data, mapping.status, mapping.forms?.status, problems);
  const read = readAttributes(data, mapping.attributes);
  for (const [field, problem] of read.unreadable) unreadable.set(field, problem);
  const updatedAt = mapping.updatedAt && readUpdatedAt(data, mapping.updatedAt, unreadable);
  const profile = { firstName: names.firstName, lastName: names.lastName, status, attributes: read.attributes };
  if (profileBytes(profile) + Buffer.byteLength(userName ?? '') > largestProfile) {
    problems.addSentence(
      `The names and attributes together must have at most ${largestProfile} bytes, 16 for each attribute included.`,
    );
  }
  const sentences = problems.sentences();
  if (sentences.length > 0 || email === undefined || rawEmail === undefined) {
    return { kind: 'malformed', id, email, problems: sentences, version };
  }
  const { hasComma } = names;
  const isPlain = read.held.size === 0 && read.list === undefined && !hasComma;
  const user: PortalUser = {
    id,
    email: rawEmail,
    userName,
    profile,
    emailVerified: mapping.emailVerified === undefined || isTrue(data, mapping.emailVerified),
    passwordResetRequired: mapping.passwordResetRequired && isTrue(data, mapping.passwordResetRequired),
    updatedAt: updatedAt ?? document.updatedAt,
    writtenAt: document.updatedAt,
    version,
    unreadable: unreadable.size === 0 ? undefined : unreadable,
    held: isPlain ? undefined : { attributes: read.held, list: read.list, hasComma },
    selected: mapping.select === undefined || isSelected(data, mapping.select) ? undefined : false,
  };
  return { kind: 'user', user };
}

/**
 * The names of the document fields that `readPortalUser` looks into; stores read no others. Of a path with dots this is
 * the whole first field: a store that is asked for the inner one answers nothing both where it is missing and where
 * something on the way is no map, and only the latter makes a document malformed.
 */
export function fieldsRead(mapping: PortalMapping): readonly string[] {
  const { email, firstName, lastName, userName, status, updatedAt, attributes } = mapping;
  const { emailVerified, passwordResetRequired, select } = mapping;
  const selected =
    attributes.kind === 'map' ? [attributes.path] : [...attributes.fields.values()].map(({ path }) => path);
  const paths = [
    isIdEmail(mapping) ? undefined : email,
    firstName,
    lastName,
    userName,
    status,
    updatedAt,
    emailVerified,
    passwordResetRequired,
    ...selected,
    ...(select === undefined ? [] : pathsOf(select)),
  ];
  return [...new Set(paths.flatMap((path) => path?.[0] ?? []))];
}

function emailProblem(raw: string | undefined): string {
  return formerCanonicalEmail(raw) === undefined
    ? 'must be a usable email address of at most 254 characters'
    : 'must have no invisible characters and no letters that pass for those from a to z';
}

function emailText(data: unknown, path: FieldPath): string | undefined {
  const field = fieldAt(data, path);
  return field.kind === 'value' && typeof field.value === 'string' ? field.value : undefined;
}

/** Blank text says nothing, so it counts as missing. */
function presentAt(data: unknown, path: FieldPath): FieldValue {
  const field = fieldAt(data, path);
  const isBlank = field.kind === 'value' && typeof field.value === 'string' && field.value.trim() === '';
  return isBlank ? { kind: 'missing' } : field;
}

interface ReadNames {
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly hasComma: boolean;
}

function readNames(data: unknown, mapping: PortalMapping, unreadable: Map<string, string>): ReadNames {
  const { firstName, lastName, forms, oneName } = mapping;
  const first = readText(data, firstName, 'firstName', forms, unreadable);
  if (oneName === undefined) {
    return { firstName: first, lastName: readText(data, lastName, 'lastName', forms, unreadable), hasComma: false };
  }
  const problem = unreadable.get('firstName');
  if (problem !== undefined) unreadable.set('lastName', problem);
  return splitName(first ?? '', oneName);
}

function readText(
  data: unknown,
  path: FieldPath,
  name: Exclude<FormedField, 'status'>,
  forms: PortalMapping['forms'],
  unreadable: Map<string, string>,
): string | undefined {
  const field = presentAt(data, path);
  if (field.kind === 'missing') return undefined;
  const form = forms?.[name];
  const reading = field.kind === 'value' ? textOf(field.value, { type: 'text', ...form }) : undefined;
  if (reading?.kind === 'text') return reading.text;
  unreadable.set(name, problemWith(path, reading?.what ?? 'must be text'));
  return undefined;
}

function readStatus(
  data: unknown,
  path: FieldPath,
  form: FieldForm | undefined,
  problems: Problems,
): string | undefined {
  const field = presentAt(data, path);
  if (field.kind === 'missing') return form?.default;
  const reading = field.kind === 'value' ? textOf(field.value, form ?? statusForm) : undefined;
  if (reading?.kind === 'text') return reading.text;
  problems.add(path, form?.values === undefined ? 'must be "active" or "inactive"' : statusProblem(form.values));
  return undefined;
}

function statusProblem(values: NonNullable<FieldForm['values']>): string {
  const words = [...values].map(
    ([word, scalars]) => `${scalars.map((it) => JSON.stringify(it)).join(' or ')} (${word})`,
  );
  return `must be ${words.join(', ')}`;
}

function readUpdatedAt(data: unknown, path: FieldPath, unreadable: Map<string, string>): number | undefined {
  const field = presentAt(data, path);
  if (field.kind === 'missing') return undefined;
  const time = field.kind === 'value' ? readTime(field.value) : undefined;
  if (time === undefined) unreadable.set('updatedAt', problemWith(path, mustBeTime));
  return time;
}

/** Any value but `true` means no: rule 19, and where a password may have been chosen. */
function isTrue(data: unknown, path: FieldPath): boolean {
  const field = fieldAt(data, path);
  return field.kind === 'value' && field.value === true;
}
