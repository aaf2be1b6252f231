import type { Decision, Subject } from '../core/decision.ts';
import { withLost } from '../core/settle.ts';
import type { SyncDeps } from './deps.ts';
import { holds, type HeldLease } from './lease.ts';

/**
 * Keeps what a conflict is about to overwrite in Apigee before it is overwritten: after a crash in between nobody could
 * know it any more (rules 11, 24). False where the lease was lost.
 */
export async function noteLostValues(
  deps: SyncDeps,
  subject: Subject,
  decision: Decision,
  lease: HeldLease,
): Promise<boolean> {
  return deps.people.transact({ links: [subject.key], portalIds: [] }, (view) => {
    const link = view.links.get(subject.key)?.link;
    if (link === undefined || !holds(lease, link, view)) return { result: false };
    return { result: true, links: [{ ...link, history: withLost(link.history, decision.lost, deps.now()) }] };
  });
}
