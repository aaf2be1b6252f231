import type { NewPortalUser } from '../core/model/decision.ts';
import type { Change } from '../core/model/change.ts';
import type { CanonicalEmail, PersonKey } from '../core/model/email.ts';
import type { FieldChange, PortalReading, Status } from '../core/model/profile.ts';
import type { Link } from '../core/model/link.ts';

/**
 * Portal users and links: everything about people that lives in Firestore, read through the portal's mapping.
 * Implemented on Firestore and in memory; one contract. Failures of the store are thrown: every caller treats them the
 * same way, as transient (rule 25). Ids and keys are ordered by their UTF-8 bytes, as Firestore does.
 */
export interface People {
  links(keys: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, StoredLink>>;
  /** The links that name this document as their portal user or as a rival; normally none or one. */
  linksOfPortalUser(userId: string): Promise<readonly StoredLink[]>;
  /** The first `limit` links whose `userId` is in (after, through], by `userId`. Undefined: no bound on that end. */
  linksByUserId(range: IdRange, limit: number): Promise<readonly StoredLink[]>;
  /** Links of people who are only on the portal, after `after` (a link id), by link id. */
  linksOnlyOnPortal(page: LinkPage): Promise<readonly StoredLink[]>;
  /** Links with `due` at or before `at`, by (due, link id), after the link `after`. */
  linksDue(page: LinkPage & { readonly at: number }): Promise<readonly StoredLink[]>;
  /** Links of people with a developer (presence `both` or `apigee`), by link id. */
  linksWithDeveloper(page: LinkPage): Promise<readonly StoredLink[]>;
  countLinksWithDeveloper(): Promise<number>;
  /**
   * Whose links were written at `since` or later, ms by the store's own clock; undefined where there are more than `limit`.
   * A link that was written quietly last is not among them.
   */
  keysWrittenSince(since: number, limit: number): Promise<readonly PersonKey[] | undefined>;
  /** Links with a hold or a failure, by link id. */
  troubledLinks(page: LinkPage): Promise<readonly StoredLink[]>;

  /** A missing id is mapped to `absent`. */
  portalUsers(ids: readonly string[]): Promise<ReadonlyMap<string, PortalReading>>;
  /** The next documents after the id `after`, by id: at most `limit`, and fewer where they are large. */
  portalPage(page: { readonly after: string | undefined; readonly limit: number }): Promise<PortalPage>;
  /** Every document with an id in (after, through]. */
  portalRange(range: IdRange): Promise<readonly PortalDocument[]>;
  /** Ids of documents whose mapped email field is exactly this; other spellings are found through their link. */
  userIdsWithEmail(email: CanonicalEmail): Promise<readonly string[]>;
  /**
   * Documents whose mapped `updatedAt` is at or after `since` (ms), in any of its readable types (timestamp, number of
   * ms, ISO 8601 text), oldest first. Empty where the mapping names no such field. At most `limit`; none at all where
   * they are together too large for a page.
   */
  portalChangedSince(since: number, limit: number): Promise<PortalPage>;

  /** Reads what `scope` names, plainly: nobody's write has to wait for it. */
  read(scope: ReadScope): Promise<View>;

  /**
   * One atomic step over links and portal users (rule 22): reads what `scope` names, calls `step`, and writes what `step`
   * returns, all of it or nothing. No lock is taken. What is written is written only if it is still as `step` saw it;
   * what is only read may have changed by then. After a conflict everything is read anew and `step` is called again, so
   * `step` must be pure. A link outside the scope, or a portal user, is written whatever is there.
   */
  transact<T>(scope: TransactionScope, step: (view: View) => TransactionStep<T>): Promise<Committed<T>>;
}

export interface StoredLink {
  readonly link: Link;
  /** The link document's update time, opaque; changes with every write. */
  readonly version: string;
}

export interface PortalDocument {
  readonly id: string;
  readonly reading: PortalReading;
}

export interface PortalPage {
  readonly documents: readonly PortalDocument[];
  /** There may be further documents: as many as the limit were found, or more than a page may hold. */
  readonly more: boolean;
}

export interface IdRange {
  readonly after: string | undefined;
  readonly through: string | undefined;
}

export interface LinkPage {
  /** The last link of the page before, or as much of it as the order needs; undefined for the first page. */
  readonly after: { readonly link: Pick<Link, 'key' | 'due'> } | undefined;
  readonly limit: number;
}

export type Committed<T> =
  /** `versions`: of the links that were written. */
  | { readonly kind: 'committed'; readonly result: T; readonly versions: ReadonlyMap<PersonKey, string> }
  /**
   * Nothing was written, and never will be: a document over 1 MiB or with too many index entries, a field name that is
   * too long, text that is not Unicode. Every other failure of the store passes by itself and is thrown.
   */
  | { readonly kind: 'refused' };

/** The version of a portal document, or undefined where there is none. */
export function versionOf(reading: PortalReading | undefined): string | undefined {
  switch (reading?.kind) {
    case 'user':
      return reading.user.version;
    case 'malformed':
      return reading.version;
    case 'absent':
    case undefined:
      return undefined;
  }
}

/** The result of a step that writes nothing but our own links, which always fit: a refusal is a bug. */
export function committed<T>(outcome: Committed<T>): T {
  if (outcome.kind === 'refused') throw new Error('the store refuses a link of ours');
  return outcome.result;
}

export interface ReadScope {
  readonly links: readonly PersonKey[];
  readonly userIds: readonly string[];
  /** Also finds the documents with exactly this email. */
  readonly portalEmail?: CanonicalEmail;
}

export interface TransactionScope extends ReadScope {
  /** What was read of this scope a moment ago: the first try works on it and reads no more than is missing. */
  readonly seen?: View | Pick<View, 'links'>;
}

/** What a transaction sees in its first try, where something of its scope was seen before. */
export async function completed(
  { seen, ...scope }: TransactionScope,
  read: (scope: ReadScope) => View | Promise<View>,
): Promise<View> {
  if (seen === undefined) return read(scope);
  return 'portal' in seen ? seen : { ...(await read({ ...scope, links: [] })), ...seen };
}

/** What a scope names, at one moment. */
export interface View {
  /** Only those that exist. */
  readonly links: ReadonlyMap<PersonKey, StoredLink>;
  /** Every id of the scope; a missing document is `absent`. */
  readonly portal: ReadonlyMap<string, PortalReading>;
  readonly userIdsWithEmail: readonly string[];
  /** The store's own clock when this was read, ms: leases are granted and judged by it, whatever our clocks say. */
  readonly now: number;
}

export interface TransactionStep<T> {
  readonly result: T;
  /** Links to write whole, or to remove (`remove` is for the links of documents without an email only). */
  readonly links?: readonly Link[];
  /** Of these, the ones that whoever writes them remembers: `keysWrittenSince` does not tell of them. */
  readonly quiet?: ReadonlySet<PersonKey>;
  readonly removeLinks?: readonly PersonKey[];
  readonly portal?: readonly PortalWrite[];
  /** What the step changes, and Apigee before it, to be kept (rule 34). */
  readonly changes?: readonly Change[];
  /** Documents of others, made along with it: of a mail that is to be sent. */
  readonly alongside?: readonly NewDocument[];
}

/** A new document under an id that Firestore chooses. */
export interface NewDocument {
  /** Id or path. */
  readonly collection: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What may be written to the portal: nothing outside the mapped fields is ever touched. */
export type PortalWrite =
  | { readonly kind: 'create'; readonly id: string; readonly user: NewPortalUser }
  | { readonly kind: 'update'; readonly id: string; readonly changes: readonly FieldChange[] }
  | { readonly kind: 'set-status'; readonly id: string; readonly status: Status }
  | { readonly kind: 'delete'; readonly id: string };
