import type { UndoPlan } from '../core/changes/undo.ts';
import type { Subject } from '../core/model/decision.ts';
import type { SyncDeps } from './deps.ts';
import type { newWaitAfterFailure, OwnLease } from './lease.ts';
import { recordInterruption } from './record.ts';
import { denied, retryLater, suspended, type PersonResult } from './result.ts';
import { endUndo } from './undo-record.ts';
import type { Undone } from './undo-result.ts';
import type { Written } from './write-apigee.ts';

/**
 * A call of an undo failed, or there was no time for it. What Apigee refuses for good is said and not noted on the link: the
 * person can be synchronised all the same.
 */
export async function undoNotWritten(
  deps: SyncDeps,
  lease: OwnLease,
  subject: Subject,
  { kept }: UndoPlan,
  written: Exclude<Written, { kind: 'done' }>,
  waitAfterFailure: ReturnType<typeof newWaitAfterFailure>,
): Promise<Undone | 'again'> {
  const { applied } = written;
  const { key } = subject;
  const end = (): Promise<void> => endUndo(deps, lease, subject, applied);
  const failed = (result: PersonResult): Undone => ({ result, restored: [], kept });
  const found = { situation: 'undone', fields: [] } as const;
  if (written.kind === 'out-of-time') {
    await end();
    return 'again';
  }
  const { error } = written;
  const { message } = error;
  switch (error.kind) {
    case 'absent':
    case 'conflict':
      // Somebody else wrote between our read and our write.
      await end();
      return 'again';
    case 'denied':
      await end();
      return failed(denied(key, message, found));
    case 'refused':
      await end();
      return failed({ key, situation: 'undone', outcome: 'failed', reason: message, fields: [], disposition: 'final' });
    case 'unavailable': {
      const wait = error.suspended === true ? undefined : waitAfterFailure(error.lookAgainAfterMs);
      if (wait !== undefined) {
        await end();
        await wait();
        return 'again';
      }
      if (error.suspended === true) {
        await end();
        return failed(suspended(key, message, found));
      }
      // A call that may still be on its way must not meet the next writer's: the lease is kept until it runs out.
      const isOnItsWay = error.ambiguous && error.lookAgainAfterMs === undefined;
      if (isOnItsWay) {
        const decision = { ...found, outcome: 'failed', reason: message } as const;
        const failure = { kind: 'transient', message } as const;
        const interruption = { kind: 'failed', failure, ambiguous: true, read: true } as const;
        await recordInterruption(deps, lease, { subject, decision }, interruption, applied);
      } else {
        await end();
      }
      return failed(retryLater(key, message, found));
    }
  }
}
