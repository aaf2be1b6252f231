import type { Developer } from '../core/model/profile.ts';
import type { Answer, ListPage } from './developers.ts';

/** The apps of an organisation's developers: read only, for operators. Over HTTP and in memory; one contract. */
export interface Apps {
  /** The developer's apps, at most 1000; undefined where there is no such developer. */
  of(email: string): Promise<Answer<readonly App[] | undefined>>;
  /** One page of the expanded listing, as of `Developers`, with the names of each one's apps: at most 100 of them. */
  listed(page: ListPage): Promise<Answer<ListedPage>>;
}

export interface ListedPage {
  /** Of every entry, in Apigee's order, also of those that are not expanded. */
  readonly emails: readonly string[];
  /** The expanded ones. */
  readonly developers: readonly ListedDeveloper[];
}

export interface ListedDeveloper {
  readonly developer: Developer;
  readonly apps: readonly string[];
}

/** Times in ms since the epoch, zero where Apigee says none. */
export interface App {
  readonly name: string;
  /** `approved`, `revoked`, `pending`. */
  readonly status: string;
  readonly createdAt: number;
  readonly lastModifiedAt: number;
  readonly keys: readonly AppKey[];
}

/** Of the key itself only the end is kept, and the secret is never read. */
export interface AppKey {
  /** The last four characters of the key. */
  readonly keyEnd: string;
  readonly status: string;
  readonly issuedAt: number;
  /** Undefined: never. */
  readonly expiresAt: number | undefined;
  readonly products: readonly { readonly name: string; readonly status: string }[];
}
