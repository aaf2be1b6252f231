import { canonicalEmail, documentKey, formerCanonicalEmail, linkId, type PersonKey } from '../../core/model/email.ts';

/** Whom to forget: every name under which we may have kept something of the person. */
export interface PersonKept {
  readonly key: PersonKey;
  /** Keys of links, the person's own first; those of earlier versions and of documents that are gone included. */
  readonly keys: readonly PersonKey[];
  /** How Apigee may spell the email. */
  readonly spellings: readonly string[];
  /** Ids of portal documents that a link names. */
  readonly userIds: readonly string[];
  /** A link says that there is a developer: one "not found" does not prove that they are gone (rule 29). */
  readonly hasKnownDeveloper: boolean;
  /** The links of these keys, as they were found: by key, what changes with every write. */
  readonly versions: ReadonlyMap<PersonKey, string>;
  /** Stands for the person from now on: a keyed hash. */
  readonly hash: string;
}

/** The keys that an email may have: canonical, and as versions before 0.2 made them, with accents apart. */
export function keysOf(key: PersonKey): readonly PersonKey[] {
  const former = [key, key.normalize('NFC'), key.normalize('NFD')].flatMap((text) => formerCanonicalEmail(text) ?? []);
  return [...new Set<PersonKey>([key, ...former])];
}

export function documentKeys(userIds: readonly string[]): readonly PersonKey[] {
  return userIds.map(documentKey);
}

/** Whether a text that we kept, an email in any spelling or a key, names the person. */
export function namesPerson({ keys }: Pick<PersonKept, 'keys'>): (text: string) => boolean {
  const known = new Set<string>(keys);
  return (text) => {
    const canonical = canonicalEmail(text) ?? formerCanonicalEmail(text);
    return known.has(text) || (canonical !== undefined && known.has(canonical));
  };
}

/** What stands for the person where a key has to stand: no portal document has such an id, and no link is kept of it. */
export function standInFor({ hash }: Pick<PersonKept, 'hash'>): PersonKey {
  return `#forgotten:${hash}`;
}

/** Whether a free text names the person, in any case. */
export function mentionsPerson({ keys }: Pick<PersonKept, 'keys'>): (text: string) => boolean {
  const emails = keys.filter((key) => !key.startsWith('#')).flatMap((key) => [key, linkId(key)]);
  return (text) => emails.some((email) => text.toLowerCase().includes(email));
}
