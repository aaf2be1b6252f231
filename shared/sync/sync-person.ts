import type { ApigeeError, Answer } from '../apigee/developers.ts';
import { developerAsFound } from '../core/link-changes/aftermath.ts';
import { wasTriedBefore } from '../core/link-changes/interrupted.ts';
import { canonicalEmail } from '../core/model/email.ts';
import type { Hold } from '../core/model/link.ts';
import { noDeveloper, weigh, type Evidence, type Listed } from '../core/next-step/evidence.ts';
import { assess, type Assessment } from '../core/next-step/next-step.ts';
import type { Log } from '../log/log.ts';
import type { SyncDeps } from './deps.ts';
import { acquire, newLeaseWait, newWaitAfterFailure, type OwnLease } from './lease.ts';
import { look, readDeveloper, spellingsBehind, type Look, type Person } from './look.ts';
import { noteBeforeWriting, record, recordInterruption, recordRefusal, wakeWaiting, type Recorded } from './record.ts';
import {
  denied,
  logResult,
  outOfScope,
  refusedByStore,
  resultAsLinked,
  resultOf,
  retryLater,
  suspended,
  told,
  waiting,
  type PersonResult,
} from './result.ts';
import { writeApigee, type Written } from './write-apigee.ts';

type WaitAfterFailure = ReturnType<typeof newWaitAfterFailure>;

/** How often a person is decided on anew because somebody else was writing at the same time. */
const rounds = 6;

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
  const { key } = person;
  const deps = forOnePerson(outer);
  const email = canonicalEmail(key);
  if (email !== undefined && !deps.policy.inScope(email)) return outOfScope(key);
  const waitForLease = newLeaseWait(deps);
  const waitAfterFailure = newWaitAfterFailure(deps);
  let isFirstLook = true;
  for (let round = 0; round < rounds; isFirstLook = false) {
    const found = await look(deps, person);
    await wakeWaiting(deps, found);
    const evidence = weigh(listed, found.half, { by: deps.by, isFirstLook });
    const assessment = assess(found.half, evidence, deps.policy, gateOf(deps));
    const { subject, decision, step } = assessment;
    switch (step.kind) {
      case 'report':
        return evidence.from === 'memory'
          ? resultAsLinked(subject, decision, deps.by)
          : resultOf(subject, decision, deps.by);
      case 'wait':
        return waiting(subject, decision, step.for);
      case 'note': {
        const developer = developerAsFound(subject.developer);
        const version = found.stored?.version;
        const recorded = await record(deps, found, { ...assessment, developer }, { kind: 'unchanged', version });
        if (recorded.kind === 'refused') throw new Error('the store refuses a link of ours');
        if (isFinal(recorded, assessment)) return told(deps, assessment);
        round += 1;
        break;
      }
      case 'read-fresh':
      case 'write': {
        const acquired = await acquire(deps, found);
        if (acquired.kind === 'busy') {
          if (!(await waitForLease())) return retryLater(key, 'somebody else is writing this person');
          break;
        }
        round += 1;
        if (acquired.kind === 'changed') break;
        const result = await underLease(deps, acquired.lease, acquired.look, evidence, listed, waitAfterFailure);
        if (result !== 'again') return result;
        break;
      }
    }
  }
  return retryLater(key, 'the person kept changing while being synchronised');
}

/** Reads and decides anew, and carries the decision out. `again`: somebody else wrote meanwhile, or Apigee said *later*. */
async function underLease(
  deps: SyncDeps,
  lease: OwnLease,
  found: Look,
  before: Evidence,
  listed: Listed,
  waitAfterFailure: WaitAfterFailure,
): Promise<PersonResult | 'again'> {
  const assessed = await assessUnderLease(deps, found, before, listed);
  if (!assessed.ok) return unreadable(deps, lease, found, assessed.error);
  const assessment = assessed.value;
  const { subject, decision, step } = assessment;
  const { key } = subject;
  if (step.kind === 'wait') {
    const owed = step.for === 'gate' ? ({ kind: 'abandoned' } as const) : ({ kind: 'postponed', read: true } as const);
    await recordInterruption(deps, lease, assessment, owed);
    return waiting(subject, decision, step.for);
  }
  // A deletion that is tried again was counted before (rule 16).
  const { gate } = deps;
  if (decision.destructive && gate.kind === 'allowance' && !wasTriedBefore(subject, decision)) {
    const detail = 'DESTRUCTIVE_LIMIT deletions have been passed on within this hour already';
    if (!(await gate.spend())) return held(deps, lease, assessment, { reason: 'destructive-limit', detail }, false);
  }

  if (!(await noteBeforeWriting(deps, lease, assessment))) return 'again';
  const written = await writeApigee(deps, lease, subject, decision.apigee);
  if (written.kind !== 'done') return notWritten(deps, lease, assessment, written, waitAfterFailure);
  const recorded = await record(deps, found, { ...assessment, developer: written.developer }, { kind: 'lease', lease });
  switch (recorded.kind) {
    case 'refused': {
      const result = refusedByStore(key);
      logResult(deps.log, result);
      await recordRefusal(deps, lease, key, result.reason);
      return result;
    }
    case 'changed':
    case 'renamed': {
      const applied = recorded.kind === 'changed' && decision.apigee.length > 0;
      await recordInterruption(deps, lease, assessment, { kind: 'abandoned' }, applied);
      return 'again';
    }
    case 'done':
    case 'done-and-changed':
    case 'done-in-part':
    case 'lost-lease':
      return isFinal(recorded, assessment) ? told(deps, assessment) : 'again';
  }
}

/** On the listing, if it is still good enough under the lease, or else on a fresh read. */
async function assessUnderLease(
  deps: SyncDeps,
  { half }: Look,
  before: Evidence,
  listed: Listed,
): Promise<Answer<Assessment>> {
  const assessOn = (evidence: Evidence): Assessment => assess(half, evidence, deps.policy, gateOf(deps));
  const hasIntents = (half.link?.intents.length ?? 0) > 0;
  if (before.from === 'listing' && !hasIntents) {
    const evidence = weigh(before.side, half, { by: deps.by, isFirstLook: true });
    const spellings = await spellingsBehind(deps, half, evidence.side);
    const assessment = assessOn({ ...evidence, spellings });
    if (evidence.from === 'listing' && assessment.step.kind !== 'read-fresh') return { ok: true, value: assessment };
  }
  const read = await readDeveloper(deps, half, listed);
  return read.ok ? { ok: true, value: assessOn(read.value) } : read;
}

/** Apigee did not say how the developer is. */
async function unreadable(deps: SyncDeps, lease: OwnLease, { half }: Look, error: ApigeeError): Promise<PersonResult> {
  const assessment = assess(half, noDeveloper, deps.policy, 'open');
  return failed(deps, lease, assessment, error, { applied: false, read: false });
}

/** A call of the decision failed, or there was no time for it. */
async function notWritten(
  deps: SyncDeps,
  lease: OwnLease,
  assessment: Assessment,
  written: Exclude<Written, { kind: 'done' }>,
  waitAfterFailure: WaitAfterFailure,
): Promise<PersonResult | 'again'> {
  const { applied } = written;
  const again = async (): Promise<'again'> => {
    await recordInterruption(deps, lease, assessment, { kind: 'abandoned' }, applied);
    return 'again';
  };
  if (written.kind === 'out-of-time') return again();
  const { error, step } = written;
  switch (error.kind) {
    case 'absent':
      // Deleted between our read and our write.
      return again();
    case 'conflict': {
      // Somebody has created the developer, perhaps an earlier call of ours: read the developer and decide with it.
      if (step.kind !== 'update') return again();
      const detail = 'the email that the portal user took belongs to another developer';
      return held(deps, lease, assessment, { reason: 'rename-collision', detail }, applied);
    }
    case 'unavailable': {
      // What a write rests on was read before: it is decided anew on a new read, never just made again (rules 11, 13).
      const wait = waitAfterFailure(error.lookAgainAfterMs);
      if (wait === undefined) return failed(deps, lease, assessment, error, { applied, read: true });
      await again();
      await wait();
      return 'again';
    }
    case 'denied':
    case 'refused':
      return failed(deps, lease, assessment, error, { applied, read: true });
  }
}

/** Records that Apigee did not do as asked, and says whose failure that is. */
async function failed(
  deps: SyncDeps,
  lease: OwnLease,
  assessment: Assessment,
  error: ApigeeError,
  { applied, read }: { readonly applied: boolean; readonly read: boolean },
): Promise<PersonResult> {
  const { subject, decision } = assessment;
  const { key } = subject;
  const { message } = error;
  if (error.kind === 'denied' || error.suspended === true) {
    await recordInterruption(deps, lease, assessment, { kind: 'postponed', read }, applied);
    return error.kind === 'denied' ? denied(key, message) : suspended(key, message);
  }
  const isPermanent = error.kind === 'refused';
  const failure = { kind: isPermanent ? 'permanent' : 'transient', message } as const;
  // Where nothing is on its way, nobody has to be kept from writing.
  const ambiguous = error.ambiguous && error.lookAgainAfterMs === undefined;
  await recordInterruption(deps, lease, assessment, { kind: 'failed', failure, ambiguous, read }, applied);
  if (isPermanent && read) {
    const result = resultOf(subject, { ...decision, outcome: 'failed', reason: message }, deps.by);
    logResult(deps.log, result, decision.lost);
    return result;
  }
  deps.log({ event: 'apigee_unavailable', severity: 'WARNING', message });
  const result = retryLater(key, message);
  logResult(deps.log, result);
  return result;
}

/** Somebody has to decide before the person goes on. */
async function held(
  deps: SyncDeps,
  lease: OwnLease,
  assessment: Assessment,
  hold: Omit<Hold, 'since'>,
  applied: boolean,
): Promise<PersonResult> {
  await recordInterruption(deps, lease, assessment, { kind: 'held', hold }, applied);
  const decision = { ...assessment.decision, outcome: 'held', reason: hold.detail } as const;
  const result = resultOf(assessment.subject, decision, deps.by);
  logResult(deps.log, result, decision.lost);
  return result;
}

/** Whether the person is done with. A link that moved to another email is looked at there. */
function isFinal(recorded: Recorded, { decision }: Assessment): boolean {
  return recorded.kind === 'done' && decision.end.kind !== 'moved';
}

function gateOf({ gate }: SyncDeps): 'closed' | 'open' {
  return gate.kind === 'closed' ? 'closed' : 'open';
}

/** With how long it took in the log. A person's deletion that is decided again counts once (rule 16). */
function forOnePerson(deps: SyncDeps): SyncDeps {
  const started = deps.now();
  const log: Log = (entry) => deps.log({ durationMs: deps.now() - started, ...entry });
  const { gate } = deps;
  if (gate.kind !== 'allowance') return { ...deps, log };
  let isSpent = false;
  const spend = async (): Promise<boolean> => (isSpent ||= await gate.spend());
  return { ...deps, log, gate: { kind: 'allowance', spend } };
}
