import { hash } from 'node:crypto';
import type { Outcome } from './model/link.ts';

/** One person's result in one phase of a run. */
export interface Counted {
  readonly key: string;
  readonly outcome: Outcome;
}

/** How many distinct people ended how (rule 26). */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export interface Tally {
  /** Distinct people. */
  readonly seen: number;
  readonly outcomes: OutcomeCounts;
}

/** At most eight: an outcome is packed into three bits. */
const order: readonly Outcome[] = [
  'unchanged',
  'created-apigee',
  'created-portal',
  'updated-apigee',
  'updated-portal',
  'held',
  'failed',
];

/**
 * Counts people once each, however many batches met them: a listing may repeat someone, and a person listed in one phase
 * may be due in another. What a later phase did is what they ended with.
 *
 * A person is a 64-bit number: 59 bits of a digest, two for the phase, three for the outcome. A million people are eight
 * megabytes, and sorting them puts a person's phases side by side.
 */
export class Counter {
  private people = new BigUint64Array(1024);
  private size = 0;

  /** `phase`: 0 to 3, in the order in which phases run. */
  add(phase: number, { key, outcome }: Counted): void {
    if (this.size === this.people.length) {
      const larger = new BigUint64Array(this.people.length * 2);
      larger.set(this.people);
      this.people = larger;
    }
    const digest = hash('sha256', key, 'buffer').readBigUInt64BE() & ~31n;
    this.people[this.size] = digest | BigInt(phase << 3) | BigInt(order.indexOf(outcome));
    this.size += 1;
  }

  tally(): Tally {
    const outcomes = { ...noOutcomes };
    let seen = 0;
    let previous: bigint | undefined;
    let ended: Outcome = 'unchanged';
    let phaseEnded = 0n;
    for (const person of this.people.subarray(0, this.size).sort()) {
      const digest = person >> 5n;
      if (digest !== previous) {
        if (previous !== undefined) outcomes[ended] += 1;
        seen += 1;
        ended = 'unchanged';
        previous = digest;
      }
      const outcome = order[Number(person & 7n)] ?? 'unchanged';
      const phase = (person >> 3n) & 3n;
      // A person who is unchanged in a later phase needs no help any more; what was done before stays done.
      const helped = outcome === 'unchanged' && phase > phaseEnded && (ended === 'held' || ended === 'failed');
      if (outcome !== 'unchanged' || helped) ended = outcome;
      phaseEnded = phase;
    }
    if (previous !== undefined) outcomes[ended] += 1;
    return { seen, outcomes };
  }
}

/** Which people were met already, at sixteen bytes a person at most. A person is a 64-bit digest, never zero. */
export class Met {
  private slots = new BigUint64Array(1024);
  private size = 0;

  /** Whether the person was not met before. */
  add(key: string): boolean {
    if (this.size * 2 >= this.slots.length) this.grow();
    const isNew = put(this.slots, digestOf(key));
    if (isNew) this.size += 1;
    return isNew;
  }

  has(key: string): boolean {
    const digest = digestOf(key);
    return this.slots[placeOf(this.slots, digest)] === digest;
  }

  private grow(): void {
    const larger = new BigUint64Array(this.slots.length * 2);
    for (const digest of this.slots) if (digest !== 0n) put(larger, digest);
    this.slots = larger;
  }
}

function digestOf(key: string): bigint {
  return hash('sha256', key, 'buffer').readBigUInt64BE() | 1n;
}

/** Puts a digest into a table with room for it; answers whether it was not there. */
function put(slots: BigUint64Array, digest: bigint): boolean {
  const place = placeOf(slots, digest);
  if (slots[place] === digest) return false;
  slots[place] = digest;
  return true;
}

/** Where the digest is, or else the first free slot from its own place on. */
function placeOf(slots: BigUint64Array, digest: bigint): number {
  const mask = slots.length - 1;
  let place = Number(digest >> 32n) & mask;
  while (slots[place] !== digest && slots[place] !== 0n) place = (place + 1) & mask;
  return place;
}

const noOutcomes: OutcomeCounts = {
  unchanged: 0,
  'created-apigee': 0,
  'created-portal': 0,
  'updated-apigee': 0,
  'updated-portal': 0,
  held: 0,
  failed: 0,
};

/** Rules 16 and 32, the limits an operator set. */
export interface Limits {
  readonly limit: number;
  /** Of the people seen. */
  readonly percent: number;
  /** How many people a run may create, on both sides together (rule 32). */
  readonly creation: number;
}

/** Whether that many destructive writes may be made: all of them or none. */
export function gateOpens(
  planned: number,
  seen: number,
  { limit, percent }: Pick<Limits, 'limit' | 'percent'>,
): boolean {
  return planned <= limit && planned * 100 <= seen * percent;
}
