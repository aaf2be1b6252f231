import type { Role } from '../roles.ts';
import type { PersonAnswer, Side } from './person.ts';

/*
 * What the console's API answers. Times are ms since the epoch; ids of people are opaque and fit for an address, their
 * emails are not (rule 27). Sentences (`words`, `reason` …) are to be shown as they are.
 */

/** Any answer that is not 2xx. */
export interface Problem {
  readonly error:
    /** 400: the request is not as it must be. `fields`: one sentence for each wrong field of the body. */
    | { readonly kind: 'invalid'; readonly message: string; readonly fields: readonly FieldProblem[] }
    /** 401: sign in (again). */
    | { readonly kind: 'signed-out'; readonly message: string }
    /** 403: signed in, without the role that this needs. `role`: what the operator has. */
    | { readonly kind: 'not-allowed'; readonly message: string; readonly needs: Role; readonly role: Role | null }
    /** 403: not a request of the console's own page. */
    | { readonly kind: 'cross-site'; readonly message: string }
    /** 404 */
    | { readonly kind: 'not-found'; readonly message: string }
    /** 409: the person changed since the page was opened, and nothing was done. */
    | {
        readonly kind: 'conflict';
        readonly message: string;
        readonly diff: readonly ConflictField[];
        readonly now: PersonAnswer;
      }
    /** 409: the number or the email that was typed is not the one that counts now, and nothing was done. */
    | { readonly kind: 'mistyped'; readonly message: string; readonly expected: number | null }
    /** 422: could not be done as things stand; the message says what to do. */
    | { readonly kind: 'refused'; readonly message: string }
    /** 503: Apigee, Firestore or another service did not answer as it should. */
    | { readonly kind: 'unavailable'; readonly message: string }
    | { readonly kind: 'failed'; readonly message: string };
}

export interface FieldProblem {
  /** As in the body, such as `firstName`, `attributes.plan` or `changes.0.value`. */
  readonly field: string;
  readonly message: string;
}

/** One field that changed since the page was opened, or that the edit would have set. */
export interface ConflictField {
  readonly field: string;
  readonly side: Side;
  readonly now: string | null;
  /** What the edit would have made of it; undefined where the edit does not touch the field. */
  readonly edit?: string | null;
}
