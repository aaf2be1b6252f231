import type { Operator } from '../asked.ts';

/** Finds out who makes a request. Called for every one of them. */
export type Identify = (headers: Headers) => Promise<Identified>;

export type Identified =
  | { readonly kind: 'operator'; readonly operator: Operator }
  /** Signed in, and in no list of the configuration. */
  | { readonly kind: 'stranger'; readonly email: string | undefined }
  /** `why`: fit for the log. */
  | { readonly kind: 'signed-out'; readonly why: string };
