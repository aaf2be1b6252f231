import { intentsKept } from '../core/model/limits.ts';
import { newLink, type Link } from '../core/model/link.ts';
import { type Profile, sameProfile } from '../core/model/profile.ts';
import { committed, type TransactionView } from '../state/people.ts';
import type { SyncDeps } from './deps.ts';
import { claimantIds, understand, type Found, type Person } from './look.ts';

/** A live right to write for one person (rule 21). */
export interface HeldLease {
  readonly holder: string;
  /** By our own clock: when to stop starting calls. The store's clock judges whether a result may be recorded. */
  readonly until: number;
}

export type Acquired =
  | {
      readonly kind: 'held';
      readonly lease: HeldLease;
      readonly found: Found;
      readonly intentsBefore: readonly Profile[];
    }
  /** Someone else is at it. */
  | { readonly kind: 'busy' }
  /** The person's documents changed since `found`: look again. */
  | { readonly kind: 'again' };

/**
 * Takes the person's lease and, in the same step, writes down what the portal says now: whoever finds it after a crash
 * can tell our own writes in Apigee from edits (rules 23, 24).
 */
export async function acquire(deps: SyncDeps, person: Person, found: Found): Promise<Acquired> {
  const ids = claimantIds(found.stored?.link, person.hints);
  const holder = deps.newId();
  const until = deps.now() + deps.timing.leaseMs;
  return committed(
    await deps.people.transact<Acquired>({ links: [person.key], userIds: ids }, (view) => {
      const stored = view.links.get(person.key);
      if (isLeased(stored?.link, view)) return { result: { kind: 'busy' } };
      const needed = claimantIds(stored?.link, person.hints);
      if (needed.some((id) => !view.portal.has(id))) return { result: { kind: 'again' } };
      const { renameTarget } = found.subject;
      const fresh = understand(person.key, stored, view.portal, found.boundElsewhere, renameTarget, deps.policy);
      const link = leased(stored?.link ?? newLink(person.key), fresh, {
        holder,
        expiresAt: view.now + deps.timing.leaseMs,
      });
      const intentsBefore = stored?.link.intents ?? [];
      // What is attempted now has not been sent: a developer who shows it shows nothing of ours.
      const seen = { ...fresh, subject: { ...fresh.subject, link: { ...link, intents: intentsBefore } } };
      return { result: { kind: 'held', lease: { holder, until }, found: seen, intentsBefore }, links: [link] };
    }),
  );
}

export function isLeased(link: Link | undefined, view: Pick<TransactionView, 'now'>): boolean {
  return link?.lease !== undefined && link.lease.expiresAt > view.now;
}

/** Rule 21: a result is recorded only by the holder of a live lease. */
export function holds(lease: HeldLease, link: Link | undefined, view: Pick<TransactionView, 'now'>): boolean {
  return link?.lease?.holder === lease.holder && link.lease.expiresAt > view.now;
}

/** Whether a call to Apigee that starts now surely ends before the lease does. */
export function hasTimeFor(deps: SyncDeps, lease: HeldLease): boolean {
  return deps.now() + deps.timing.callMs < lease.until;
}

function leased(link: Link, { subject: { portal } }: Found, lease: Link['lease']): Link {
  const mayPush =
    portal.kind === 'user' &&
    portal.user.emailVerified &&
    !(link.base !== undefined && sameProfile(portal.user.profile, link.base.portal));
  const intents = mayPush ? [...link.intents, portal.user.profile].slice(-intentsKept) : link.intents;
  const bound = mayPush && link.presence === 'none' && link.userId === undefined;
  // Whose developer is about to be made: a rename that comes meanwhile is theirs, and waits for the lease (rule 17).
  const binding = bound ? { presence: 'portal' as const, userId: portal.user.id } : {};
  return { ...link, ...binding, lease, intents };
}
