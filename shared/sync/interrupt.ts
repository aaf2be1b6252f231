import type { ApigeeError } from '../apigee/developers.ts';
import type { Hold } from '../core/model/link.ts';
import { noDeveloper } from '../core/next-step/evidence.ts';
import { assess, type Assessment } from '../core/next-step/next-step.ts';
import type { SyncDeps } from './deps.ts';
import type { newWaitAfterFailure, OwnLease } from './lease.ts';
import type { Look } from './look.ts';
import { recordInterruption } from './record.ts';
import { denied, logResult, resultOf, retryLater, suspended, type PersonResult } from './result.ts';
import type { Written } from './write-apigee.ts';

/*
 * What becomes of a person whose decision is not carried out: Apigee could not be read, a call failed, or somebody has to
 * decide first. Each ends the lease and says how the person is.
 */

/** Apigee did not say how the developer is. */
export async function unreadable(
  deps: SyncDeps,
  lease: OwnLease,
  { half }: Look,
  error: ApigeeError,
): Promise<PersonResult> {
  const assessment = assess(half, noDeveloper, deps.policy, 'open');
  return failed(deps, lease, assessment, error, { applied: false, read: false });
}

/** A call of the decision failed, or there was no time for it. */
export async function notWritten(
  deps: SyncDeps,
  lease: OwnLease,
  assessment: Assessment,
  written: Exclude<Written, { kind: 'done' }>,
  waitAfterFailure: ReturnType<typeof newWaitAfterFailure>,
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
  const found = read ? decision : undefined;
  if (error.kind === 'denied' || error.suspended === true) {
    await recordInterruption(deps, lease, assessment, { kind: 'postponed', read }, applied);
    return error.kind === 'denied' ? denied(key, message, found) : suspended(key, message, found);
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
  const result = retryLater(key, message, found);
  logResult(deps.log, result);
  return result;
}

/** Somebody has to decide before the person goes on. */
export async function held(
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
