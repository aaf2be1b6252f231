import type { Developer, Status } from '../core/model/profile.ts';

/** The developers of one organisation, as the product uses them. Implemented over HTTP and in memory; one contract. */
export interface Developers {
  /** One page of the unexpanded listing: emails as Apigee keeps them, in Apigee's order, `startKey` included. */
  listEmails(page: ListPage): Promise<Answer<readonly string[]>>;
  /** One page of the expanded listing, in Apigee's order, `startKey` included. */
  listDevelopers(page: ListPage): Promise<Answer<ListedDevelopers>>;
  /**
   * The developer, or undefined if Apigee itself says that there is none. A developerId finds one as well. `turn`: `begun` where the person's lease is ours;
   * such a read goes before those of people who are not begun (rule 13).
   */
  get(email: string, turn?: 'begun' | 'waiting'): Promise<Answer<Developer | undefined>>;
  /** Always created active: status has its own call. `conflict` if the email is taken. */
  create(developer: DeveloperBody): Promise<Answer<Developer>>;
  /** Replaces everything but status, also what we do not know of the developer. `email` is the developer's present one; `developer.email` may differ on Edge only. */
  update(email: string, developer: DeveloperBody): Promise<Answer<Developer>>;
  setStatus(email: string, status: Status): Promise<Answer<void>>;
  /** Deletes the developer with its apps and keys. Succeeds also where the developer is gone already. */
  delete(email: string): Promise<Answer<void>>;
}

export interface ListedDevelopers {
  /** Every email of the page, as Apigee keeps it. */
  readonly emails: readonly string[];
  /**
   * The developers of these emails. One whom Apigee did not expand (no developerId or no names), or of whom two entries
   * contradict each other, is left out: read them with `get`.
   */
  readonly developers: readonly Developer[];
}

export interface ListPage {
  /**
   * Inclusive; undefined: from the beginning. If that developer is gone, the answer is `absent`, or begins at the next
   * one.
   */
  readonly startKey: string | undefined;
  /** At most 1000, at least 2: with an inclusive start key a page of one never advances. */
  readonly count: number;
}

/**
 * What a POST or PUT carries. A PUT wipes what it leaves out, members that we do not know included: `others` has to be what
 * the developer was read with (rule 30). Nothing else may be sent, X refuses members that it does not know itself.
 */
export type DeveloperBody = Pick<Developer, 'email' | 'attributes' | 'others'> & {
  readonly userName: string;
  readonly firstName: string;
  readonly lastName: string;
};

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ApigeeError };

/** The operations as they are counted in reports. */
export const operations = ['list', 'get', 'create', 'update', 'status', 'delete'] as const;
export type Operation = (typeof operations)[number];
export type ApigeeCalls = Record<Operation, number>;

export interface ApigeeError {
  readonly kind: ApigeeErrorKind;
  readonly operation: Operation;
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** Apigee's own code (`developer.service.…`) where it gave one. */
  readonly code: string | undefined;
  /**
   * A sentence with the operation, the status and Apigee's own message; emails, ids and tokens are removed (rule 27).
   */
  readonly message: string;
  /** Whether the call may have taken effect although it failed: a write got no answer, or a broken one. */
  readonly ambiguous: boolean;
  /**
   * Of a write: nothing of it is on its way any more, and after so many ms, Apigee may be asked how the developer is now.
   * Undefined where asking would be pointless, or too early to tell.
   */
  readonly lookAgainAfterMs?: number;
  /** Not sent: the breaker is open, or the call budget is used up; other calls would fare no better now. */
  readonly suspended?: true;
}

/**
 * - `absent`: Apigee's own 404. Google's HTML 404 page is `unavailable`: it says nothing about a developer (rule 25).
 * - `conflict`: 409, the email is taken.
 * - `refused`: 400, and other answers that refuse this one request for good.
 * - `denied`: 401 or 403, after the token was renewed once. This concerns every call, not one person.
 * - `unavailable`: everything that passes by itself: 408, 409 of another kind, 429, 5xx, timeouts, HTML, truncated or empty answers.
 */
export type ApigeeErrorKind = 'absent' | 'conflict' | 'refused' | 'denied' | 'unavailable';
