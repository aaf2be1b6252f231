import type { PersonKey } from '../../core/model/email.ts';
import { operatorName } from '../../state/link-document.ts';
import type { AuditAction, AuditEnd, AuditedOperator } from '../../state/audit.ts';
import type { Services } from '../../wiring/services.ts';
import { newActionId } from './request-run.ts';

/** Who acts, and why (rule 39). */
export interface Acting {
  readonly operator: AuditedOperator;
  readonly reason: string | undefined;
}

/** What an action is about. */
export interface Intended {
  readonly action: AuditAction;
  /** Default: a new one. */
  readonly actionId?: string;
  readonly person?: PersonKey | undefined;
  readonly runId?: string | undefined;
  /** In place of `person` where the person is to be forgotten. */
  readonly personHash?: string;
  readonly fields?: readonly string[];
  readonly people?: number | undefined;
}

export type Ended = Pick<AuditEnd, 'state' | 'words'>;

/**
 * Records who acts and why, then acts, then records how it ended (rule 39). Where the first record cannot be made, nothing
 * is done. Where the process is lost in between, the record says that the end is not known.
 */
export async function audited<T>(
  services: Pick<Services, 'audit' | 'clock'>,
  acting: Acting,
  intended: Intended,
  act: (actionId: string) => Promise<{ readonly result: T; readonly end: Ended }>,
): Promise<T> {
  const { actionId = newActionId(operatorName, services.clock.now()) } = intended;
  const complete = await beginAudited(services, acting, { ...intended, actionId });
  try {
    const { result, end } = await act(actionId);
    await complete(end);
    return result;
  } catch (error) {
    await complete({ state: 'failed', words: 'ended by an unexpected error' }).catch(() => undefined);
    throw error;
  }
}

/** Records who acts and why, and answers how to record the end. */
export async function beginAudited(
  { audit, clock }: Pick<Services, 'audit' | 'clock'>,
  { operator, reason }: Acting,
  intended: Intended,
): Promise<(end: Ended) => Promise<void>> {
  const {
    action,
    actionId = newActionId(operatorName, clock.now()),
    person,
    personHash,
    runId,
    fields = [],
    people,
  } = intended;
  const at = clock.now();
  await audit.begin({
    actionId,
    at,
    operator,
    action,
    reason,
    person,
    personHash,
    runId,
    fields,
    people,
    end: undefined,
  });
  return (end) => audit.complete(actionId, { ...end, at: clock.now() });
}
