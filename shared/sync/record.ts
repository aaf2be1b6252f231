import { emailOf, renamedTo, renameTargetOf } from '../core/decide/ownership.ts';
import { afterwards } from '../core/link-changes/aftermath.ts';
import {
  interrupted,
  refusedByStore,
  type InterruptedWork,
  type Interruption,
} from '../core/link-changes/interrupted.ts';
import { isLeased, isOwner, needsNote, notedBeforeWriting } from '../core/link-changes/leased.ts';
import {
  dueNow,
  ontoTarget,
  registeredMeanwhile,
  withClaimOf,
  withNotesOf,
} from '../core/link-changes/noted-meanwhile.ts';
import { settleInPart } from '../core/link-changes/settled-in-part.ts';
import { settle, withLast } from '../core/link-changes/settled.ts';
import type { Decision, PortalStep, Subject } from '../core/model/decision.ts';
import { canonicalEmail, derivedUserId, type PersonKey } from '../core/model/email.ts';
import type { Link } from '../core/model/link.ts';
import type { Developer } from '../core/model/profile.ts';
import { committed, versionOf, type PortalWrite, type TransactionScope, type View } from '../state/people.ts';
import type { SyncDeps } from './deps.ts';
import type { OwnLease } from './lease.ts';
import { keeperOf } from './keep-change.ts';
import type { Look } from './look.ts';
import type { PersonResult } from './result.ts';
import { mailOf, recipientOf, sayTold } from './tell-person.ts';

export type Recorded =
  | { readonly kind: 'done' }
  /** Recorded, but the portal user changed meanwhile: look again (rule 21). */
  | { readonly kind: 'done-and-changed' }
  /** Only Apigee's half was recorded: the portal user changed meanwhile, so the portal's half is decided again. */
  | { readonly kind: 'done-in-part' }
  /** Nothing was recorded: somebody wrote what the decision rests on. */
  | { readonly kind: 'changed' }
  /** Nothing was recorded: the portal user took another email before the link was theirs, and is nobody here. */
  | { readonly kind: 'renamed' }
  /** Nothing was recorded: the lease is not ours any more. */
  | { readonly kind: 'lost-lease' }
  /** Nothing was recorded, and never will be: the store does not take the portal user as decided. */
  | { readonly kind: 'refused' };

/** On what condition a result is recorded: a live lease, or the link being exactly as it was when deciding. */
export type Precondition =
  | { readonly kind: 'lease'; readonly lease: OwnLease }
  | { readonly kind: 'unchanged'; readonly version: string | undefined };

/** A decision that is carried out in Apigee: what is left is to record it. `developer`: as Apigee left it. */
export interface Outcome {
  readonly subject: Subject;
  readonly decision: Decision;
  readonly developer: Developer | undefined;
}

/**
 * Records what a decision came to: the portal user and the link in one step (rule 22). The portal is written only if its
 * document is still the one that was decided on.
 */
export async function record(
  deps: SyncDeps,
  found: Look,
  { subject, decision, developer }: Outcome,
  precondition: Precondition,
): Promise<Recorded> {
  const { key } = subject;
  const target = renamedTo(found.half);
  const creation =
    decision.portal?.kind === 'create' && subject.developer.kind === 'developer'
      ? {
          id: deps.policy.idIsEmail === true ? key : derivedUserId(key, subject.developer.developer),
          other: deps.newId(),
          passwordHash: deps.newPasswordHash(),
        }
      : undefined;

  const keep = keeperOf(deps, subject, developer);
  const mail = creation === undefined ? undefined : await mailOf(deps);
  const outcome = await deps.people.transact<Recorded>(
    scopeOf(deps, found, subject, creation, precondition),
    (view) => {
      const current = view.links.get(key);
      if (!holds(precondition, current, view))
        return { result: { kind: precondition.kind === 'lease' ? 'lost-lease' : 'changed' } };
      // Somebody registered with this email meanwhile: remember the documents, decide anew, create nobody twice.
      if (view.userIdsWithEmail.length > 0) {
        const links = current === undefined ? [] : [registeredMeanwhile(current.link, view.userIdsWithEmail)];
        return { result: { kind: 'changed' }, links };
      }
      const hasChanged = portalChanged(subject, view.portal);
      const departure = hasChanged ? departureOf(subject, current?.link, view) : undefined;
      if (departure !== undefined) return { result: { kind: departure === 'deleted' ? 'changed' : 'renamed' } };
      const now = deps.now();
      if (hasChanged && decision.portal !== undefined) {
        const part = current && developer && settleInPart(current.link, subject, decision, developer, deps.policy, now);
        if (part === undefined) return { result: { kind: 'changed' } };
        return {
          result: { kind: 'done-in-part' },
          links: [withLast({ ...part, lease: undefined }, decision, deps.by, now)],
          changes: keep({ ...decision, portal: undefined }),
        };
      }
      const there = target && view.links.get(target)?.link;
      if (decision.end.kind === 'moved' && target !== undefined) {
        if (renameTargetOf(there) !== subject.renameTarget || isLeased(there, view.now))
          return { result: { kind: 'changed' } };
      }

      const newId = creation && (view.portal.get(creation.id)?.kind === 'absent' ? creation.id : creation.other);
      const after = afterwards(subject, decision.portal, newId, developer);
      const settled = settle(subject, decision, after, deps.policy, now);
      const finish = (link: Link): Link => withLast({ ...link, lease: undefined }, decision, deps.by, now);
      const own = settled.link && withNotesOf(current?.link, subject.link, finish(settled.link), now);
      const moved = settled.movedTo && ontoTarget(finish(settled.movedTo), there, now);
      const claim = target === undefined || moved !== undefined ? undefined : withClaimOf(subject, target, there);
      const user = creation && newId !== undefined ? { id: newId, passwordHash: creation.passwordHash } : undefined;
      return {
        result: { kind: hasChanged ? 'done-and-changed' : 'done' },
        links: [own, moved, claim].filter((link) => link !== undefined),
        removeLinks: settled.link === undefined && current !== undefined ? [key] : [],
        portal: decision.portal === undefined ? [] : [portalWrite(decision.portal, user, now)],
        changes: keep(decision, newId),
        alongside:
          mail !== undefined && newId !== undefined ? [mail.documentFor(recipientOf(decision, key, newId))] : [],
      };
    },
  );
  if (outcome.kind === 'refused') return outcome;
  const isDone = outcome.result.kind === 'done' && decision.portal === undefined && precondition.kind === 'lease';
  if (mail !== undefined && outcome.result.kind === 'done') sayTold(deps, key);
  return isDone && (await hasMovedOn(deps, subject)) ? { kind: 'done-and-changed' } : outcome.result;
}

interface Creation {
  /** The id of the new document, the same for everybody who creates this developer's portal user. */
  readonly id: string;
  /** Used where a document of that id exists, by whatever history. */
  readonly other: string;
  readonly passwordHash: string;
}

/** What has to be read before recording: nothing, where the look that was decided on shows all that is written. */
function scopeOf(
  { now }: SyncDeps,
  { half, view }: Look,
  { key, portal, link }: Subject,
  creation: Creation | undefined,
  precondition: Precondition,
): TransactionScope {
  const target = renamedTo(half);
  const email = canonicalEmail(key);
  const userIds = portal.kind === 'user' ? [portal.user.id] : [];
  const isBound = portal.kind !== 'user' || link?.userId === portal.user.id;
  const isInTime = precondition.kind === 'unchanged' || now() < precondition.lease.until;
  if (target === undefined && creation === undefined && isBound && isInTime)
    return { links: [key], userIds, seen: view };
  return {
    links: target === undefined ? [key] : [key, target],
    userIds: creation === undefined ? userIds : [...userIds, creation.id],
    ...(creation === undefined || email === undefined ? {} : { portalEmail: email }),
  };
}

/**
 * Whether the portal user changed while the lease was ours. Whoever came because of that edit found the lease and left, so
 * the edit is ours to look at (rule 21).
 */
async function hasMovedOn({ people }: SyncDeps, subject: Subject): Promise<boolean> {
  if (subject.portal.kind !== 'user') return false;
  return portalChanged(subject, await people.portalUsers([subject.portal.user.id]));
}

/**
 * Before something is deleted: looks for documents with the person's email that no event has told of yet, somebody who has
 * just registered. They are noted on the link, which ends the lease. Answers whether there are any.
 */
export async function noteNewClaimants(deps: SyncDeps, lease: OwnLease, { person, view }: Look): Promise<boolean> {
  const email = canonicalEmail(person.key);
  const ids = email === undefined ? [] : await deps.people.userIdsWithEmail(email);
  const unknown = ids.filter((id) => !view.portal.has(id));
  if (unknown.length === 0) return false;
  await ifOwner(deps, person.key, lease, (link) => ({
    ...registeredMeanwhile(link, unknown),
    ...lease.before,
  }));
  return true;
}

/** Notes on the link what a crash would destroy. Answers false where the lease is not ours any more. */
export async function noteBeforeWriting(
  deps: SyncDeps,
  lease: OwnLease,
  { subject, decision }: { readonly subject: Subject; readonly decision: Decision },
): Promise<boolean> {
  if (!needsNote(decision)) return true;
  return ifOwner(deps, subject.key, lease, (link) =>
    notedBeforeWriting(link, subject, decision, deps.policy, deps.now()),
  );
}

/** Records why a decision was not carried out to its end, and ends the lease. Does nothing where the lease was lost. */
export async function recordInterruption(
  deps: SyncDeps,
  lease: OwnLease,
  { subject, decision }: Pick<InterruptedWork, 'subject' | 'decision'>,
  interruption: Interruption,
  applied = false,
): Promise<void> {
  const work = { subject, decision, interruption, applied, before: lease.before };
  await ifOwner(deps, subject.key, lease, (link) => interrupted(link, work, deps.by, deps.policy, deps.now()));
}

/** Records that the store refuses the person, whom nobody else has to wait for (rule 7), and ends the lease. */
export async function recordRefusal(deps: SyncDeps, lease: OwnLease, refused: PersonResult): Promise<void> {
  await ifOwner(deps, refused.key, lease, (link) => refusedByStore(link, refused, deps.by, deps.now()));
}

/**
 * Has every person looked at whose portal user took this email while another link still had it, once it is free (rule 17).
 * They are marked before this link is done, so that a crash in between forgets nobody (rule 24).
 */
export async function wakeWaiting({ people, now }: SyncDeps, { half, boundElsewhere }: Look): Promise<void> {
  const { link } = half;
  if (link?.presence !== 'none' || link.due === undefined || boundElsewhere.size === 0) return;
  const keys = new Set<PersonKey>();
  for (const id of boundElsewhere)
    for (const { link: other } of await people.linksOfPortalUser(id)) if (other.userId === id) keys.add(other.key);
  const outcome = await people.transact({ links: [...keys], userIds: [] }, (view) => ({
    result: undefined,
    links: [...view.links.values()]
      .filter(({ link: waiting }) => waiting.due === undefined)
      .map(({ link: waiting }) => dueNow(waiting, now())),
  }));
  committed(outcome);
}

/** Removes a link that our lease has made, and with it the lease, as if nobody had looked. */
export async function forgetClaim({ people }: SyncDeps, { holder }: OwnLease, key: PersonKey): Promise<void> {
  const outcome = await people.transact({ links: [key], userIds: [] }, (view) => ({
    result: undefined,
    removeLinks: isOwner(holder, view.links.get(key)?.link, view.now) ? [key] : [],
  }));
  committed(outcome);
}

/** Changes the link if the lease is still ours, and answers whether it is (rule 21). */
export async function ifOwner(
  { people }: SyncDeps,
  key: PersonKey,
  { holder }: OwnLease,
  change: (link: Link) => Link,
): Promise<boolean> {
  const outcome = await people.transact<boolean>({ links: [key], userIds: [] }, (view) => {
    const link = view.links.get(key)?.link;
    if (link === undefined || !isOwner(holder, link, view.now)) return { result: false };
    return { result: true, links: [change(link)] };
  });
  return committed(outcome);
}

function holds(
  precondition: Precondition,
  current: { readonly link: Link; readonly version: string } | undefined,
  { now }: View,
): boolean {
  if (precondition.kind === 'lease') return isOwner(precondition.lease.holder, current?.link, now);
  return current?.version === precondition.version && !isLeased(current?.link, now);
}

function portalChanged({ portal }: Subject, readings: View['portal']): boolean {
  return portal.kind === 'user' && versionOf(readings.get(portal.user.id)) !== portal.user.version;
}

/** How the portal user went, where the link does not name that portal user yet. */
function departureOf(
  { key, portal }: Subject,
  current: Link | undefined,
  view: View,
): 'deleted' | 'renamed' | undefined {
  if (portal.kind !== 'user' || current?.userId === portal.user.id) return undefined;
  const reading = view.portal.get(portal.user.id);
  if (reading === undefined || reading.kind === 'absent') return 'deleted';
  return emailOf(reading) === key ? undefined : 'renamed';
}

function portalWrite(
  step: PortalStep,
  creation: { readonly id: string; readonly passwordHash: string } | undefined,
  now: number,
): PortalWrite {
  if (step.kind !== 'create') return step;
  if (creation === undefined) throw new Error('a portal user is created without an id');
  const { id, passwordHash } = creation;
  return { kind: 'create', id, user: { ...step.user, passwordHash, createdAt: now } };
}
