import { fewestCalls } from './listing.ts';

/** What somebody's client needs for one run: calls in all, and how many of them wait for one another. */
export interface ClientCalls {
  readonly calls: number;
  readonly inSequence: number;
}

/** What a run is about: developers in all, and how many of them were edited on the portal since the last one. */
export interface Work {
  readonly people: number;
  readonly changed: number;
}

/**
 * The fewest calls there can be, without an outbox on either side: everybody is listed, and whoever changed is read, because a
 * PUT replaces everything, and written. `atOnce`: how many calls are under way at the same time.
 */
export function fewest({ people, changed }: Work, atOnce: number): ClientCalls {
  const list = fewestCalls(people);
  return { calls: list + 2 * changed, inSequence: Math.ceil(list / atOnce) + Math.ceil((2 * changed) / atOnce) };
}

/**
 * As Drupal's module `apigee_edge` 3.x does it, one call after the other: it reads the organisation to know how to page, lists
 * until a page shows nobody new, and saves a developer with a PUT and always a status call. In its favour: every developer is
 * still in its cache, which keeps them for 15 minutes.
 */
export function oneAfterTheOther({ people, changed }: Work): ClientCalls {
  const calls = 1 + fewestCalls(people) + 1 + 2 * changed;
  return { calls, inSequence: calls };
}

/** The same once the cache has run out while it works: each person is read anew before the sides are compared. */
export function oneAfterTheOtherCold(work: Work): ClientCalls {
  const warm = oneAfterTheOther(work);
  const calls = warm.calls + work.people;
  return { calls, inSequence: calls };
}

/** `apigeecli developers import` works on so many developers at once. */
const connections = 4;

/**
 * As `apigeecli` does it: an export lists page by page, and an import sends everybody, changed or not, over four connections. It
 * keeps nothing by which it could know who changed.
 */
export function fourConnections({ people }: Work): ClientCalls {
  const list = fewestCalls(people) + 1;
  return { calls: list + people, inSequence: list + Math.ceil(people / connections) };
}
