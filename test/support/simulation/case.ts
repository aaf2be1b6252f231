import { happened } from './ledger.ts';
import type { Person } from './snapshot.ts';
import type { World } from './world.ts';

/** One person before and after a round, and where to complain. */
export interface Case {
  readonly world: World;
  readonly email: string;
  readonly before: Person;
  readonly after: Person;
  readonly fail: (text: string) => void;
}

/** One on each side, and nothing that keeps them apart. */
export function isSettled({ users, developers, link }: Person): boolean {
  const [user] = users;
  if (user === undefined || users.length > 1 || developers.length !== 1) return false;
  return link?.userId === user.id && link.hold === undefined && link.failure === undefined;
}

export function isInStep(person: Person): boolean {
  return isSettled(person) && person.link?.base !== undefined;
}

/** Somebody who was in step when the round began, and whom nobody created or deleted since. */
export function isUndisturbed({ world, email, before }: Case): boolean {
  const { ledger } = world;
  const sides = ['portal', 'apigee'] as const;
  const kinds = ['create', 'delete'] as const;
  const moved = sides.some((side) => kinds.some((kind) => happened(ledger, email, side, kind)));
  return !moved && isInStep(before);
}

/** A call may have landed without the product knowing: the answer lost, the process dead, or its lease over. */
export function mayGoUnheard({ quota, settings: { faults } }: World): boolean {
  // Who waits for the call budget lets others come between.
  return quota !== undefined || faults.ambiguous > 0 || faults.crash > 0 || faults.slow > 0;
}
