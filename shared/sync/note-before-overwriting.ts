import { committed } from '../state/people.ts';
import type { Decision, Subject } from '../core/model/decision.ts';
import { withLost } from '../core/link-changes/history.ts';
import type { Link } from '../core/model/link.ts';
import type { SyncDeps } from './deps.ts';
import { holds, type HeldLease } from './lease.ts';

/**
 * Keeps what could not be known any more after a crash, before Apigee is written to (rules 11, 24): the values that a
 * conflict overwrites, and on a first contact what the developer was, so that our own write is told from an edit.
 * False where the lease was lost.
 */
export async function noteBeforeOverwriting(
  deps: SyncDeps,
  subject: Subject,
  decision: Decision,
  lease: HeldLease,
): Promise<boolean> {
  const isFirst = decision.situation === 'first-contact';
  if (decision.apigee.length === 0 || (decision.lost.length === 0 && !isFirst)) return true;
  return committed(
    await deps.people.transact({ links: [subject.key], userIds: [] }, (view) => {
      const link = view.links.get(subject.key)?.link;
      if (link === undefined || !holds(lease, link, view)) return { result: false };
      const known = isFirst ? withDeveloper(link, subject) : link;
      return { result: true, links: [{ ...known, history: withLost(link.history, decision.lost, deps.now()) }] };
    }),
  );
}

/** A base that was taken from another developer is none for this one. */
function withDeveloper(link: Link, { developer: side }: Subject): Link {
  if (side.kind !== 'developer') return link;
  const { email, developerId, lastModifiedAt: modifiedAt } = side.developer;
  const isOther = link.developer?.developerId !== developerId;
  return { ...link, developer: { email, developerId, modifiedAt }, base: isOther ? undefined : link.base };
}
