import { hash } from 'node:crypto';

/** An email in the one form in which two emails are compared (rules 1, 31): trimmed, in NFC, in lower case. */
export type CanonicalEmail = string & { readonly brand: 'CanonicalEmail' };

/**
 * What a person is counted and locked by: a canonical email, or `#` and the document id for a portal document that has
 * no usable email (rule 18). An email never starts with `#` here, so the two cannot meet.
 */
export type PersonKey = CanonicalEmail | `#${string}`;

/** RFC 5321 allows 254 octets for a path; Apigee documents no limit of its own. */
const longestEmail = 254;

/** One `@`, something on both sides, and no space or control character. */
const plausible = /^[^\s@#\p{Cc}][^\s@\p{Cc}]*@[^\s@\p{Cc}]+$/u;

/** What nobody sees: control and format characters, and what a font leaves out (U+200B, U+2060, U+00AD, U+034F, …). */
const invisible = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

const ascii = /^\p{ASCII}*$/u;

/**
 * The canonical form of `raw`, or undefined where `raw` cannot be used as an email at all. So it is with letters that would
 * make two addresses one: somebody could register with U+212A, the sign for kelvin, and be taken for the person whose
 * address has a k (rule 31).
 */
export function canonicalEmail(raw: unknown): CanonicalEmail | undefined {
  const former = formerCanonicalEmail(raw);
  if (former === undefined || typeof raw !== 'string') return undefined;
  const text = raw.trim();
  if (ascii.test(text)) return former;
  const canonical = former.normalize('NFC');
  const isAmbiguous = invisible.test(text) || Array.from(text + canonical).some(foldsIntoAscii);
  return isAmbiguous || canonical.length > longestEmail ? undefined : (canonical as CanonicalEmail);
}

/** As versions before 0.2 made it: links of that time have such keys. */
export function formerCanonicalEmail(raw: unknown): CanonicalEmail | undefined {
  if (typeof raw !== 'string' || !raw.isWellFormed()) return undefined;
  const canonical = raw.trim().toLowerCase();
  return canonical.length <= longestEmail && plausible.test(canonical) ? (canonical as CanonicalEmail) : undefined;
}

/** Whether a character outside ASCII has an ASCII one in its lower, upper or compatible form. */
function foldsIntoAscii(character: string): boolean {
  if (ascii.test(character)) return false;
  return /\p{ASCII}/u.test(character.toLowerCase() + character.toUpperCase() + character.normalize('NFKC'));
}

/** Whether an email may be written in two ways that look the same: with its accents in their letters, or apart from them. */
export function hasAccents(email: PersonKey): boolean {
  return email.normalize('NFD') !== email;
}

/** The key of a portal document without a usable email. */
export function documentKey(userId: string): PersonKey {
  return `#${userId}`;
}

/** The document id of a person's link: fixed length, evenly spread, never a reserved or oversized Firestore id. */
export function linkId(key: PersonKey): string {
  return hash('sha256', key, 'hex');
}

/**
 * The document id of the portal user that is created for a developer. Two writers that create at the same time choose the
 * same id, and only one of them succeeds. Nobody who does not know the developer's id can guess it.
 */
export function derivedUserId(
  key: PersonKey,
  { developerId, createdAt }: { readonly developerId: string; readonly createdAt: number },
): string {
  const source = JSON.stringify([key, developerId, createdAt]);
  return hash('sha256', source, 'base64url').slice(0, 20);
}
