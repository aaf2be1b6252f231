import type { ApigeeErrorKind, Operation } from './developers.ts';
import type { Envelope } from './envelope.ts';

/**
 * Why a try failed, as far as trying again is concerned.
 * - `unsent`: nothing reached Apigee. `turned-away`: Apigee would not take it just now. In both nothing happened.
 * - `lost`: no answer, or that of a gateway which waited in vain; what happened is unknown, and may still happen.
 * - `broken`: an answer of Apigee's that says too little; what happened is unknown, and nothing more will happen.
 * - `clash`: 409, somebody else wrote the same developer just then.
 * - `stale-token`: 401, and a new token can be had.
 * - `strange`: an answer that Apigee never gives (a redirect, too large a body). Whether the request took effect is unknown.
 * - `final`: the answer would be the same again.
 */
export type Trouble = 'unsent' | 'turned-away' | 'lost' | 'broken' | 'clash' | 'stale-token' | 'strange' | 'final';

export interface Verdict {
  readonly kind: ApigeeErrorKind;
  readonly trouble: Trouble;
}

export interface FailedAnswer {
  readonly operation: Operation;
  readonly status: number;
  readonly envelope: Envelope | undefined;
  /** Whether the request names something that may not exist. */
  readonly mayBeAbsent: boolean;
  readonly retryAfter: boolean;
}

/** What a failed answer means. Everything that is not clearly something else is `unavailable` (rule 25). */
export function judge(answer: FailedAnswer): Verdict {
  const { status, envelope, mayBeAbsent } = answer;
  if (envelope?.rpcStatus === 'RESOURCE_EXHAUSTED') return { kind: 'unavailable', trouble: 'turned-away' };
  switch (status) {
    case 400:
      // A 400 in no envelope of Apigee's comes from a proxy in between, and says nothing about this developer.
      return { kind: envelope === undefined ? 'unavailable' : 'refused', trouble: 'final' };
    case 413:
    case 414:
    case 422:
    case 431:
      return { kind: 'refused', trouble: 'final' };
    case 401:
    case 403:
      return { kind: 'denied', trouble: 'final' };
    case 404:
      return { kind: mayBeAbsent && saysAbsent(envelope) ? 'absent' : 'unavailable', trouble: 'final' };
    case 409:
      return saysTaken(envelope) ? { kind: 'conflict', trouble: 'final' } : { kind: 'unavailable', trouble: 'clash' };
    case 425:
    case 429:
      return { kind: 'unavailable', trouble: 'turned-away' };
    case 503:
      return { kind: 'unavailable', trouble: answer.retryAfter ? 'turned-away' : 'broken' };
    case 500:
      return { kind: 'unavailable', trouble: 'broken' };
    case 408:
    case 502:
    case 504:
      return { kind: 'unavailable', trouble: 'lost' };
    default:
      return { kind: 'unavailable', trouble: status >= 400 && status < 500 ? 'final' : 'strange' };
  }
}

/** `developer.service.DeveloperIdDoesNotExist`, `keymanagement.service.developer_doesnot_exist` … */
const absentCode = /does_?n[o']?t_?exist$/i;
/** The organisation does not exist: that says nothing about a developer. */
const otherAbsence = /organi[sz]ation[^.]*$/i;

function saysAbsent(envelope: Envelope | undefined): boolean {
  if (envelope === undefined) return false;
  const { codes, rpcStatus } = envelope;
  if (codes.length === 0) return rpcStatus === 'NOT_FOUND';
  return codes.some((code) => absentCode.test(code) && !otherAbsence.test(code));
}

function saysTaken(envelope: Envelope | undefined): boolean {
  // Not by rpcStatus ABORTED, which Google gives for every kind of conflict.
  return (
    envelope?.rpcStatus === 'ALREADY_EXISTS' || (envelope?.codes.some((code) => /AlreadyExists$/i.test(code)) ?? false)
  );
}
