import type { Decision, DeveloperSide, Subject } from '../model/decision.ts';
import type { CanonicalEmail, PersonKey } from '../model/email.ts';
import { contentFingerprint, failureFingerprint } from '../decide/fingerprint.ts';
import { developerEditedAt, isOurDeactivation, showsIntent } from '../decide/ours.ts';
import { keepingLeft, leftAloneWords, policyFor } from '../decide/left-alone.ts';
import { withStatusOf } from '../decide/status.ts';
import { stillApart, withUndoHeard } from '../decide/undone.ts';
import { withLost } from './history.ts';
import { rivalsOf } from '../model/limits.ts';
import {
  isSameAct,
  newLink,
  type Actor,
  type Base,
  type DeveloperRef,
  type Failure,
  type Hold,
  type LastOutcome,
  type Link,
  type Tombstone,
  type Written,
} from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import { developerProfile, type Developer } from '../model/profile.ts';
import type { Aftermath } from './aftermath.ts';

export interface Settled {
  /** Undefined: the person is forgotten. */
  readonly link: Link | undefined;
  /** A rename writes the person's link under the new email as well. */
  readonly movedTo: Link | undefined;
}

/** The link once `decision` is carried out: pure, so that it can be compared with the one there is (rule 12). */
export function settle(subject: Subject, decision: Decision, after: Aftermath, general: Policy, now: number): Settled {
  const policy = policyFor(subject, general);
  const before = withUndoHeard(subject.link ?? newLink(subject.key), subject.developer, policy);
  const { end } = decision;
  const presence = presenceOf(subject, before, after, policy);
  const isWritten = decision.apigee.length > 0 && presence.developer !== undefined && after.developer !== undefined;
  const developer = isWritten
    ? { ...presence.developer, written: written(before, subject.developer, after.developer, policy) }
    : presence.developer;
  const words = leftAloneWords(policy);
  const leftAlone = words.length === 0 ? undefined : words;
  const found = rebind(before, { ...before, ...presence, developer, due: undefined, leftAlone });
  const done = { ...found, ...nothingOpen, undone: undefined, owesDeletion: undefined };
  const history = withLost(before.history, decision.lost, now);
  const base = baseOf(subject, decision, after, general, now);
  switch (end.kind) {
    case 'as-is':
      return { link: subject.link && asItIs(before, decision), movedTo: undefined };
    case 'in-step':
      return only({
        ...done,
        history,
        base,
        undone: stillApart(before.undone, base),
        hold: holdOf(before, end.hold, now),
        tombstone: undefined,
      });
    case 'noted':
      return only({
        ...done,
        intents: found.intents,
        deactivationIntent: found.deactivationIntent,
        undoIntent: found.undoIntent,
        undone: found.undone,
        owesDeletion: found.owesDeletion,
        tombstone: seenBy(after.developer, { ...before, tombstone: found.tombstone }),
        hold: holdOf(before, end.hold, now),
      });
    case 'failed':
      return only({ ...found, failure: permanent(subject, end.message, before, policy, now) });
    case 'portal-buried':
      return only({
        ...done,
        userId: undefined,
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
          before.tombstone?.side === 'developer'
            ? before.tombstone
            : {
                ...tombstone('developer', before, after, now),
                undone: end.hold?.reason === 'undone' ? true : undefined,
              },
      });
    case 'both-buried':
      return only(leftBehind(buried(done, before, after, now), now));
    case 'forgotten':
      return { link: undefined, movedTo: undefined };
    case 'moved':
      return {
        link: leftBehind(buried(done, before, after, now), now),
        movedTo: moved(
          { ...done, history, base: base ?? found.base, undone: stillApart(before.undone, base ?? found.base) },
          end.to,
          now,
        ),
      };
  }
}

/** Of a link whose person is done with. */
const nothingOpen = {
  intents: [],
  deactivationIntent: undefined,
  undoIntent: undefined,
  failure: undefined,
  hold: undefined,
} as const;

/**
 * The link of a person for whom nothing has to be done: nothing is owed any more, and unconfirmed intents are cleared.
 */
function asItIs(link: Link, { outcome }: Decision): Link {
  const looked = { ...link, due: undefined };
  if (outcome === 'failed') return looked;
  return { ...looked, ...nothingOpen };
}

/**
 * A developer whose status somebody has set since is not inactive by our doing, whenever that is found (rule 28): the next
 * write hides it.
 */
export function seenBy(developer: Developer | undefined, link: Link): Tombstone | undefined {
  const { tombstone } = link;
  const isSet = tombstone?.deactivated === true && developer !== undefined && !isOurDeactivation(link, developer);
  return isSet ? { ...tombstone, deactivated: false } : tombstone;
}

/** The link with its last outcome. What a run did for a person stays its outcome, however often the run looks again. */
export function withLast(
  link: Link,
  decision: Pick<Decision, 'outcome' | 'reason' | 'fields'> & Pick<LastOutcome, 'situation'>,
  by: Actor,
  at: number,
): Link {
  if (decision.outcome === 'ignored') return link;
  const { outcome, situation, reason, fields } = decision;
  const wasHelped =
    link.last !== undefined && isSameAct(link.last.by, by) && /^(created|updated)-/.test(link.last.outcome);
  if (wasHelped && outcome === 'unchanged') return link;
  const last: LastOutcome = { by, outcome, situation, reason, fields, at };
  return { ...link, last };
}

/** What exists after a decision is carried out. A side that could not be read counts as still there. */
export function presenceOf(
  subject: Subject,
  before: Link,
  after: Aftermath,
  policy: Policy,
): Pick<Link, 'presence' | 'userId' | 'rivals' | 'developer'> {
  const userId = after.portal?.id;
  const developer = after.developer && referenceTo(after.developer, before, policy);
  const presence =
    userId === undefined ? (developer === undefined ? 'none' : 'apigee') : developer === undefined ? 'portal' : 'both';
  return {
    presence,
    userId,
    rivals: rivalsOf(subject.rivals),
    // Named even where a read finds nobody, until that has been dealt with (rule 15): one absence proves nothing (rule 29).
    developer: developer ?? before.developer,
  };
}

/**
 * The link once another portal user takes the place of the one in `before`. What was known of the former portal user must
 * not decide about the new one, who never had those values (rule 10) and whose developer was not deleted (rule 15).
 */
export function rebind(before: Link, after: Link): Link {
  if (before.userId === undefined || after.userId === undefined || before.userId === after.userId) return after;
  return {
    ...after,
    owesDeletion: before.owesDeletion === true || before.base !== undefined ? true : undefined,
    base: undefined,
    undoIntent: undefined,
    undone: undefined,
    intents: [],
    tombstone: after.tombstone?.side === 'developer' ? undefined : after.tombstone,
  };
}

/**
 * How a link refers to a developer for whom no call was made now. What an earlier write left is known as before, and what an
 * unheard one left becomes known: the intents that tell of it may be gone next time.
 */
export function referenceTo(developer: Developer, before: Link, policy: Policy): DeveloperRef {
  const { email, developerId, lastModifiedAt: modifiedAt } = developer;
  const reference = { email, developerId, modifiedAt };
  const known = before.developer?.developerId === developerId ? before.developer.written : undefined;
  if (known?.content === contentFingerprint(developer)) return { ...reference, written: known };
  if (!showsIntent(before, developer, policy)) return reference;
  return { ...reference, written: written(before, { kind: 'developer', developer }, developer, policy) };
}

/** What a write of ours left of a developer who was `found` before it. */
export function written(before: Link, found: DeveloperSide, developer: Developer, policy: Policy): Written {
  const content = contentFingerprint(developer);
  const at = developer.lastModifiedAt;
  if (found.kind !== 'developer') return { content, editedAt: 0, at };
  // An unheard call of ours is no edit either, whatever else is known.
  const base = showsIntent(before, found.developer, policy) ? undefined : before.base;
  return { content, editedAt: developerEditedAt(before, base, found.developer, policy), at };
}

function baseOf(subject: Subject, decision: Decision, after: Aftermath, policy: Policy, now: number): Base | undefined {
  if (after.portal?.profile === undefined || after.developer === undefined) return undefined;
  const { portal } = subject;
  const found = portal.kind === 'user' ? portal.user.updatedAt : undefined;
  const base: Base = {
    portal: withStatusOf(subject, decision, after.portal.profile),
    developer: developerProfile(after.developer, policy),
    mapping: policy.mapping,
    // A portal user that is created with this link has the same time in its document.
    portalUpdatedAt: decision.portal?.kind === 'create' ? now : found,
  };
  return keepingLeft(base, subject.link, after.portal.id, subject, policyFor(subject, policy));
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
  const known = before.developer ?? before.tombstone;
  const { developerId, lastModifiedAt: modifiedAt } = after.developer ?? {
    developerId: known?.developerId,
    lastModifiedAt: known?.modifiedAt,
  };
  return { side, at, developerId, modifiedAt, deactivated };
}

function buried(done: Link, before: Link, after: Aftermath, now: number): Link {
  return {
    ...done,
    presence: 'none',
    userId: undefined,
    developer: undefined,
    base: undefined,
    // The lost values belonged to a person of whom nothing is left.
    history: [],
    tombstone: tombstone('both', before, after, now),
  };
}

/** The link of an email that is free again: a rival that was waiting for the email is looked at next. */
function leftBehind(link: Link, now: number): Link {
  return link.rivals.length === 0 ? link : { ...link, due: now };
}

function moved(link: Link, key: CanonicalEmail, now: number): Link {
  const inStep = link.base !== undefined && link.presence === 'both';
  // A developer that stays under the old email is no longer this person's; only of one in step something is still owed.
  const gone = link.base && link.developer && { ...link.developer, email: key };
  const developer = link.presence === 'both' ? link.developer : gone;
  return {
    ...link,
    key: key satisfies PersonKey,
    developer,
    rivals: [],
    lease: undefined,
    due: inStep ? undefined : now,
  };
}

function only(link: Link): Settled {
  return { link, movedTo: undefined };
}
