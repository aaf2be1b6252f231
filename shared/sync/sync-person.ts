import { decide } from '../core/decide.ts';
import type { Decision, DeveloperSide, Subject } from '../core/decision.ts';
import type { Profile } from '../core/profile.ts';
import { nothingNewOnPortal, quiet } from '../core/settled.ts';
import { carryOut, type CarriedOut } from './carry-out.ts';
import type { SyncDeps } from './deps.ts';
import { recordSetback } from './failures.ts';
import { gather, withDeveloper, type Found, type Person } from './gather.ts';
import { acquire, type HeldLease } from './lease.ts';
import { noteLostValues } from './note-lost-values.ts';
import { readDeveloper } from './read-developer.ts';
import { record } from './record.ts';
import { denied, planned, resultOf, retryLater, settledResult, type PersonResult } from './results.ts';

/** A developer as a listing showed it, good for deciding that nothing is to be done and for writing to the portal. */
export type Snapshot = Extract<DeveloperSide, { kind: 'developer' }>;

/** How often one person is looked at again because somebody else was writing at the same time. */
const rounds = 6;

/**
 * Brings one person in step, whatever made us look at them (rule 20): read both sides, decide, and where something is to
 * be written do it under the person's lease, deciding anew on what is read there.
 */
export async function syncPerson(deps: SyncDeps, person: Person, snapshot?: Snapshot): Promise<PersonResult> {
  const started = deps.now();
  for (let round = 0; round < rounds; round += 1) {
    const found = await gather(deps.people, person, deps.policy);
    const early = await withoutLease(deps, found, round === 0 ? snapshot : undefined);
    if (early !== 'again' && early !== 'lease') return early;
    if (early === 'again') continue;

    const acquired = await acquire(deps, person, found);
    if (acquired.kind === 'busy') {
      if (deps.now() - started > deps.timing.patienceMs)
        return retryLater(found, 'somebody else is writing this person');
      await deps.wait(250);
      round -= 1;
      continue;
    }
    if (acquired.kind === 'again') continue;
    const result = await underLease(deps, acquired.found, acquired.lease, acquired.attemptsBefore);
    if (result !== 'again') return result;
  }
  return retryLater(
    await gather(deps.people, person, deps.policy),
    'the person kept changing while being synchronised',
  );
}

/** What can be told, or noted on the link, without the right to write anywhere else. */
async function withoutLease(
  deps: SyncDeps,
  found: Found,
  snapshot: Snapshot | undefined,
): Promise<PersonResult | 'again' | 'lease'> {
  if (snapshot === undefined || isOutdated(snapshot, found)) {
    return nothingNewOnPortal(found.subject, deps.policy) ? settledResult(found, deps.by) : 'lease';
  }
  const subject = withDeveloper(found, snapshot);
  const decision = decide(subject, deps.policy);
  if (hasEffects(decision))
    return decision.destructive && deps.gate.kind === 'plan' ? planned(subject, decision) : 'lease';
  if (quiet(subject, deps.policy)) return resultOf(subject, decision, deps.by);
  const version = found.stored?.version;
  const recorded = await record(deps, found, subject, decision, snapshot.developer, { kind: 'unchanged', version });
  if (recorded !== 'done') return 'again';
  return decision.end.kind === 'moved' ? 'again' : resultOf(subject, decision, deps.by, deps.log);
}

async function underLease(
  deps: SyncDeps,
  found: Found,
  lease: HeldLease,
  attemptsBefore: readonly Profile[],
): Promise<PersonResult | 'again'> {
  const answer = await readDeveloper(deps, found);
  const subject = withDeveloper(found, answer.ok ? answer.value : { kind: 'absent' });
  const decision = decide(subject, deps.policy);
  const giveUp = recordSetback.bind(undefined, deps, subject, decision, lease, attemptsBefore);
  if (!answer.ok) {
    if (answer.error.kind === 'denied') {
      await giveUp({ kind: 'released', landed: false });
      return denied(subject, answer.error);
    }
    await giveUp({ kind: 'failure', error: answer.error, landed: false });
    return retryLater(found, answer.error.message, deps.log);
  }

  if (decision.destructive) {
    if (deps.gate.kind === 'plan') {
      await giveUp({ kind: 'released', landed: false });
      return planned(subject, decision);
    }
    if (deps.gate.kind === 'allowance' && !(await deps.gate.spend())) {
      const detail = 'DESTRUCTIVE_LIMIT deletions have been passed on within this hour already';
      await giveUp({ kind: 'hold', hold: { reason: 'destructive-limit', detail }, landed: false });
      return resultOf(subject, { ...decision, outcome: 'held', reason: detail }, deps.by, deps.log);
    }
  }

  if (
    decision.lost.length > 0 &&
    decision.apigee.length > 0 &&
    !(await noteLostValues(deps, subject, decision, lease))
  ) {
    return 'again';
  }
  const done = await carryOut(deps, lease, subject, decision.apigee);
  if (done.kind !== 'done') return afterSetback(deps, subject, decision, done, giveUp);
  const recorded = await record(deps, found, subject, decision, done.developer, { kind: 'lease', lease });
  if (recorded === 'moved') await giveUp({ kind: 'released', landed: true });
  if (recorded !== 'done' || decision.end.kind === 'moved') return 'again';
  return resultOf(subject, decision, deps.by, deps.log);
}

async function afterSetback(
  deps: SyncDeps,
  subject: Subject,
  decision: Decision,
  setback: Exclude<CarriedOut, { kind: 'done' }>,
  giveUp: (setback: Parameters<typeof recordSetback>[5]) => Promise<boolean>,
): Promise<PersonResult | 'again'> {
  const { landed } = setback;
  if (setback.kind === 'out-of-time') {
    await giveUp({ kind: 'released', landed });
    return 'again';
  }
  const { error, step } = setback;
  switch (error.kind) {
    case 'absent':
      // Deleted between our read and our write.
      await giveUp({ kind: 'released', landed });
      return 'again';
    case 'conflict':
      if (step.kind === 'update') {
        const detail = 'the email that the portal user took belongs to another developer';
        await giveUp({ kind: 'hold', hold: { reason: 'rename-collision', detail }, landed });
        return resultOf(subject, { ...decision, outcome: 'held', reason: detail }, deps.by, deps.log);
      }
      // Somebody, perhaps our own first try, created it: read it and decide with it.
      await giveUp({ kind: 'released', landed: true });
      return 'again';
    case 'denied':
      await giveUp({ kind: 'released', landed });
      return denied(subject, error);
    case 'refused':
      await giveUp({ kind: 'failure', error, landed });
      return resultOf(subject, { ...decision, outcome: 'failed', reason: error.message }, deps.by, deps.log);
    case 'unavailable':
      await giveUp({ kind: 'failure', error, landed });
      return retryLater({ subject }, error.message, deps.log);
  }
}

/** Somebody wrote since the listing was made: only a fresh read will do. */
function isOutdated({ developer }: Snapshot, { subject: { link } }: Found): boolean {
  return link?.developer !== undefined && developer.lastModifiedAt < link.developer.modifiedAt;
}

function hasEffects(decision: Decision): boolean {
  return decision.apigee.length > 0 || decision.portal !== undefined;
}
