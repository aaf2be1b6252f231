import { claimantIds, portalHalf } from '../core/decide/ownership.ts';
import { isLeased, leased } from '../core/link-changes/leased.ts';
import type { PersonKey } from '../core/model/email.ts';
import { newLink, type Link } from '../core/model/link.ts';
import { committed, type Committed } from '../state/people.ts';
import type { SyncDeps } from './deps.ts';
import type { Look } from './look.ts';

/** A lease of ours: the right to write for one person (rule 21). */
export interface OwnLease {
  readonly holder: string;
  /** By our own clock, ms: when to stop starting calls. The store's clock judges whether a result may be recorded. */
  readonly until: number;
  /** The link's intents before this lease added its own: what was called earlier and never confirmed. */
  readonly before: Pick<Link, 'intents' | 'deactivationIntent' | 'undoIntent'>;
}

export type Acquired =
  /**
   * `look`: the person as found by the step that took the lease; its view shows the link as leased. `isUnwritten`: nobody has
   * written the link since the look before, which found no live lease: nor has any of us written to Apigee.
   */
  | { readonly kind: 'acquired'; readonly lease: OwnLease; readonly look: Look; readonly isUnwritten: boolean }
  /** Somebody else owns a live lease. */
  | { readonly kind: 'busy' }
  /** The person's documents changed after `look`: look again. */
  | { readonly kind: 'changed' };

/**
 * Takes the person's lease and, in the same step, notes the intent on the link (rules 23, 24), if nobody has written the
 * link since `look`. A live lease of somebody else costs no more than the look did. `take`: for who pushes nothing.
 */
export async function acquire(
  deps: SyncDeps,
  { person, at, half, view, boundElsewhere }: Look,
  take: typeof leased = leased,
): Promise<Acquired> {
  const { key, hints } = person;
  const holder = deps.newId();
  // The store's clock counts from the look on, however long ago that was.
  const until = at + deps.timing.leaseMs;
  const scope = { links: [key], userIds: [...view.portal.keys()], seen: view };
  const before = view.links.get(key);
  const outcome = await deps.people.transact<Acquired>(scope, (now) => {
    const stored = now.links.get(key);
    if (isLeased(stored?.link, now.now)) return { result: { kind: 'busy' } };
    if (claimantIds(stored?.link, hints).some((id) => !now.portal.has(id))) return { result: { kind: 'changed' } };
    const findings = { key, link: stored?.link, readings: now.portal, boundElsewhere };
    const found = portalHalf({ ...findings, renameTarget: half.renameTarget }, deps.policy);
    const { intents, deactivationIntent, undoIntent } = stored?.link ?? newLink(key);
    const expiresAt = now.now + deps.timing.leaseMs;
    const link = take(stored?.link ?? newLink(key), found, { holder, expiresAt });
    // What is intended now has not been sent yet: a developer that shows it shows nothing of ours.
    const seen = { ...found, link: { ...link, intents } };
    const lease = { holder, until, before: { intents, deactivationIntent, undoIntent } };
    const leasedView = { ...now, links: new Map([[key, { link, version: '' }]]) };
    const isUnwritten = stored?.version === before?.version && !isLeased(before?.link, view.now);
    const taken = { person, at, half: seen, view: leasedView, boundElsewhere };
    return { result: { kind: 'acquired', lease, look: taken, isUnwritten }, links: [link] };
  });
  const acquired = committed(outcome);
  return acquired.kind === 'acquired' ? { ...acquired, look: withVersions(acquired.look, outcome) } : acquired;
}

/** The look with the versions that the links have since they were written. */
function withVersions(look: Look, outcome: Committed<unknown>): Look {
  const versions = outcome.kind === 'committed' ? outcome.versions : new Map<PersonKey, string>();
  const links = [...look.view.links].map(
    ([key, { link, version }]) => [key, { link, version: versions.get(key) ?? version }] as const,
  );
  return { ...look, view: { ...look.view, links: new Map(links) } };
}

/** Whether a call to Apigee that starts now surely ends before the lease does. */
export function hasTimeForCall({ now, timing }: Pick<SyncDeps, 'now' | 'timing'>, { until }: OwnLease): boolean {
  return now() + timing.callMs < until;
}

/** How often a person is looked at again in one invocation because a write has failed. */
const mostLooksAgain = 3;

/**
 * For a write that Apigee did not make: how to wait before looking at the person again, in this invocation. The waits of one
 * person take `failureWaitMs` at most, and nobody holds the lease meanwhile. Undefined where the person has to wait for the
 * next delivery.
 */
export function newWaitAfterFailure({
  now,
  wait,
  timing,
}: Pick<SyncDeps, 'now' | 'wait' | 'timing'>): (afterMs: number | undefined) => (() => Promise<void>) | undefined {
  const until = now() + timing.failureWaitMs;
  let left = mostLooksAgain;
  return (afterMs) => {
    if (afterMs === undefined || left === 0 || now() + afterMs > until) return undefined;
    left -= 1;
    return () => wait(afterMs);
  };
}

const firstPause = 100;
const longestPause = 5000;

/**
 * Waits while somebody else owns the lease: ever longer, because each look costs a transaction on a busy document, and a
 * lease left by a crash lasts two minutes. Answers false once `leaseWaitMs` are over.
 */
export function newLeaseWait({ now, wait, timing }: Pick<SyncDeps, 'now' | 'wait' | 'timing'>): () => Promise<boolean> {
  const until = now() + timing.leaseWaitMs;
  let pause = firstPause;
  return async () => {
    const left = until - now();
    if (left <= 0) return false;
    await wait(Math.min(pause, left));
    pause = Math.min(pause * 2, longestPause);
    return true;
  };
}
