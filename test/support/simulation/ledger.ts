import type { Field, Side } from './fields.ts';
import type { SeenWrite } from './operations.ts';

/** An edit that somebody made, or a value that the product wrote. */
export interface Entry {
  readonly at: number;
  readonly by: 'people' | 'product';
  readonly side: Side;
  readonly email: string;
  readonly field: Field;
  readonly value: string | undefined;
}

export interface StatusEntry {
  readonly at: number;
  readonly side: Side;
  readonly email: string;
  readonly value: string;
}

export interface Existence {
  readonly at: number;
  readonly kind: 'create' | 'delete';
  readonly side: Side;
  readonly email: string;
}

/** What really happened in a round: the truth that the end is held against. */
export interface Ledger {
  readonly entries: Entry[];
  readonly status: StatusEntry[];
  readonly existence: Existence[];
  /** People whose emails were moved or shared: only the common checks are made for them. */
  readonly tainted: Set<string>;
  /** The portal's statuses that nobody set in this round, by email: as it began, and of whom the product created since. */
  readonly given: Map<string, Set<unknown>>;
  /** People whose developers somebody wrote in Apigee. */
  readonly operated: Set<string>;
  /** People somebody did anything to. */
  readonly touched: Set<string>;
  /**
   * Developers somebody edited between the product's fresh read and its PUT. Apigee has no conditional update, so that
   * such an edit can be lost to no fault of the product.
   */
  readonly raced: Set<string>;
  /** The same of a status, between a read and a status call. */
  readonly statusRaced: Set<string>;
  /** What undos have put back. */
  readonly putBack: SeenWrite[];
  /** People of whom an undo has deleted what the product had made. */
  readonly removed: Set<string>;
}

export function newLedger(tainted: Set<string> = new Set(), given: Ledger['given'] = new Map()): Ledger {
  return {
    entries: [],
    status: [],
    existence: [],
    tainted,
    given,
    operated: new Set(),
    touched: new Set(),
    raced: new Set(),
    statusRaced: new Set(),
    putBack: [],
    removed: new Set(),
  };
}

export function givenTo({ given }: Pick<Ledger, 'given'>, email: string): Set<unknown> {
  const statuses = given.get(email) ?? new Set();
  given.set(email, statuses);
  return statuses;
}

export function lastEdit(ledger: Ledger, email: string, side: Side, field: Field): Entry | undefined {
  return ledger.entries.findLast(
    (entry) => entry.by === 'people' && entry.email === email && entry.side === side && entry.field === field,
  );
}

export function existenceOf(ledger: Ledger, email: string): readonly Existence[] {
  return ledger.existence.filter((entry) => entry.email === email);
}

export function happened(ledger: Ledger, email: string, side: Side, kind: Existence['kind']): boolean {
  return ledger.existence.some((entry) => entry.email === email && entry.side === side && entry.kind === kind);
}

/** Whether an undo has put back something of the person: this field, or any. */
export function isPutBack({ putBack }: Ledger, email: string, field?: Field | 'status'): boolean {
  return putBack.some((write) => write.email === email && (field === undefined || write.field === field));
}
