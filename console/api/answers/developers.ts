import type { SyncState } from '../requests.ts';

export interface DeveloperRow {
  readonly id: string;
  readonly developerId: string;
  readonly email: string;
  readonly userName: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly status: string;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  readonly createdAt: number;
  readonly lastModifiedAt: number;
  readonly sync: SyncState;
  readonly syncWords: string;
  /** Names of apps; null where they were not read. */
  readonly apps: readonly string[] | null;
}

/** One page, in Apigee's order. */
export interface DevelopersAnswer {
  readonly developers: readonly DeveloperRow[];
  /** For the next page; null: this was the last one. */
  readonly next: string | null;
}

/** `exact`: the email was asked for in one call. `prefix`: from the index of links. */
export interface SearchAnswer {
  readonly kind: 'exact' | 'prefix';
  readonly developers: readonly DeveloperRow[];
  /** People whose email begins like this and who have no developer. */
  readonly others: readonly { readonly id: string; readonly key: string; readonly words: string }[];
  readonly next: string | null;
}

export type ScanLine =
  | { readonly kind: 'developer'; readonly developer: DeveloperRow }
  /** After each page. `next`: from where another scan goes on. */
  | { readonly kind: 'progress'; readonly looked: number; readonly found: number; readonly next: string | null }
  /** `complete`: everyone was looked at. */
  | {
      readonly kind: 'over';
      readonly looked: number;
      readonly found: number;
      readonly complete: boolean;
      readonly next: string | null;
      readonly problem: string | null;
    };
