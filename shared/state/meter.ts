/**
 * Documents read and written, as Firestore bills them; the adapters add to it. Missing documents and queries without a
 * result count as one read, an aggregation as one per thousand entries. `reads` and `writes` are links and portal
 * users; `bookkeeping` is both reads and writes of everything else (runs, batches, control, rejections,
 * allowance, changes), and `bookkeepingWrites` is how many of them are writes.
 * A transaction's reads count on every try, its writes when it commits. `conflicts` are tries that found another writer in
 * their way: they are no documents, and cost milliseconds.
 */
export interface Meter {
  reads: number;
  writes: number;
  bookkeeping: number;
  bookkeepingWrites: number;
  conflicts: number;
}

export function newMeter(): Meter {
  return { reads: 0, writes: 0, bookkeeping: 0, bookkeepingWrites: 0, conflicts: 0 };
}

/** Counts writes of our own documents. */
export function billBookkeepingWrites(meter: Meter, documents: number): void {
  meter.bookkeeping += documents;
  meter.bookkeepingWrites += documents;
}

/** What a query of `found` documents costs. */
export function queryReads(found: number): number {
  return Math.max(1, found);
}

/** What counting `counted` documents costs. */
export function countReads(counted: number): number {
  return Math.max(1, Math.ceil(counted / 1000));
}
