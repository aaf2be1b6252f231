import { createHash } from 'node:crypto';
import type { Developer } from './profile.ts';

/** An email in the one form in which two emails are compared (rule 1): trimmed and lower-cased. */
export type CanonicalEmail = string & { readonly brand: 'CanonicalEmail' };

/**
 * What a person is counted and locked by: a canonical email, or `#` and the document id for a portal document that has
 * no usable email (rule 18). An email never starts with `#` here, so the two cannot meet.
 */
export type PersonKey = CanonicalEmail | `#${string}`;

/** RFC 5321 allows 254 octets for a path; Apigee documents no limit of its own. */
const longestEmail = 254;

/** One `@`, something on both sides, and no space or control character. */
const usable = /^[^\s@#\p{Cc}][^\s@\p{Cc}]*@[^\s@\p{Cc}]+$/u;

/** The canonical form of `raw`, or undefined where `raw` cannot be used as an email at all. */
export function canonicalEmail(raw: unknown): CanonicalEmail | undefined {
  if (typeof raw !== 'string' || !raw.isWellFormed()) return undefined;
  const canonical = raw.trim().toLowerCase();
  return canonical.length <= longestEmail && usable.test(canonical) ? (canonical as CanonicalEmail) : undefined;
}

/** The key of a portal document without a usable email. */
export function documentKey(userId: string): PersonKey {
  return `#${userId}`;
}

/** The document id of a person's link: fixed length, evenly spread, never a reserved or oversized Firestore id. */
export function linkId(key: PersonKey): string {
  return createHash('sha256').update(key).digest('hex');
}

/**
 * The document id of the portal user that is created for a developer. Two writers that create at the same time choose the
 * same id, and only one of them succeeds. Nobody who does not know the developer's id can guess it.
 */
export function derivedUserId(
  key: PersonKey,
  { developerId, createdAt }: Pick<Developer, 'developerId' | 'createdAt'>,
): string {
  const source = JSON.stringify([key, developerId, createdAt]);
  return createHash('sha256').update(source).digest('base64url').slice(0, 20);
}
