import type { Decision, Subject } from './decision.ts';
import type { CanonicalEmail, PersonKey } from './email.ts';
import { failureFingerprint } from './fingerprint.ts';
import { historyBytes, historyLength, rivalsOf } from './limits.ts';
import {
  newLink,
  type Base,
  type Failure,
  type Hold,
  type LastOutcome,
  type Link,
  type LostValue,
  type Tombstone,
} from './link.ts';
import type { Policy } from './policy.ts';
import type { Developer, Profile } from './profile.ts';
import { developerProfile, sameProfile } from './profiles.ts';
import { rebound } from './rebound.ts';

/** Both sides as they are once the steps of a decision are done, or as found where there were none. */
export interface Aftermath {
  readonly portal: { readonly id: string; readonly profile: Profile | undefined } | undefined;
  readonly developer: Developer | undefined;
}

export interface Settled {
  /** Undefined: the person is forgotten. */
  readonly link: Link | undefined;
  /** A rename writes the person's link under the new email as well. */
  readonly movedTo: Link | undefined;
}

/** The link once `decision` is carried out: pure, so that it can be compared with the one there is (rule 12). */
export function settle(subject: Subject, decision: Decision, after: Aftermath, policy: Policy, now: number): Settled {
  const before = subject.link ?? newLink(subject.key);
  const { end } = decision;
  const found = rebound(before, { ...before, ...presenceOf(subject, before, after), due: undefined });
  const done = { ...found, attempts: [], failure: undefined, hold: undefined };
  const history = withLost(before.history, decision.lost, now);
  switch (end.kind) {
    case 'as-is':
      return { link: subject.link && asItIs(subject.link, decision), movedTo: undefined };
    case 'in-step':
      return only({
        ...done,
        history,
        base: baseOf(after, policy),
        hold: holdOf(before, end.hold, now),
        tombstone: undefined,
      });
    case 'noted':
      return only({ ...done, attempts: found.attempts, hold: holdOf(before, end.hold, now) });
    case 'failed':
      return only({ ...found, failure: permanent(subject, end.message, before, policy, now) });
    case 'portal-buried':
      return only({
        ...done,
        portalId: undefined,
        base: undefined,
        tombstone: tombstone('portal', before, after, now, end.deactivated),
      });
    case 'developer-buried':
      return only({
        ...done,
        developer: undefined,
        base: undefined,
        hold: holdOf(before, end.hold, now),
        tombstone:
          before.tombstone?.side === 'developer' ? before.tombstone : tombstone('developer', before, after, now),
      });
    case 'both-buried':
      return only(leftBehind(buried(done, before, after, now), now));
    case 'forgotten':
      return { link: undefined, movedTo: undefined };
    case 'moved':
      return {
        link: leftBehind(buried(done, before, after, now), now),
        movedTo: moved({ ...done, history, base: baseOf(after, policy) ?? before.base }, end.to, now),
      };
  }
}

/** Where nothing is to be done, nothing is owed any more either: also not what an unanswered call left behind. */
function asItIs(link: Link, { outcome }: Decision): Link {
  const looked = { ...link, due: undefined };
  return outcome === 'failed' ? looked : { ...looked, attempts: [], failure: undefined, hold: undefined };
}

/** Whether writing `after` would change anything that matters: leases, times and the last outcome do not. */
export function sameLink(before: Link | undefined, after: Link | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return (
    before.presence === after.presence &&
    before.portalId === after.portalId &&
    before.due === after.due &&
    sameList(before.rivals, after.rivals) &&
    before.developer?.email === after.developer?.email &&
    before.developer?.developerId === after.developer?.developerId &&
    sameBase(before.base, after.base) &&
    before.attempts.length === after.attempts.length &&
    before.tombstone?.side === after.tombstone?.side &&
    before.hold?.reason === after.hold?.reason &&
    before.failure?.message === after.failure?.message &&
    before.failure?.fingerprint === after.failure?.fingerprint &&
    before.history.length === after.history.length
  );
}

/** What a run did for someone stays what it did, however often it looks at them again. */
export function withLast(
  link: Link,
  decision: Pick<Decision, 'outcome' | 'situation' | 'reason' | 'fields'>,
  by: string,
  at: number,
): Link {
  if (decision.outcome === 'ignored') return link;
  const { outcome, situation, reason, fields } = decision;
  const wasHelped = link.last?.by === by && by !== 'push' && /^(created|updated)-/.test(link.last.outcome);
  if (wasHelped && outcome === 'unchanged') return link;
  const last: LastOutcome = { by, outcome, situation, reason, fields, at };
  return { ...link, last };
}

/** The rivals of `subject` and what exists after the steps; a side that could not be read is taken to be still there. */
export function presenceOf(
  subject: Subject,
  before: Link,
  after: Aftermath,
): Pick<Link, 'presence' | 'portalId' | 'rivals' | 'developer'> {
  const portalId = after.portal?.id;
  const developer =
    after.developer === undefined
      ? undefined
      : {
          email: after.developer.email,
          developerId: after.developer.developerId,
          modifiedAt: after.developer.lastModifiedAt,
        };
  const presence =
    portalId === undefined
      ? developer === undefined
        ? 'none'
        : 'apigee'
      : developer === undefined
        ? 'portal'
        : 'both';
  return {
    presence,
    portalId,
    rivals: rivalsOf(subject.rivals),
    developer: developer ?? rememberedDeveloper(before, after),
  };
}

/** A developer that was linked and is gone stays named until that has been dealt with (rule 15). */
function rememberedDeveloper(before: Link, after: Aftermath): Link['developer'] {
  return before.base === undefined || after.developer !== undefined ? undefined : before.developer;
}

function baseOf(after: Aftermath, policy: Policy): Base | undefined {
  if (after.portal?.profile === undefined || after.developer === undefined) return undefined;
  return {
    portal: after.portal.profile,
    developer: developerProfile(after.developer, policy),
    mapping: policy.mapping,
  };
}

function holdOf(before: Link, hold: Omit<Hold, 'since'> | undefined, now: number): Hold | undefined {
  if (hold === undefined) return undefined;
  return { ...hold, since: before.hold?.reason === hold.reason ? before.hold.since : now };
}

function permanent(subject: Subject, message: string, before: Link, policy: Policy, now: number): Failure {
  const fingerprint = failureFingerprint(subject.portal, subject.developer, policy);
  const same = before.failure?.message === message;
  return {
    kind: 'permanent',
    message,
    fingerprint,
    attempts: (before.failure?.attempts ?? 0) + 1,
    since: same ? (before.failure?.since ?? now) : now,
  };
}

function tombstone(
  side: Tombstone['side'],
  before: Link,
  after: Aftermath,
  at: number,
  deactivated = false,
): Tombstone {
  const developerId = after.developer?.developerId ?? before.developer?.developerId ?? before.tombstone?.developerId;
  return { side, at, developerId, deactivated };
}

function buried(done: Link, before: Link, after: Aftermath, now: number): Link {
  return {
    ...done,
    presence: 'none',
    portalId: undefined,
    developer: undefined,
    base: undefined,
    // Nobody is left whose values these are.
    history: [],
    tombstone: tombstone('both', before, after, now),
  };
}

/** An email that is free again. Someone who was waiting for it is looked at next. */
function leftBehind(link: Link, now: number): Link {
  return link.rivals.length === 0 ? link : { ...link, due: now };
}

function moved(link: Link, key: CanonicalEmail, now: number): Link {
  const inStep = link.base !== undefined && link.presence === 'both';
  // Whoever has the old email by now is somebody else.
  const developer = link.presence === 'both' ? link.developer : link.developer && { ...link.developer, email: key };
  return {
    ...link,
    key: key satisfies PersonKey,
    developer,
    rivals: [],
    lease: undefined,
    due: inStep ? undefined : now,
  };
}

export function withLost(history: readonly LostValue[], lost: Decision['lost'], at: number): readonly LostValue[] {
  // A conflict that is decided again after a crash was noted before.
  const isNoted = (entry: Decision['lost'][number]): boolean =>
    history.some(({ field, side, value }) => field === entry.field && side === entry.side && value === entry.value);
  const added = lost.filter((entry) => !isNoted(entry));
  if (added.length === 0) return history;
  const all = [...history, ...added.map((entry) => ({ ...entry, at }))];
  let bytes = 0;
  const kept = all.toReversed().filter(({ field, value }, age) => {
    bytes += Buffer.byteLength(field) + Buffer.byteLength(value ?? '');
    return age < historyLength && bytes <= historyBytes;
  });
  return kept.toReversed();
}

function only(link: Link): Settled {
  return { link, movedTo: undefined };
}

function sameBase(a: Base | undefined, b: Base | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.mapping === b.mapping && sameProfile(a.portal, b.portal) && sameProfile(a.developer, b.developer);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}
