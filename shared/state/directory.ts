import type { StoredLink } from './people.ts';

/** How operators find links: by the id that stands for a person in addresses, and by the beginning of an email. */
export interface Directory {
  /** By the link's document id. Undefined where there is none. */
  link(id: string): Promise<StoredLink | undefined>;
  /** Links whose key begins with `prefix`, by key; after the key `after`. */
  keysBeginningWith(
    prefix: string,
    page: { readonly after: string | undefined; readonly limit: number },
  ): Promise<readonly StoredLink[]>;
}

/** The end of the range of keys that begin with `prefix`: no key holds this character. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}
