import { failureFingerprint } from '../decide/fingerprint.ts';
import type { Decision, Subject } from '../model/decision.ts';
import { canonicalEmail } from '../model/email.ts';
import type { Actor, Failure, Hold, LastOutcome, Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import { asFound } from './aftermath.ts';
import { withMark, withUser } from './marked.ts';
import { sameList } from './same-link.ts';
import { presenceOf, rebind, withLast } from './settled.ts';

/** Why a decision was not carried out to its end. */
export type Interruption =
  /** A call failed. `read`: the developer could at least be read before. */
  | {
      readonly kind: 'failed';
      readonly failure: Pick<Failure, 'kind' | 'message'>;
      /** Nobody knows whether the call was applied, or whether it still will be. */
      readonly ambiguous: boolean;
      readonly read: boolean;
    }
  /** Apigee takes no calls, or none of ours: not this person's failure. The person stays owed until the next look. */
  | { readonly kind: 'postponed'; readonly read: boolean }
  | { readonly kind: 'held'; readonly hold: Omit<Hold, 'since'> }
  /** There is nothing to say about the person: only the lease ends. */
  | { readonly kind: 'abandoned' };

/** What is recorded of a decision that was not carried out. */
type Unfinished = Pick<LastOutcome, 'situation' | 'reason' | 'fields'> & Pick<Decision, 'outcome'>;

/** What is known when a decision is interrupted. */
export interface InterruptedWork {
  readonly subject: Subject;
  readonly decision: Unfinished;
  readonly interruption: Interruption;
  /** Whether something was or may have been written to Apigee: the intent then has to stay on the link. */
  readonly applied: boolean;
  /** The link's intents before this lease added its own. */
  readonly before: Pick<Link, 'intents' | 'deactivationIntent' | 'undoIntent'>;
}

/**
 * The link after an interruption: the lease ends, and what is known stays. After an ambiguous call the lease is kept until
 * it runs out, because a write still on its way must not meet the next writer's.
 */
export function interrupted(link: Link, work: InterruptedWork, by: Actor, policy: Policy, now: number): Link {
  const { subject, decision, interruption, applied } = work;
  const isAmbiguous = interruption.kind === 'failed' && interruption.ambiguous;
  const freed: Link = {
    ...link,
    lease: isAmbiguous ? link.lease : undefined,
    ...(applied ? {} : work.before),
  };
  switch (interruption.kind) {
    case 'abandoned':
      return freed;
    case 'postponed': {
      const known = withClaimant(
        interruption.read && !applied ? withPresence(freed, subject, policy) : freed,
        subject,
        now,
      );
      return { ...known, due: known.due ?? now };
    }
    case 'held': {
      const { hold } = interruption;
      const since = freed.hold?.reason === hold.reason ? freed.hold.since : now;
      const held: Unfinished = { ...decision, outcome: 'held', reason: hold.detail };
      return withLast({ ...freed, hold: { ...hold, since }, due: undefined }, held, by, now);
    }
    case 'failed': {
      const failure = nextFailure(freed, interruption.failure, subject, policy, now);
      const due = failure.kind === 'transient' ? now + backoff(failure.attempts) : undefined;
      // Where the developer could not even be read, this says nothing about what failed before.
      const before = !interruption.read && freed.failure?.kind === 'transient' ? freed.last : undefined;
      const { situation, fields } = before ?? decision;
      const isRefused = failure.kind === 'permanent' && interruption.read;
      const known = withClaimant(
        interruption.read && !applied ? withPresence(freed, subject, policy) : freed,
        subject,
        now,
      );
      return withLast(
        { ...(isRefused ? withoutDeveloper(known, subject) : known), failure, due },
        { situation, fields, outcome: 'failed', reason: failure.message },
        by,
        now,
      );
    }
  }
}

/**
 * The link of a person whom the store refuses to record. It is tried again: nobody tells us when the document changes.
 */
export function refusedByStore(
  link: Link,
  { situation, fields, reason }: Pick<LastOutcome, 'situation' | 'fields' | 'reason'>,
  by: Actor,
  now: number,
): Link {
  const before = link.failure?.kind === 'transient' ? link.failure : undefined;
  const attempts = (before?.attempts ?? 0) + 1;
  const since = before?.since ?? now;
  const failure: Failure = { kind: 'transient', message: reason, fingerprint: '', attempts, since };
  const failed = { situation, fields, outcome: 'failed', reason } as const;
  return withLast({ ...link, lease: undefined, failure, due: now + backoff(attempts) }, failed, by, now);
}

/** Whether this very decision was being carried out before, and failed for a reason that passes by itself. */
export function wasTriedBefore({ link }: Pick<Subject, 'link'>, { situation, fields }: Decision): boolean {
  if (link?.failure?.kind !== 'transient' || link.last?.outcome !== 'failed') return false;
  return link.last.situation === situation && sameList(link.last.fields, fields);
}

const minute = 60_000;
const longestWait = 6 * 60 * minute;

/** When to try a person again after the n-th transient failure in a row, ms from now. There is no last try (rule 7). */
export function backoff(attempts: number): number {
  return Math.min(longestWait, minute * 2 ** Math.min(attempts - 1, 20));
}

function nextFailure(
  link: Link,
  { kind, message }: Pick<Failure, 'kind' | 'message'>,
  subject: Subject,
  policy: Policy,
  now: number,
): Failure {
  const before = link.failure?.kind === kind ? link.failure : undefined;
  return {
    kind,
    message,
    fingerprint: kind === 'permanent' ? failureFingerprint(subject.portal, subject.developer, policy) : '',
    attempts: (before?.attempts ?? 0) + 1,
    since: before?.since ?? now,
  };
}

/**
 * The link with the sides that were found. A run takes a person who is only on the portal for missing in Apigee, so the
 * link has to say that there is a developer. That the portal user is gone is not noted before it has been dealt with
 * (rule 15).
 */
function withPresence(link: Link, subject: Subject, policy: Policy): Link {
  const found = presenceOf(subject, link, asFound(subject), policy);
  const isOtherUser = link.userId !== undefined && link.userId !== found.userId;
  if (isOtherUser ? found.userId === undefined : subject.developer.kind === 'absent') return link;
  const hold = isOtherUser || link.hold?.reason === 'developer-deleted' ? undefined : link.hold;
  // A developer that the link does not know may be one that an intent has created: what was sent is then the base.
  const mayBeOurs = link.base === undefined && link.developer === undefined && link.intents.length > 0;
  return rebind(link, { ...link, ...found, developer: mayBeOurs ? undefined : found.developer, hold });
}

/**
 * Where the developer of a deleted portal user is gone as well, and a new one is refused for good, the link belongs to the
 * new portal user: no run has to look for the developer again (rules 12, 25).
 */
function withoutDeveloper(link: Link, { portal, developer }: Subject): Link {
  if (link.presence !== 'apigee' || developer.kind !== 'absent' || portal.kind !== 'user') return link;
  return withUser({ ...link, presence: 'portal', developer: undefined, base: undefined }, portal.user.id);
}

/** A person who was never in step is found again only by the document that claims the email. */
function withClaimant(link: Link, { key, portal }: Subject, now: number): Link {
  const email = canonicalEmail(key);
  if (portal.kind !== 'user' || email === undefined || link.userId !== undefined) return link;
  return withMark(link, { kind: 'claim', key: email }, portal.user.id, now) ?? link;
}
