import { committed } from '../state/people.ts';
import { canonicalEmail } from '../core/model/email.ts';
import { release, type Release } from '../core/link-changes/released.ts';
import type { SyncDeps } from './deps.ts';
import type { Person } from './look.ts';
import { isLeased } from './lease.ts';
import { newPatience } from './patience.ts';
import { outOfScope, retryLater, type PersonResult } from './result.ts';
import { syncPerson } from './sync-person.ts';

export type Released =
  | { readonly kind: 'nothing-held' }
  /** `was`: what held them. The result says whether that still does. */
  | {
      readonly kind: 'looked-at';
      readonly was: Extract<Release, { kind: 'released' }>['was'];
      readonly result: PersonResult;
    }
  /** Outside PORTAL_FILTER, or somebody else kept writing them: nothing was changed. */
  | { readonly kind: 'left-alone'; readonly result: PersonResult };

/**
 * Lets one held person go on, and brings them in step at once. The link is changed in a transaction that respects the
 * lease of whoever is writing this person (rule 21). For a deletion over the hourly limit, the release is the approval.
 */
export async function releasePerson(deps: SyncDeps, person: Person): Promise<Released> {
  const { key } = person;
  const email = canonicalEmail(key);
  if (email !== undefined && !deps.policy.inScope(email)) return { kind: 'left-alone', result: outOfScope(key) };
  const isPatient = newPatience(deps);
  for (;;) {
    const released = await prepare(deps, person);
    if (released === 'busy') {
      if (!(await isPatient()))
        return { kind: 'left-alone', result: retryLater({ subject: { key } }, 'somebody else is writing this person') };
    } else if (released.kind === 'nothing-held') {
      return released;
    } else {
      const gate = released.was === 'destructive-limit' ? ({ kind: 'open' } as const) : deps.gate;
      const result = await syncPerson({ ...deps, gate }, person);
      return { kind: 'looked-at', was: released.was, result };
    }
  }
}

async function prepare({ people, now }: SyncDeps, { key }: Person): Promise<Release | 'busy'> {
  return committed(
    await people.transact<Release | 'busy'>({ links: [key], userIds: [] }, (view) => {
      const link = view.links.get(key)?.link;
      if (isLeased(link, view)) return { result: 'busy' };
      const released = release(link, now());
      return released.kind === 'released' ? { result: released, links: [released.link] } : { result: released };
    }),
  );
}
