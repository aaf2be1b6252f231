import { mayDeleteDeveloper, planUndo, type UndoPlan } from '../core/changes/undo.ts';
import { withUndoHeard } from '../core/decide/undone.ts';
import { leasedToUndo } from '../core/link-changes/undone.ts';
import type { Change } from '../core/model/change.ts';
import type { Subject } from '../core/model/decision.ts';
import { canonicalEmail } from '../core/model/email.ts';
import { noDeveloper } from '../core/next-step/evidence.ts';
import type { SyncDeps } from './deps.ts';
import { acquire, newLeaseWait, newWaitAfterFailure, type OwnLease } from './lease.ts';
import { look, readDeveloper, type Look, type Person } from './look.ts';
import { forgetClaim, noteNewClaimants } from './record.ts';
import { denied, logResult, outOfScope, retryLater, stoppedReason, suspended } from './result.ts';
import { alreadyDeleting, endUndo, keepUnheard, noteUndo, recordUndo } from './undo-record.ts';
import { doneOf, nothingLeft, only, type Undone } from './undo-result.ts';
import { undoNotWritten } from './undo-interrupt.ts';
import { writeApigee, type Written } from './write-apigee.ts';

const mostTries = 6;

/**
 * Undoes what one act changed for one person (rule 35), under the person's lease and on fresh reads. `change`: all of it, as
 * `combined` makes it. `hasApps` rejects where Apigee does not say. A crash leaves at most a lease and a note of what was
 * about to be put back; whoever looks next tells it from an edit, and undoing once more brings the same end (rule 24).
 * Who calls has asked the gate (rule 16).
 */
export async function undoPerson(
  deps: SyncDeps,
  person: Person,
  change: Change,
  hasApps: (email: string) => Promise<boolean>,
): Promise<Undone> {
  const { key } = person;
  const email = canonicalEmail(key);
  if (email !== undefined && !deps.policy.inScope(email)) return only(outOfScope(key));
  const waitForLease = newLeaseWait(deps);
  const waitAfterFailure = newWaitAfterFailure(deps);
  const hints = change.userId === undefined ? person.hints : [...person.hints, change.userId];
  for (let tries = 0; tries < mostTries;) {
    const found = await look(deps, tries === 0 ? { ...person, hints } : { key, hints });
    const acquired = await acquire(deps, found, leasedToUndo);
    if (acquired.kind === 'busy') {
      if (!(await waitForLease())) return only(retryLater(key, 'somebody else is writing this person'));
      continue;
    }
    tries += 1;
    if (acquired.kind === 'changed') continue;
    const work = { lease: acquired.lease, found: acquired.look, isNew: !found.view.links.has(key) };
    const undone = await underLease(deps, work, change, hasApps, waitAfterFailure);
    if (undone === 'again') continue;
    logResult(deps.log, undone.result);
    return undone;
  }
  return only(retryLater(key, 'the person kept changing while being undone'));
}

interface Work {
  readonly lease: OwnLease;
  readonly found: Look;
  /** Nobody had a link for the person before. */
  readonly isNew: boolean;
}

async function underLease(
  deps: SyncDeps,
  { lease: taken, found, isNew }: Work,
  change: Change,
  hasApps: (email: string) => Promise<boolean>,
  waitAfterFailure: ReturnType<typeof newWaitAfterFailure>,
): Promise<Undone | 'again'> {
  const { half } = found;
  const { key } = half;
  const read = await readDeveloper(deps, half, undefined);
  const seen = { ...half, developer: (read.ok ? read.value : noDeveloper).side };
  const end = (lease: OwnLease): Promise<void> =>
    isNew ? forgetClaim(deps, lease, key) : endUndo(deps, lease, seen, false);
  if (!read.ok) {
    await end(taken);
    const { kind, message, suspended: isSuspended } = read.error;
    if (kind === 'denied') return only(denied(key, message, undefined));
    return only(isSuspended === true ? suspended(key, message, undefined) : retryLater(key, message));
  }
  const lease = await keepUnheard(deps, taken, seen);
  if (lease === undefined) return 'again';
  const link = seen.link && withUndoHeard(seen.link, seen.developer, deps.policy);
  const subject: Subject = { ...seen, link };
  const plan =
    alreadyDeleting(subject, deps.policy) ?? (await planFor(deps, subject, change, hasApps, () => end(lease)));
  if (plan.end.kind === 'as-is') {
    await end(lease);
    return nothingLeft(deps, subject, plan);
  }
  if (await deps.isStopped()) {
    await end(lease);
    return only(suspended(key, stoppedReason, { situation: 'undone', fields: [] }), plan.kept);
  }
  if (plan.end.kind === 'removed' && (await noteNewClaimants(deps, lease, found))) return 'again';
  if (!(await noteUndo(deps, lease, subject, plan))) return 'again';
  const written = orGone(await writeApigee(deps, lease, subject, plan.apigee));
  if (written.kind !== 'done') return undoNotWritten(deps, lease, subject, plan, written, waitAfterFailure);
  const done = doneOf(deps, subject, plan);
  const recorded = await recordUndo(deps, lease, subject, plan, done.result, written.developer);
  if (recorded === 'done') return plan.isPart ? 'again' : done;
  await endUndo(deps, lease, subject, plan.apigee.length > 0);
  if (recorded === 'again') return 'again';
  const reason = 'Firestore refuses to store this person: the portal document is too large or has too many fields';
  return only({ ...done.result, outcome: 'failed', reason, fields: [] }, plan.kept);
}

async function planFor(
  { policy }: SyncDeps,
  subject: Subject,
  change: Change,
  hasApps: (email: string) => Promise<boolean>,
  end: () => Promise<void>,
): Promise<UndoPlan> {
  const { developer } = subject;
  if (!mayDeleteDeveloper(subject, change) || developer.kind !== 'developer')
    return planUndo(subject, change, { hasApps: false }, policy);
  try {
    return planUndo(subject, change, { hasApps: await hasApps(developer.developer.email) }, policy);
  } catch (error) {
    await end();
    throw error;
  }
}

/** A developer who is gone by the time we delete them is as the undo would have it. */
function orGone(written: Written): Written {
  const isGone = written.kind === 'failed' && written.step.kind === 'delete' && written.error.kind === 'absent';
  return isGone ? { kind: 'done', developer: undefined } : written;
}
