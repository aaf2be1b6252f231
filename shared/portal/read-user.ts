import { canonicalEmail, formerCanonicalEmail } from '../core/model/email.ts';
import { largestProfile, profileBytes } from '../core/model/limits.ts';
import type { PortalReading, PortalUser } from '../core/model/profile.ts';
import { readAttributes } from './read-attributes.ts';
import { fieldAt, type FieldValue } from './field-path.ts';
import type { FieldPath, PortalMapping } from './mapping.ts';
import { newProblems, type Problems } from './problems.ts';
import { readTime } from './read-time.ts';

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
 * A field of the wrong type makes the whole document `malformed`: guessing could wipe what the other side holds.
 */
export function readPortalUser(document: RawPortalDocument, mapping: PortalMapping): PortalReading {
  const { id, data, version } = document;
  const problems = newProblems();
  const rawEmail = emailText(data, mapping.email);
  const email = canonicalEmail(rawEmail);
  if (email === undefined) problems.add(mapping.email, emailProblem(rawEmail));
  const firstName = readName(data, mapping.firstName, problems);
  const lastName = readName(data, mapping.lastName, problems);
  const userName = mapping.userName && readName(data, mapping.userName, problems);
  const status = mapping.status && readStatus(data, mapping.status, problems);
  const attributes = readAttributes(data, mapping.attributes, problems);
  const updatedAt = mapping.updatedAt ? readUpdatedAt(data, mapping.updatedAt, problems) : undefined;
  const profile = { firstName, lastName, status, attributes };
  if (profileBytes(profile) + Buffer.byteLength(userName ?? '') > largestProfile) {
    problems.addSentence(
      `The names and attributes together must have at most ${largestProfile} bytes, 16 for each attribute included.`,
    );
  }
  const sentences = problems.sentences();
  if (sentences.length > 0 || email === undefined || rawEmail === undefined) {
    return { kind: 'malformed', id, email, problems: sentences, version };
  }
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
  const { emailVerified, passwordResetRequired } = mapping;
  const selected =
    attributes.kind === 'map' ? [attributes.path] : [...attributes.fields.values()].map(({ path }) => path);
  const paths = [
    email,
    firstName,
    lastName,
    userName,
    status,
    updatedAt,
    emailVerified,
    passwordResetRequired,
    ...selected,
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

function readName(data: unknown, path: FieldPath, problems: Problems): string | undefined {
  const field = presentAt(data, path);
  if (field.kind === 'missing') return undefined;
  if (field.kind === 'blocked' || typeof field.value !== 'string') {
    problems.add(path, 'must be text');
    return undefined;
  }
  if (!field.value.isWellFormed()) problems.add(path, 'must be well-formed Unicode');
  return field.value;
}

function readStatus(data: unknown, path: FieldPath, problems: Problems): string | undefined {
  const field = presentAt(data, path);
  if (field.kind === 'missing') return undefined;
  if (field.kind === 'value' && (field.value === 'active' || field.value === 'inactive')) return field.value;
  problems.add(path, 'must be "active" or "inactive"');
  return undefined;
}

function readUpdatedAt(data: unknown, path: FieldPath, problems: Problems): number | undefined {
  const field = presentAt(data, path);
  if (field.kind === 'missing') return undefined;
  const time = field.kind === 'value' ? readTime(field.value) : undefined;
  if (time === undefined) {
    problems.add(path, 'must be a timestamp, a number of milliseconds, or ISO 8601 text with a time zone');
  }
  return time;
}

/** Any value but `true` means no: rule 19, and where a password may have been chosen. */
function isTrue(data: unknown, path: FieldPath): boolean {
  const field = fieldAt(data, path);
  return field.kind === 'value' && field.value === true;
}
