import { unheardUndo } from '../core/changes/note.ts';
import type { UndoPlan } from '../core/changes/undo.ts';
import { withUndoHeard } from '../core/decide/undone.ts';
import { isOwner } from '../core/link-changes/leased.ts';
import { withLast } from '../core/link-changes/settled.ts';
import { undone, undoNoted } from '../core/link-changes/undone.ts';
import type { Change, Written } from '../core/model/change.ts';
import type { Subject } from '../core/model/decision.ts';
import type { Link } from '../core/model/link.ts';
import type { Policy } from '../core/model/policy.ts';
import type { Developer } from '../core/model/profile.ts';
import { committed, versionOf } from '../state/people.ts';
import type { SyncDeps } from './deps.ts';
import { changeOf } from './keep-change.ts';
import type { OwnLease } from './lease.ts';
import { ifOwner, recordInterruption } from './record.ts';
import type { PersonResult } from './result.ts';

const notDone = { situation: 'undone', outcome: 'unchanged', reason: 'not undone', fields: [] } as const;

/** Ends the lease of an undo that is not carried out; `applied`: Apigee may have changed, so that what was noted stays. */
export function endUndo(deps: SyncDeps, lease: OwnLease, subject: Subject, applied: boolean): Promise<void> {
  const interruption = applied ? ({ kind: 'postponed', read: true } as const) : ({ kind: 'abandoned' } as const);
  return recordInterruption(deps, lease, { subject, decision: notDone }, interruption, applied);
}

/**
 * Keeps what an earlier undo wrote that was never recorded, before its note is overwritten. Answers the lease as it goes on;
 * undefined: it is not ours any more.
 */
export async function keepUnheard(deps: SyncDeps, lease: OwnLease, seen: Subject): Promise<OwnLease | undefined> {
  const { link, developer } = seen;
  if (link?.undoIntent === undefined || developer.kind !== 'developer') return lease;
  const written = unheardUndo(seen, deps.policy);
  const { fields } = written;
  const changes = fields.length === 0 ? [] : [undoChange(deps, seen, written)];
  const scope = { links: [seen.key], userIds: [] };
  const outcome = await deps.people.transact<boolean>(scope, ({ links, now }) => {
    const current = links.get(seen.key)?.link;
    if (current === undefined || !isOwner(lease.holder, current, now)) return { result: false };
    const heard = withUndoHeard(current, developer, deps.policy);
    if (fields.length === 0) return { result: true, links: [heard] };
    const names = fields.map(({ field }) => field);
    const last = { situation: 'undone', outcome: 'updated-apigee', reason: undoneBefore, fields: names } as const;
    return { result: true, links: [withLast(heard, last, deps.by, deps.now())], changes };
  });
  return committed(outcome) ? { ...lease, before: { ...lease.before, undoIntent: undefined } } : undefined;
}

const undoneBefore = 'an earlier change is undone';

/** What is left of an undo that was deleting a developer who is gone now: to record it. */
export function alreadyDeleting(subject: Subject, policy: Policy): UndoPlan | undefined {
  const { link, developer } = subject;
  if (link?.undoIntent?.deletes !== true || developer.kind !== 'absent' || link.developer === undefined)
    return undefined;
  const { fields } = unheardUndo(subject, policy);
  const apigee = [{ kind: 'delete', email: link.developer.email }] as const;
  return {
    apigee,
    portal: undefined,
    restored: fields,
    kept: [],
    end: { kind: 'removed', side: 'apigee' },
    isPart: false,
  };
}

/** Notes what is about to be written to Apigee. Answers false where the lease is not ours any more. */
export async function noteUndo(deps: SyncDeps, lease: OwnLease, subject: Subject, plan: UndoPlan): Promise<boolean> {
  if (plan.apigee.length === 0) return true;
  return ifOwner(deps, subject.key, lease, (link) => undoNoted(link, subject.developer, plan, deps.policy));
}

/**
 * Records an undo: the portal user, if it still is as read, the link and the change, in one step (rules 22, 34), which ends
 * the lease.
 */
export async function recordUndo(
  deps: SyncDeps,
  lease: OwnLease,
  subject: Subject,
  plan: UndoPlan,
  result: PersonResult,
  developer: Developer | undefined,
): Promise<'done' | 'again' | 'refused'> {
  const { key, portal } = subject;
  const user = portal.kind === 'user' ? portal.user : undefined;
  const change = undoChange(deps, subject, { acts: actsOf(plan), fields: plan.restored });
  const scope = { links: [key], userIds: user === undefined ? [] : [user.id] };
  const outcome = await deps.people.transact<'done' | 'again'>(scope, (view) => {
    const current = view.links.get(key)?.link;
    if (current === undefined || !isOwner(lease.holder, current, view.now)) return { result: 'again' };
    const hasMoved = user !== undefined && versionOf(view.portal.get(user.id)) !== user.version;
    if (hasMoved && plan.portal !== undefined) return { result: 'again' };
    const now = deps.now();
    const link = finished(undone(current, subject, plan, developer, deps.policy, now), hasMoved, now);
    return {
      result: 'done',
      links: [withLast(link, { ...result, outcome: outcomeOf(plan) }, deps.by, now)],
      portal: plan.portal === undefined || plan.portal.kind === 'create' ? [] : [plan.portal],
      changes: [change],
    };
  });
  return outcome.kind === 'refused' ? 'refused' : outcome.result;
}

/** Whoever came because of an edit meanwhile found the lease and left: the person is looked at in the next run (rule 21). */
function finished(link: Link, hasMoved: boolean, now: number): Link {
  return { ...link, lease: undefined, due: hasMoved ? now : link.due };
}

function outcomeOf({ apigee }: UndoPlan): 'updated-apigee' | 'updated-portal' {
  return apigee.length > 0 ? 'updated-apigee' : 'updated-portal';
}

function actsOf({ apigee, portal, end }: UndoPlan): Written['acts'] {
  const act = end.kind === 'removed' ? 'deleted' : 'updated';
  return { portal: portal === undefined ? undefined : act, apigee: apigee.length === 0 ? undefined : act };
}

function undoChange(deps: SyncDeps, { key, link, portal, developer }: Subject, written: Written): Change {
  return changeOf(deps, {
    key,
    ...written,
    situation: 'undone',
    reason: undoneBefore,
    userId: portal.kind === 'user' ? portal.user.id : link?.userId,
    developerId: developer.kind === 'developer' ? developer.developer.developerId : link?.developer?.developerId,
    mapping: deps.policy.mapping,
    destructive: false,
  });
}
