import { isLeased } from '../core/link-changes/leased.ts';
import { release, type Release } from '../core/link-changes/released.ts';
import { canonicalEmail } from '../core/model/email.ts';
import { committed } from '../state/people.ts';
import type { SyncDeps } from './deps.ts';
import { newLeaseWait } from './lease.ts';
import type { Person } from './look.ts';
import { outOfScope, retryLater, type PersonResult } from './result.ts';
import { syncPerson } from './sync-person.ts';

export type Released =
  | { readonly kind: 'nothing-held' }
  /** `was`: what held the person. The result says whether that still does. */
  | {
      readonly kind: 'looked-at';
      readonly was: Extract<Release, { kind: 'released' }>['was'];
      readonly result: PersonResult;
    }
  /** Nothing was changed: PORTAL_FILTER does not select the person, or somebody else kept the lease. */
  | { readonly kind: 'left-alone'; readonly result: PersonResult };

/**
 * Lets one held person go on, and brings the person in step at once. The link is changed only while nobody else owns its
 * lease (rule 21). Of a deletion over the hourly limit, the release of somebody who `approves` is the approval; anybody else's
 * counts against the limit as every deletion does (rule 16).
 */
export async function releasePerson(
  deps: SyncDeps,
  person: Person,
  { approves }: { readonly approves: boolean },
): Promise<Released> {
  const { key } = person;
  const email = canonicalEmail(key);
  if (email !== undefined && !deps.policy.inScope(email)) return { kind: 'left-alone', result: outOfScope(key) };
  const waitForLease = newLeaseWait(deps);
  for (;;) {
    const released = await releaseLink(deps, person);
    if (released === 'busy') {
      if (!(await waitForLease()))
        return { kind: 'left-alone', result: retryLater(key, 'somebody else is writing this person') };
    } else if (released.kind === 'nothing-held') {
      return released;
    } else {
      const gate = approves && released.was === 'destructive-limit' ? ({ kind: 'open' } as const) : deps.gate;
      const result = await syncPerson({ ...deps, gate }, person);
      return { kind: 'looked-at', was: released.was, result };
    }
  }
}

async function releaseLink({ people, now }: SyncDeps, { key }: Person): Promise<Release | 'busy'> {
  const outcome = await people.transact<Release | 'busy'>({ links: [key], userIds: [] }, (view) => {
    const link = view.links.get(key)?.link;
    if (isLeased(link, view.now)) return { result: 'busy' };
    const released = release(link, now());
    return released.kind === 'released' ? { result: released, links: [released.link] } : { result: released };
  });
  return committed(outcome);
}
