import { committed } from '../state/people.ts';
import type { ApigeeError } from '../apigee/developers.ts';
import { backoff } from '../core/backoff.ts';
import type { Decision, Subject } from '../core/model/decision.ts';
import { canonicalEmail } from '../core/model/email.ts';
import { failureFingerprint } from '../core/decide/fingerprint.ts';
import type { Failure, Hold, Link } from '../core/model/link.ts';
import { withMark } from '../core/link-changes/marked.ts';
import type { Profile } from '../core/model/profile.ts';
import { presenceOf, withLast } from '../core/link-changes/settled.ts';
import { rebound } from '../core/rebound.ts';
import { aftermathAsFound } from '../core/next-step/no-op.ts';
import type { SyncDeps } from './deps.ts';
import { holds, type HeldLease } from './lease.ts';

/** What a step that could not be carried out leaves on the link, whose lease it ends. */
export type Setback =
  /**
   * `landed`: something may have been written, so what was attempted stays remembered.
   * An ambiguous call keeps its lease until that runs out: a write still under way must not land on the next writer's.
   */
  | {
      readonly kind: 'failure';
      readonly error: ApigeeError;
      readonly landed: boolean;
      /** Whether the developer could be read at all. */
      readonly read: boolean;
    }
  /** Apigee takes no calls, or none of ours: no failure of this person, who stays owed until somebody looks again. */
  | { readonly kind: 'postponed'; readonly landed: boolean; readonly read: boolean }
  | { readonly kind: 'hold'; readonly hold: Omit<Hold, 'since'>; readonly landed: boolean }
  /** Nothing to say about the person: only the lease ends. */
  | { readonly kind: 'released'; readonly landed: boolean };

/** False where the lease was lost: whoever holds it now records what they find. */
export async function recordSetback(
  deps: SyncDeps,
  subject: Subject,
  decision: Decision,
  lease: HeldLease,
  intentsBefore: readonly Profile[],
  setback: Setback,
): Promise<boolean> {
  return committed(
    await deps.people.transact({ links: [subject.key], userIds: [] }, (view) => {
      const current = view.links.get(subject.key)?.link;
      if (current === undefined || !holds(lease, current, view)) return { result: false };
      const ambiguous = setback.kind === 'failure' && setback.error.ambiguous;
      const freed: Link = {
        ...current,
        lease: ambiguous ? current.lease : undefined,
        intents: setback.landed ? current.intents : intentsBefore,
      };
      return { result: true, links: [describe(deps, subject, decision, freed, setback)] };
    }),
  );
}

/** Whether this very decision was being carried out before, and failed for a reason that passes. */
export function wasTried({ link }: Pick<Subject, 'link'>, { situation, fields }: Decision): boolean {
  if (link?.failure?.kind !== 'transient' || link.last?.outcome !== 'failed') return false;
  return link.last.situation === situation && link.last.fields.join() === fields.join();
}

function describe(deps: SyncDeps, subject: Subject, decision: Decision, link: Link, setback: Setback): Link {
  const now = deps.now();
  switch (setback.kind) {
    case 'released':
      return link;
    case 'postponed': {
      const found = withClaimant(setback.read && !setback.landed ? withFound(link, subject) : link, subject, now);
      return { ...found, due: found.due ?? now };
    }
    case 'hold': {
      const since = link.hold?.reason === setback.hold.reason ? link.hold.since : now;
      const held: Decision = { ...decision, outcome: 'held', reason: setback.hold.detail };
      return withLast({ ...link, hold: { ...setback.hold, since }, due: undefined }, held, deps.by, now);
    }
    case 'failure': {
      const failure = failureOf(deps, subject, link, setback.error, now);
      const due = failure.kind === 'transient' ? now + backoff(failure.attempts) : undefined;
      // What could not even be read is told nothing about: what failed before goes on failing.
      const before = !setback.read && link.failure?.kind === 'transient' ? link.last : undefined;
      const { situation, fields } = before ?? decision;
      const failed = { situation, fields, outcome: 'failed', reason: failure.message } as const;
      const found = withClaimant(setback.read && !setback.landed ? withFound(link, subject) : link, subject, now);
      return withLast({ ...found, failure, due }, failed, deps.by, now);
    }
  }
}

/**
 * A run takes whoever is only on the portal for missing in Apigee: the link has to say that there is a developer. That
 * the portal user is gone is not noted before it has been dealt with (rule 15).
 */
function withFound(link: Link, subject: Subject): Link {
  const found = presenceOf(subject, link, aftermathAsFound(subject));
  const isOther = link.userId !== undefined && link.userId !== found.userId;
  if (isOther ? found.userId === undefined : subject.developer.kind === 'absent') return link;
  const hold = isOther || link.hold?.reason === 'developer-deleted' ? undefined : link.hold;
  // A developer whom the link does not know is one that an attempt may have created: what it sent is their base.
  const isUnheard = link.base === undefined && link.developer === undefined && link.intents.length > 0;
  return rebound(link, { ...link, ...found, developer: isUnheard ? undefined : found.developer, hold });
}

/** Whoever was never in step is found again only by the document that claims them. */
function withClaimant(link: Link, { key, portal }: Subject, now: number): Link {
  const email = canonicalEmail(key);
  if (portal.kind !== 'user' || email === undefined || link.userId !== undefined) return link;
  return withMark(link, { kind: 'claim', key: email }, portal.user.id, now) ?? link;
}

function failureOf(deps: SyncDeps, subject: Subject, link: Link, error: ApigeeError, now: number): Failure {
  const permanent = error.kind === 'refused';
  const again = link.failure?.kind === (permanent ? 'permanent' : 'transient');
  return {
    kind: permanent ? 'permanent' : 'transient',
    message: error.message,
    fingerprint: permanent ? failureFingerprint(subject.portal, subject.developer, deps.policy) : '',
    attempts: again ? (link.failure?.attempts ?? 0) + 1 : 1,
    since: again ? (link.failure?.since ?? now) : now,
  };
}
