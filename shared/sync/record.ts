import { emailOf } from '../core/decide/ownership.ts';
import type { Decision, PortalStep, Subject } from '../core/model/decision.ts';
import { halfSettled } from '../core/link-changes/settled-in-part.ts';
import { isCrowded, rivalsOf } from '../core/model/limits.ts';
import { newLink, type Link } from '../core/model/link.ts';
import { type Developer, type Profile, withChanges } from '../core/model/profile.ts';
import { settle, withLast, type Aftermath } from '../core/link-changes/settled.ts';
import type { PortalWrite, TransactionStep, TransactionView } from '../state/people.ts';
import type { SyncDeps } from './deps.ts';
import { renameTargetOf, type Found } from './look.ts';
import { holds, isLeased, type HeldLease } from './lease.ts';

export type Recorded =
  | 'done'
  /** Recorded, but the portal user is another by now: look again (rule 21). */
  | 'done-and-moved'
  /** Recorded is what was done in Apigee: the portal user is another by now, so what was to be theirs is decided anew. */
  | 'half-done'
  /** Nothing recorded: somebody wrote what this was decided on. */
  | 'moved'
  /** Nothing recorded: the portal user took another email before anybody was bound, and is nobody here. */
  | 'left'
  /** Nothing recorded: the lease is not ours any more. */
  | 'lost-lease'
  /** Nothing recorded, and never will be: the store does not take the portal user as it would be. */
  | 'refused';

/** What a record is allowed by: a live lease, or the link being exactly as it was when deciding. */
export type Warrant =
  | { readonly kind: 'lease'; readonly lease: HeldLease }
  | { readonly kind: 'unchanged'; readonly version: string | undefined };

/**
 * Writes what a decision came to: the portal user and the link in one transaction (rule 22). Nothing is written to the
 * portal unless its document is still the one that was decided on.
 */
export async function record(
  deps: SyncDeps,
  found: Found,
  subject: Subject,
  decision: Decision,
  developer: Developer | undefined,
  warrant: Warrant,
): Promise<Recorded> {
  const { key } = subject;
  const target = found.renamedTo;
  const create =
    decision.portal?.kind === 'create' ? { id: deps.newId(), passwordHash: deps.newPasswordHash() } : undefined;
  const userIds = subject.portal.kind === 'user' ? [subject.portal.user.id] : [];
  const links = target === undefined ? [key] : [key, target];
  const email =
    create === undefined || key.startsWith('#') ? {} : { portalEmail: key as Exclude<typeof key, `#${string}`> };

  const committed = await deps.people.transact<Recorded>({ links, userIds, ...email }, (view) => {
    const current = view.links.get(key);
    if (!isWarranted(warrant, current, view)) return { result: warrant.kind === 'lease' ? 'lost-lease' : 'moved' };
    if (view.userIdsWithEmail.length > 0) return claimed(current?.link, view.userIdsWithEmail);
    const moved = portalMoved(subject, view);
    const leaver = moved ? leaverOf(subject, current?.link, view) : undefined;
    if (leaver !== undefined) return { result: leaver === 'deleted' ? 'moved' : 'left' };
    if (moved && decision.portal !== undefined) return halfDone(deps, subject, decision, developer, current?.link);
    if (decision.end.kind === 'moved' && target !== undefined) {
      const there = view.links.get(target)?.link;
      if (renameTargetOf(there) !== subject.renameTarget || isLeased(there, view)) return { result: 'moved' };
    }

    const now = deps.now();
    const after = { portal: portalAfter(subject, decision.portal, create?.id), developer };
    const settled = settle(subject, decision, after, deps.policy, now);
    const finish = (link: Link): Link => withLast({ ...link, lease: undefined }, decision, deps.by, now);
    const own = settled.link && keepMarks(finish(settled.link), subject.link, current?.link, now);
    const moveTo = settled.movedTo && ontoTarget(finish(settled.movedTo), target && view.links.get(target)?.link, now);
    const note =
      target === undefined || moveTo !== undefined
        ? undefined
        : noteClaim(view.links.get(target)?.link, target, subject);
    return {
      result: moved ? 'done-and-moved' : 'done',
      links: [own, moveTo, note].filter((link) => link !== undefined),
      removeLinks: settled.link === undefined && current !== undefined ? [key] : [],
      portal: decision.portal === undefined ? [] : [portalWrite(decision.portal, create, now)],
    };
  });
  return committed.kind === 'refused' ? 'refused' : committed.result;
}

function halfDone(
  { by, policy, now }: SyncDeps,
  subject: Subject,
  decision: Decision,
  developer: Developer | undefined,
  current: Link | undefined,
): TransactionStep<Recorded> {
  if (current === undefined || developer === undefined) return { result: 'moved' };
  const half = halfSettled(current, subject, decision, developer, policy, now());
  if (half === undefined) return { result: 'moved' };
  return { result: 'half-done', links: [withLast({ ...half, lease: undefined }, decision, by, now())] };
}

function isWarranted(
  warrant: Warrant,
  current: { link: Link; version: string } | undefined,
  view: TransactionView,
): boolean {
  if (warrant.kind === 'lease') return holds(warrant.lease, current?.link, view);
  return current?.version === warrant.version && !isLeased(current?.link, view);
}

/** Somebody registered this email meanwhile: remember the documents, decide anew (nobody is created twice). */
function claimed(link: Link | undefined, ids: readonly string[]): TransactionStep<Recorded> {
  if (link === undefined) return { result: 'moved' };
  return {
    result: 'moved',
    links: [{ ...link, lease: undefined, rivals: rivalsOf([...link.rivals, ...ids]) }],
  };
}

function portalMoved(subject: Subject, view: TransactionView): boolean {
  if (subject.portal.kind !== 'user') return false;
  const { id, version } = subject.portal.user;
  const reading = view.portal.get(id);
  switch (reading?.kind) {
    case 'user':
      return reading.user.version !== version;
    case 'malformed':
      return reading.version !== version;
    default:
      return true;
  }
}

/** How the portal user went, if the link is not theirs yet. */
function leaverOf(
  { key, portal }: Subject,
  current: Link | undefined,
  view: TransactionView,
): 'deleted' | 'renamed' | undefined {
  if (portal.kind !== 'user' || current?.userId === portal.user.id) return undefined;
  const reading = view.portal.get(portal.user.id);
  if (reading === undefined || reading.kind === 'absent') return 'deleted';
  return emailOf(reading) === key ? undefined : 'renamed';
}

/** What a portal pass noted on the link while this went on must not be overwritten. */
function keepMarks(link: Link, seen: Link | undefined, current: Link | undefined, now: number): Link {
  if (current === undefined || seen === undefined) return link;
  const claimed = current.userId === seen.userId ? undefined : current.userId;
  const added = current.rivals.filter((id) => !seen.rivals.includes(id));
  if (current.due === seen.due && claimed === undefined && added.length === 0) return link;
  const due = link.due ?? now;
  // Who has become this person's portal user meanwhile is no other's; whoever claims to be is looked at.
  if (claimed === undefined || link.userId !== undefined) {
    const others = claimed === undefined ? added : [...added, claimed];
    const rivals = rivalsOf([...link.rivals, ...others]).filter((id) => id !== link.userId);
    return { ...link, rivals, due };
  }
  const presence = link.presence === 'apigee' || link.presence === 'both' ? 'both' : 'portal';
  return { ...link, presence, userId: claimed, rivals: rivalsOf([...link.rivals, ...added]), due };
}

/** Whoever else waits for the new email goes on waiting. A developer who has it already is met for the first time. */
function ontoTarget(link: Link, there: Link | undefined, now: number): Link {
  const rivals = (there?.rivals ?? []).filter((id) => id !== link.userId);
  if (renameTargetOf(there) !== 'unclaimed') return { ...link, rivals };
  return { ...link, rivals, presence: 'both', developer: there?.developer, base: undefined, due: now };
}

/** A user who cannot be moved to a new email still claims it: nobody else may be created there (rule 17). */
function noteClaim(target: Link | undefined, key: NonNullable<Found['renamedTo']>, subject: Subject): Link | undefined {
  const id = subject.portal.kind === 'user' ? subject.portal.user.id : undefined;
  const link = target ?? newLink(key);
  if (id === undefined || link.userId === id || link.rivals.includes(id) || isCrowded(link.rivals)) return undefined;
  return { ...link, rivals: rivalsOf([...link.rivals, id]) };
}

function portalAfter(subject: Subject, step: PortalStep | undefined, newId: string | undefined): Aftermath['portal'] {
  switch (step?.kind) {
    case 'create':
      return newId === undefined ? undefined : { id: newId, profile: step.user };
    case 'delete':
      return undefined;
    case 'update':
      return found(subject, (profile) => withChanges(profile, step.changes));
    case 'set-status':
      return found(subject, (profile) => ({ ...profile, status: step.status }));
    case undefined:
      return found(subject, (profile) => profile);
  }
}

function found(subject: Subject, change: (profile: Profile) => Profile): Aftermath['portal'] {
  const { portal } = subject;
  switch (portal.kind) {
    case 'absent':
      return undefined;
    case 'user':
      return { id: portal.user.id, profile: change(portal.user.profile) };
    case 'malformed':
      return { id: portal.id, profile: undefined };
    case 'collision':
      return portal.bound === undefined ? undefined : { id: portal.bound, profile: undefined };
  }
}

function portalWrite(
  step: PortalStep,
  create: { id: string; passwordHash: string } | undefined,
  now: number,
): PortalWrite {
  if (step.kind !== 'create') return step;
  if (create === undefined) throw new Error('a portal user is created without an id');
  return { kind: 'create', id: create.id, user: { ...step.user, passwordHash: create.passwordHash, createdAt: now } };
}
