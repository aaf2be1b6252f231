import type { Acts } from '../model/change.ts';
import type { Outcome } from '../model/link.ts';

/** What a change counts as: somebody changed on both sides counts once, as `Outcome` has it. */
export function outcomeOf({ portal, apigee }: Acts): Outcome {
  if (apigee === 'created') return 'created-apigee';
  if (portal === 'created') return 'created-portal';
  return apigee === undefined ? 'updated-portal' : 'updated-apigee';
}
