import type { Answer } from '../apigee/developers.ts';
import { developerAsFound } from '../core/link-changes/aftermath.ts';
import { noteOfChange } from '../core/changes/note.ts';
import { isAsPlanned } from '../core/changes/plan.ts';
import { wasTriedBefore } from '../core/link-changes/interrupted.ts';
import { isLeased } from '../core/link-changes/leased.ts';
import { canonicalEmail } from '../core/model/email.ts';
import { weigh, type Evidence, type Listed } from '../core/next-step/evidence.ts';
import { assess, type Assessment, type GateState } from '../core/next-step/next-step.ts';
import { hasEffects } from '../core/next-step/no-op.ts';
import type { SyncDeps } from './deps.ts';
import { held, notWritten, unreadable } from './interrupt.ts';
import { acquire, newLeaseWait, newWaitAfterFailure, type Acquired } from './lease.ts';
import { findAbsence, isNamedTwice, look, readDeveloper, weakestAbsence, type Look, type Person } from './look.ts';
import { creates, forOnePerson, type PersonDeps } from './one-person.ts';
import {
  forgetClaim,
  noteBeforeWriting,
  noteNewClaimants,
  record,
  recordInterruption,
  recordRefusal,
  wakeWaiting,
  type Recorded,
} from './record.ts';
import {
  earlierResult,
  logResult,
  outOfScope,
  refusedByStore,
  resultAsLinked,
  resultOf,
  retryLater,
  stale,
  stoppedReason,
  suspended,
  told,
  uncreated,
  waiting,
  type PersonResult,
} from './result.ts';
import { writeApigee } from './write-apigee.ts';

const readFresh = { kind: 'read-fresh' } as const;
const abandoned = { kind: 'abandoned' } as const;

type WaitAfterFailure = ReturnType<typeof newWaitAfterFailure>;

/** How often a person is decided on anew, with nothing done in between, because somebody else was writing. */
const mostRetries = 6;
/** How often a person is looked at in one go, if each look gets something done: the portal user keeps being edited. */
const mostLooks = 40;

/**
 * Brings one person in step, whatever made us look (rule 20). `listed`: the developer's side where a listing showed it.
 *
 *     look ─► next step ─┬─ report, wait ─────────────────────────────────────────────────────────► result
 *                        ├─ note ─► record, if the link is unchanged ───────────────────┬─────────► result
 *                        └─ read-fresh, write ─► lease ─► look ─► next step ─┬─ wait ────┼─────────► result
 *                              ▲                  │ busy: wait, look again   │           │
 *                              │                  ▼                          └─ else ─► note what a crash would destroy
 *                              └──────────── look again ◄── changed meanwhile ─┐         ─► Apigee ─► record ─► result
 *                                                                              └─────────────────────────┘
 *
 * A crash at any arrow leaves at most a lease, which runs out, and an intent, by which the next look tells our own write
 * from an edit (rule 24).
 */
export async function syncPerson(outer: SyncDeps, person: Person, listed?: Listed): Promise<PersonResult> {
  const deps = forOnePerson(outer);
  return deps.end(await lookUntilDone(deps, person, listed));
}

async function lookUntilDone(deps: PersonDeps, person: Person, listed: Listed): Promise<PersonResult> {
  const { key } = person;
  const email = canonicalEmail(key);
  if (email !== undefined && !deps.policy.inScope(email)) return outOfScope(key);
  const waitForLease = newLeaseWait(deps);
  const waitAfterFailure = newWaitAfterFailure(deps);
  let isFirstLook = true;
  for (let looks = 0, retries = 0; looks < mostLooks && retries < mostRetries; isFirstLook = false) {
    const found = await look(deps, isFirstLook ? person : { key, hints: person.hints });
    await wakeWaiting(deps, found);
    const ahead = await readAhead(deps, found);
    const evidence = ahead ?? weigh(listed, found.half, { by: deps.by, isFirstLook });
    const assessment = ahead
      ? await assessAbsence(deps, found.half, ahead)
      : assess(found.half, evidence, deps.policy, gateOf(deps));
    const { subject, decision } = assessment;
    // What is planned, or was changed in Apigee, is compared with what Apigee says now, not with what we remember.
    const isMemoryEnough = deps.planned === undefined && deps.readsAhead !== true;
    const step = !isMemoryEnough && evidence.from === 'memory' ? readFresh : stepFor(assessment);
    const outdated = step.kind === 'read-fresh' || step.kind === 'write' ? undefined : notAsPlanned(deps, assessment);
    if (outdated !== undefined) return outdated;
    switch (step.kind) {
      case 'report':
        return evidence.from === 'memory'
          ? resultAsLinked(subject, decision, deps.by)
          : resultOf(subject, decision, deps.by);
      case 'wait':
        await keepPlan(deps, assessment);
        return waiting(subject, decision, step.for);
      case 'note': {
        const developer = developerAsFound(subject.developer);
        const version = found.view.links.get(key)?.version;
        const recorded = await record(deps, found, { ...assessment, developer }, { kind: 'unchanged', version });
        if (recorded.kind === 'refused') throw new Error('the store refuses a link of ours');
        if (isFinal(recorded, assessment)) return told(deps, assessment);
        looks += 1;
        retries += recorded.kind === 'done' ? 0 : 1;
        break;
      }
      case 'read-fresh':
      case 'write': {
        if (step.kind === 'write' && creates(decision) && deps.creation?.isUsedUp() === true)
          return uncreated(subject, decision);
        const acquired = await acquire(deps, found);
        if (acquired.kind === 'busy') {
          if (!(await waitForLease())) return retryLater(key, 'somebody else is writing this person');
          break;
        }
        looks += 1;
        if (acquired.kind === 'changed') {
          retries += 1;
          break;
        }
        const isNew = !found.view.links.has(key);
        if (isNew && (await isNamedTwice(deps, acquired.look))) {
          await forgetClaim(deps, acquired.lease, key);
          retries += 1;
          break;
        }
        const known = ahead && acquired.isUnwritten ? { ahead } : { before: evidence };
        const result = await underLease(deps, acquired, isNew, known, listed, waitAfterFailure);
        if (result !== 'again' && result !== 'go-round') return result;
        retries += result === 'again' ? 1 : 0;
        break;
      }
    }
  }
  return retryLater(key, 'the person kept changing while being synchronised');
}

/**
 * Reads the developer before the lease is taken, where something was changed in Apigee. Undefined where that is not asked
 * for, and where it would tell nothing: somebody else is writing, or Apigee gives no answer.
 */
async function readAhead(deps: PersonDeps, { half, view }: Look): Promise<Evidence | undefined> {
  if (deps.readsAhead !== true || isLeased(view.links.get(half.key)?.link, view.now)) return undefined;
  const read = await readDeveloper(deps, half, undefined, 'waiting');
  return read.ok ? read.value : undefined;
}

/** What waits is noted on the link, under the lease. */
function stepFor({ step, evidence }: Assessment): Assessment['step'] {
  return step.kind === 'wait' && evidence.from === 'fresh' ? readFresh : step;
}

/** What is known of the developer when the lease is taken. `ahead`: a read that is as good as one under the lease. */
type Known =
  | { readonly ahead: Evidence; readonly before?: never }
  | { readonly before: Evidence; readonly ahead?: never };

/**
 * Reads and decides anew, and carries the decision out. `again`: nothing was recorded, because somebody else wrote
 * meanwhile or Apigee said *later*. `go-round`: recorded, and the person has to be looked at once more.
 */
async function underLease(
  deps: PersonDeps,
  { lease, look: found }: Extract<Acquired, { kind: 'acquired' }>,
  isNew: boolean,
  known: Known,
  listed: Listed,
  waitAfterFailure: WaitAfterFailure,
): Promise<PersonResult | 'again' | 'go-round'> {
  const assessed = await assessUnderLease(deps, found, known, listed);
  if (!assessed.ok) return unreadable(deps, lease, found, assessed.error);
  const assessment = assessed.value;
  const { subject, decision, step } = assessment;
  const { key } = subject;
  const outdated = notAsPlanned(deps, assessment);
  if (outdated !== undefined) {
    if (isNew) await forgetClaim(deps, lease, key);
    else await recordInterruption(deps, lease, assessment, abandoned);
    return outdated;
  }
  if (step.kind === 'wait') {
    await keepPlan(deps, assessment);
    const owed = step.for === 'whole-listing' ? ({ kind: 'postponed', read: true } as const) : abandoned;
    if (step.for === 'review' && isNew) await forgetClaim(deps, lease, key);
    else await recordInterruption(deps, lease, assessment, owed);
    return waiting(subject, decision, step.for);
  }
  if (await deps.isStopped()) {
    await recordInterruption(deps, lease, assessment, abandoned);
    return suspended(key, stoppedReason, decision);
  }
  if (creates(decision) && deps.creation !== undefined && !(await deps.creation.take())) {
    await recordInterruption(deps, lease, assessment, abandoned);
    return uncreated(subject, decision);
  }
  if (decision.destructive && (await noteNewClaimants(deps, lease, found))) return 'again';
  // A deletion that is tried again was counted before (rule 16).
  const { gate } = deps;
  if (decision.destructive && gate.kind === 'allowance' && !wasTriedBefore(subject, decision)) {
    const detail = 'DESTRUCTIVE_LIMIT deletions have been passed on within the last 60 minutes already';
    if (!(await gate.spend())) return held(deps, lease, assessment, { reason: 'destructive-limit', detail }, false);
  }

  if (!(await noteBeforeWriting(deps, lease, assessment))) return 'again';
  const written = await writeApigee(deps, lease, subject, decision.apigee);
  if (written.kind !== 'done') return notWritten(deps, lease, assessment, written, waitAfterFailure);
  const recorded = await record(deps, found, { ...assessment, developer: written.developer }, { kind: 'lease', lease });
  if (recorded.kind === 'done' || recorded.kind === 'done-and-changed' || recorded.kind === 'done-in-part')
    deps.applied();
  switch (recorded.kind) {
    case 'refused': {
      const result = refusedByStore(key, decision);
      logResult(deps.log, result);
      await recordRefusal(deps, lease, result);
      return result;
    }
    case 'changed':
    case 'renamed': {
      const applied = recorded.kind === 'changed' && decision.apigee.length > 0;
      await recordInterruption(deps, lease, assessment, abandoned, applied);
      return 'again';
    }
    case 'done':
    case 'done-and-changed':
    case 'done-in-part':
      return isFinal(recorded, assessment) ? told(deps, assessment) : 'go-round';
    case 'lost-lease':
      return 'again';
  }
}

/** On the listing, if it is still good enough under the lease, or else on a fresh read. */
async function assessUnderLease(
  deps: SyncDeps,
  { half }: Look,
  { ahead, before }: Known,
  listed: Listed,
): Promise<Answer<Assessment>> {
  if (ahead !== undefined) {
    const assessment = await assessAbsence(deps, half, ahead);
    // A PUT starts from a read made just before it (rule 13).
    const changesDeveloper = assessment.decision.apigee.some(({ kind }) => kind !== 'create');
    if (!changesDeveloper) return { ok: true, value: assessment };
  }
  const hasIntents = (half.link?.intents.length ?? 0) > 0;
  if (before?.from === 'listing' && !hasIntents) {
    const evidence = weigh(before.side, half, { by: deps.by, isFirstLook: true });
    const { step } = assess(half, evidence, deps.policy, gateOf(deps));
    // A step that waits for the gate was none before the lease: the person has changed since, so the listing is too old.
    const isEnough = step.kind !== 'read-fresh' && step.kind !== 'wait';
    if (evidence.from === 'listing' && isEnough)
      return {
        ok: true,
        value: await assessAbsence(deps, half, { ...evidence, absence: weakestAbsence(deps, half.key) }),
      };
  }
  const read = await readDeveloper(deps, half, listed);
  return read.ok ? { ok: true, value: await assessAbsence(deps, half, read.value) } : read;
}

/** What the developer's absence proves is found out only where something depends on it. */
async function assessAbsence(deps: SyncDeps, half: Look['half'], evidence: Evidence): Promise<Assessment> {
  const assessment = assess(half, evidence, deps.policy, gateOf(deps));
  const { step } = assessment;
  if (step.kind !== 'wait' || step.for !== 'whole-listing') return assessment;
  return assess(half, { ...evidence, absence: await findAbsence(deps, half) }, deps.policy, gateOf(deps));
}

/** Whether the person is done with. A link that moved to another email is looked at there. */
function isFinal(recorded: Recorded, { decision }: Assessment): boolean {
  return recorded.kind === 'done' && decision.end.kind !== 'moved';
}

function gateOf({ gate }: SyncDeps): GateState {
  return gate.kind === 'allowance' ? 'open' : gate.kind;
}

/** What would be written of somebody who waits for an operator's look at the run. */
async function keepPlan({ gate, policy }: SyncDeps, { subject, decision, step }: Assessment): Promise<void> {
  if (gate.kind !== 'review' || step.kind !== 'wait' || step.for === 'whole-listing') return;
  const note = noteOfChange(subject, decision, policy);
  if (note !== undefined) await gate.plan(note);
}

/** What is said where a plan is not what would be done now: then nothing is (rule 36). Whom this act wrote is as it left them. */
function notAsPlanned(
  { planned, policy, by }: SyncDeps,
  { subject, decision }: Pick<Assessment, 'subject' | 'decision'>,
): PersonResult | undefined {
  const expected = planned?.(subject.key);
  if (expected === undefined || (typeof expected === 'string' && !hasEffects(decision))) return undefined;
  if (typeof expected !== 'string' && isAsPlanned(expected, noteOfChange(subject, decision, policy))) return undefined;
  return earlierResult(subject, by) ?? stale(subject, decision, expected);
}
