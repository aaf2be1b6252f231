import { backoff } from '../core/backoff.ts';
import type { PersonKey } from '../core/model/email.ts';
import { withLast } from '../core/link-changes/settled.ts';
import type { SyncDeps } from './deps.ts';
import { holds, type HeldLease } from './lease.ts';
import { refused, type PersonResult } from './result.ts';

/**
 * What the store refuses is this person's failure, and nobody else's (rule 7). Nobody tells us when the document has
 * become smaller, so it is tried again after a while.
 */
export async function recordRefused(deps: SyncDeps, key: PersonKey, lease: HeldLease): Promise<PersonResult> {
  const result = refused(key, deps.log);
  await deps.people.transact({ links: [key], userIds: [] }, (view) => {
    const link = view.links.get(key)?.link;
    if (link === undefined || !holds(lease, link, view)) return { result: undefined };
    const now = deps.now();
    const before = link.failure?.kind === 'transient' ? link.failure : undefined;
    const attempts = (before?.attempts ?? 0) + 1;
    const failure = {
      kind: 'transient',
      message: result.reason,
      fingerprint: '',
      attempts,
      since: before?.since ?? now,
    } as const;
    const failed = { ...link, lease: undefined, failure, due: now + backoff(attempts) };
    return { result: undefined, links: [withLast(failed, { ...result, outcome: 'failed' }, deps.by, now)] };
  });
  return result;
}
