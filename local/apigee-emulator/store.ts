import { hash, randomUUID } from 'node:crypto';
import type { Attribute, DeveloperRecord, DeveloperSeed } from './developer.ts';
import type { Settings } from './settings.ts';

type Order = Settings['order'];
type Rank = string | number;

interface Entry {
  readonly sequence: number;
  record: DeveloperRecord;
}

/** The developers of the one organisation, by exact email and by developerId, in a stable listing order. */
export class DeveloperStore {
  readonly #byEmail = new Map<string, Entry>();
  readonly #byId = new Map<string, Entry>();
  /** The places of developers that are gone. */
  readonly #gone = new Map<string, number>();
  #nextSequence = 0;
  #ordered: { readonly order: Order; readonly entries: Entry[] } | undefined;

  get size(): number {
    return this.#byEmail.size;
  }

  byEmail(email: string): DeveloperRecord | undefined {
    return this.#byEmail.get(email)?.record;
  }

  find(emailOrId: string): DeveloperRecord | undefined {
    return (this.#byEmail.get(emailOrId) ?? this.#byId.get(emailOrId))?.record;
  }

  /** Adds a developer, or replaces the one with this email in its place. */
  put(record: DeveloperRecord): void {
    const known = this.#byEmail.get(record.email);
    if (known) {
      this.#byId.delete(known.record.developerId);
      known.record = record;
      this.#byId.set(record.developerId, known);
      return;
    }
    const entry: Entry = { sequence: this.#nextSequence++, record };
    this.#byEmail.set(record.email, entry);
    this.#byId.set(record.developerId, entry);
    this.#gone.delete(record.email);
    if (this.#ordered?.order === 'insertion') this.#ordered.entries.push(entry);
    else this.#ordered = undefined;
  }

  /** Gives a developer another email in the same place. Answers false if there is no such developer. */
  rename(email: string, record: DeveloperRecord): boolean {
    const entry = this.#byEmail.get(email);
    if (!entry) return false;
    this.#byEmail.delete(email);
    this.#gone.set(email, entry.sequence);
    entry.record = record;
    this.#byEmail.set(record.email, entry);
    this.#gone.delete(record.email);
    this.#ordered = undefined;
    return true;
  }

  delete(email: string): boolean {
    const entry = this.#byEmail.get(email);
    if (!entry) return false;
    this.#byEmail.delete(email);
    this.#byId.delete(entry.record.developerId);
    this.#gone.set(email, entry.sequence);
    this.#ordered = undefined;
    return true;
  }

  clear(): void {
    this.#byEmail.clear();
    this.#byId.clear();
    this.#gone.clear();
    this.#ordered = undefined;
  }

  /** All developers in the order of the listing. */
  all(order: Order): DeveloperRecord[] {
    return this.#entries(order).map((entry) => entry.record);
  }

  slice(order: Order, from: number, count: number): DeveloperRecord[] {
    return this.#entries(order)
      .slice(from, from + count)
      .map((entry) => entry.record);
  }

  /** The place of the first developer that is not before `email`; undefined where `email` never had a place. */
  positionOf(order: Order, email: string): number | undefined {
    const sequence = this.#byEmail.get(email)?.sequence ?? this.#gone.get(email);
    if (sequence === undefined && order === 'insertion') return undefined;
    const wanted = rank(order, email, sequence ?? 0);
    const entries = this.#entries(order);
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = entries[middle];
      if (entry && before(order, rank(order, entry.record.email, entry.sequence), wanted)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #entries(order: Order): readonly Entry[] {
    const ordered = this.#ordered;
    if (ordered && sameOrder(ordered.order, order)) return ordered.entries;
    const ranked = [...this.#byEmail.values()].map((entry) => ({
      entry,
      rank: rank(order, entry.record.email, entry.sequence),
    }));
    ranked.sort((a, b) => (before(order, a.rank, b.rank) ? -1 : 1));
    const entries = ranked.map(({ entry }) => entry);
    this.#ordered = { order, entries };
    return entries;
  }
}

function sameOrder(a: Order, b: Order): boolean {
  return typeof a === 'string' || typeof b === 'string' ? a === b : a.shuffled === b.shuffled;
}

function rank(order: Order, email: string, sequence: number): Rank {
  if (order === 'insertion') return sequence;
  if (order === 'email' || order === 'reverse') return email;
  return hash('md5', `${order.shuffled}:${email}`, 'hex');
}

function before(order: Order, a: Rank, b: Rank): boolean {
  return order === 'reverse' ? a > b : a < b;
}

/** A record from a seed; `now` in ms since the epoch. */
export function recordFromSeed(seed: DeveloperSeed, known: DeveloperRecord | undefined, now: number): DeveloperRecord {
  const { attributes = [], createdAt = now } = seed;
  return {
    developerId: known?.developerId ?? randomUUID(),
    firstName: 'First',
    lastName: 'Last',
    userName: seed.email,
    status: 'active',
    others: {},
    apps: [],
    companies: [],
    createdBy: 'admin@example.com',
    lastModifiedBy: 'admin@example.com',
    lastModifiedAt: createdAt,
    ...seed,
    createdAt,
    attributes: listAttributes(attributes),
  };
}

function listAttributes(attributes: NonNullable<DeveloperSeed['attributes']>): readonly Attribute[] {
  if (isList(attributes)) return [...attributes];
  return Object.entries(attributes).map(([name, value]) => ({ name, value }));
}

/** `Array.isArray` does not narrow a union of a readonly array and a record. */
function isList(attributes: NonNullable<DeveloperSeed['attributes']>): attributes is readonly Attribute[] {
  return Array.isArray(attributes);
}
