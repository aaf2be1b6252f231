import pMap from 'p-map';
import type { PersonResult } from '../sync/result.ts';
import type { Denied } from './phases/phase.ts';
import type { Again } from './session.ts';

/** How the work on many people ended. */
export type WorkedOnEach<T> =
  /** `left`: those for whom there was no time. */
  | { readonly kind: 'worked'; readonly left: readonly T[] }
  /** The breaker is open, or Apigee refuses every call: no further person was begun. */
  | Again
  | Denied;

interface Pace {
  readonly peopleAtOnce: number;
  readonly mayBegin: () => boolean;
}

/**
 * Works on people, a few at once. One who fails stops nobody else (rule 7), but where every call would fare no better, nobody
 * else is begun. `done` is called for each person as soon as the result is there.
 */
export async function workOnEach<T, R extends { readonly result: PersonResult }>(
  people: readonly T[],
  { peopleAtOnce, mayBegin }: Pace,
  work: (person: T) => Promise<R>,
  done: (person: T, worked: R) => void,
): Promise<WorkedOnEach<T>> {
  const left: T[] = [];
  let failure: Again | Denied | undefined;
  await pMap(
    people,
    async (person) => {
      if (failure !== undefined || !mayBegin()) {
        left.push(person);
        return;
      }
      const worked = await work(person);
      const { disposition, reason } = worked.result;
      if (disposition === 'denied') failure = { kind: 'denied', message: reason };
      else if (disposition === 'suspended') failure ??= { kind: 'again', reason: 'apigee', message: reason };
      else done(person, worked);
    },
    { concurrency: peopleAtOnce },
  );
  return failure ?? { kind: 'worked', left };
}
