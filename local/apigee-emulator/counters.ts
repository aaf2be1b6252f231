/** The kinds of requests that are counted. */
export const operations = ['list', 'get', 'create', 'update', 'status', 'delete', 'attributes', 'other'] as const;
export type Operation = (typeof operations)[number];
export type Counts = Record<Operation | 'total', number>;

/** Counts every HTTP request, failed ones too, and the writes that took effect, whatever was answered. */
export interface Counters {
  readonly requests: Readonly<Counts>;
  readonly writes: Readonly<Counts>;
}

export class CallCounters {
  #requests = zero();
  #writes = zero();

  countRequest(operation: Operation): void {
    this.#requests[operation]++;
    this.#requests.total++;
  }

  countWrite(operation: Operation): void {
    this.#writes[operation]++;
    this.#writes.total++;
  }

  read(): Counters {
    return { requests: { ...this.#requests }, writes: { ...this.#writes } };
  }

  reset(): void {
    this.#requests = zero();
    this.#writes = zero();
  }
}

function zero(): Counts {
  return { list: 0, get: 0, create: 0, update: 0, status: 0, delete: 0, attributes: 0, other: 0, total: 0 };
}
