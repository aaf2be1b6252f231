import type { Change } from '../core/model/change.ts';
import type { Decision, Subject } from '../core/model/decision.ts';
import type { PersonKey } from '../core/model/email.ts';
import { isSameAct, type Actor, type LastOutcome, type Link, type Outcome } from '../core/model/link.ts';
import type { ReportedSituation } from '../core/model/situation.ts';
import type { Assessment, WaitsFor } from '../core/next-step/next-step.ts';
import type { Log, LogEntry } from '../log/log.ts';
import type { SyncDeps, Unplanned } from './deps.ts';

/** What became of one person. */
export interface PersonResult {
  readonly key: PersonKey;
  readonly situation: ReportedSituation;
  /** `ignored`: PORTAL_FILTER does not select the email, and nobody counts the person. */
  readonly outcome: Outcome | 'ignored';
  /** A sentence for people, without values. */
  readonly reason: string;
  readonly fields: readonly string[];
  readonly disposition: Disposition;
}

/** What is left to do about a person, besides what the link says is owed. */
export type Disposition =
  | 'final'
  /** A decision that waits for the run's gate (rule 16), or for an operator who looks at the run first. */
  | 'planned'
  /** A creation beyond what the run may create (rule 32): it waits for an approval like a planned deletion. */
  | 'uncreated'
  /** The person is not as the plan says any more: nothing was written (rule 36). */
  | 'stale'
  /** Failed for a reason that passes by itself: an event has to be delivered again. */
  | 'retry'
  /** Apigee refuses every call: the next person would fare no better. */
  | 'denied'
  /** The breaker is open, or every write was stopped: the next person would fare no better, and nobody has failed. */
  | 'suspended';

/** The result of a decision that was carried out, or that needed nothing. */
export function resultOf(
  subject: Pick<Subject, 'key' | 'link'>,
  decision: Pick<Decision, 'situation' | 'outcome' | 'reason' | 'fields'>,
  by: Actor,
): PersonResult {
  // A redelivered batch finds nothing left to do, and reports what it did the first time.
  const earlier = decision.outcome === 'unchanged' ? earlierBy(by, subject.link) : undefined;
  return final(subject.key, earlier ?? decision);
}

/** The result of a person about whom nothing new is known: the link says how they are. */
export function resultAsLinked(
  { key, link }: Pick<Subject, 'key' | 'link'>,
  { situation }: Pick<Decision, 'situation'>,
  by: Actor,
): PersonResult {
  const earlier = earlierBy(by, link);
  if (earlier !== undefined) return final(key, earlier);
  const known = link?.last?.situation ?? situation;
  if (link?.failure !== undefined)
    return final(key, { situation: known, outcome: 'failed', reason: link.failure.message, fields: [] });
  if (link?.hold !== undefined)
    return final(key, { situation: known, outcome: 'held', reason: link.hold.detail, fields: [] });
  return final(key, { situation, outcome: 'unchanged', reason: 'nothing new on the portal', fields: [] });
}

export function outOfScope(key: PersonKey): PersonResult {
  const reason = 'PORTAL_FILTER does not select this email';
  return final(key, { situation: 'out-of-scope', outcome: 'ignored', reason, fields: [] });
}

/** A developer whose email cannot be used. Nobody can be found by it, so it is counted under a name of its own. */
export function unusableDeveloper(name: string): PersonResult {
  const reason = 'email: Apigee lists a developer whose email cannot be used as one';
  return final(`#developer:${name}`, { situation: 'malformed', outcome: 'failed', reason, fields: [] });
}

/** Nothing is done before something else is known. */
export function waiting(
  { key }: Pick<Subject, 'key'>,
  { situation, fields, reason }: Decision,
  waitsFor: WaitsFor,
): PersonResult {
  const held = { situation, outcome: 'held', fields } as const;
  switch (waitsFor) {
    case 'gate':
      return {
        ...final(key, { ...held, reason: `${reason}; waits until the whole run has been counted` }),
        disposition: 'planned',
      };
    case 'review':
      return { ...final(key, { ...held, reason: `${reason}; waits for approval (APPROVAL)` }), disposition: 'planned' };
    case 'whole-listing': {
      const why = 'waits for the next run: only a whole listing shows whether the developer is gone';
      return final(key, { ...held, reason: `${reason}; ${why}` });
    }
  }
}

/** The run has created as many people as it may. */
export function uncreated({ key }: Pick<Subject, 'key'>, { situation, fields, reason }: Decision): PersonResult {
  const why = 'waits for approval: the run has created CREATION_LIMIT people';
  return {
    ...final(key, { situation, outcome: 'held', reason: `${reason}; ${why}`, fields }),
    disposition: 'uncreated',
  };
}

/**
 * The person would not be written as the plan says. Both decisions are told; nothing was written (rule 36). `planned`: as of
 * `SyncDeps`.
 */
export function stale(
  { key }: Pick<Subject, 'key'>,
  { situation, fields, reason }: Decision,
  planned: Pick<Change, 'reason' | 'fields'> | Unplanned,
): PersonResult {
  const { reason: plan, fields: writes } = typeof planned === 'string' ? unplanned[planned] : planned;
  const names = writes.map(({ side, field }) => `${side}:${field}`);
  const before = names.length === 0 ? plan : `${plan} (${names.join(', ')})`;
  const why = `not as planned any more. Planned: ${before}. Now: ${reason}`;
  return { ...final(key, { situation, outcome: 'held', reason: why, fields }), disposition: 'stale' };
}

const unplanned = {
  nothing: { reason: 'nothing that is kept', fields: [] },
  'other-settings': { reason: 'with other settings', fields: [] },
} as const;

/** What was found before a failure: the decision, or nothing where the developer could not be read. */
type Found = Pick<PersonResult, 'situation' | 'fields'> | undefined;

/** A side could not be read or written now: look again later. */
export function retryLater(key: PersonKey, reason: string, found?: Found): PersonResult {
  return { ...failed(key, reason, found), disposition: 'retry' };
}

/** The store refuses the person. An event is not delivered again for that: the link says when to try again. */
export function refusedByStore(key: PersonKey, found: Found): PersonResult {
  const reason =
    'Firestore refuses to store this person: the portal document is too large or has too many fields; make it smaller';
  return failed(key, reason, found);
}

/** Apigee takes none of our calls. */
export function denied(key: PersonKey, reason: string, found: Found): PersonResult {
  return { ...failed(key, reason, found), disposition: 'denied' };
}

/** What a person is told for whom nothing is written because every write was stopped (rule 33). */
export const stoppedReason = 'every write was stopped by an operator';

/** No call is let out, by the breaker or by an operator. That is said once and not for every person. */
export function suspended(key: PersonKey, reason: string, found: Found): PersonResult {
  return { ...failed(key, reason, found), disposition: 'suspended' };
}

/** The result of a decision that was just recorded, which the log is told of, too. */
export function told(deps: Telling, { subject, decision }: Pick<Assessment, 'subject' | 'decision'>): PersonResult {
  const result = resultOf(subject, decision, deps.by);
  logResult(deps.log, result, decision.lost);
  if (isMissedEdit(deps, subject, decision)) {
    const message = 'a run found an edit on the portal that no event had brought';
    deps.log({ event: 'edit_missed', severity: 'NOTICE', message, person: result.key, fields: result.fields });
  }
  return result;
}

type Telling = Pick<SyncDeps, 'by' | 'log' | 'now' | 'policy'>;

/** So old an edit has had every chance to be pushed, ms. */
const pushedWithin = 15 * 60_000;

/**
 * Whether a run carries over an edit that a push should have carried over long ago: the trigger may be dead. Where a push
 * tried and failed the link says so, and another mapping or selection finds edits where nobody made any.
 */
function isMissedEdit(
  { by, now, policy }: Telling,
  { portal, link }: Subject,
  { situation, fields }: Decision,
): boolean {
  if (by.kind !== 'run' || situation !== 'portal-changed' || portal.kind !== 'user') return false;
  if (policy.unselect === 'deactivate' && fields.every((field) => field === 'status')) return false;
  const couldBePushed = link?.failure === undefined && link?.hold === undefined;
  return couldBePushed && link?.base?.mapping === policy.mapping && now() - portal.user.updatedAt > pushedWithin;
}

/** Says on the log what was done for a person, and which values gave way. */
export function logResult(log: Log, result: PersonResult, lost: Decision['lost'] = []): void {
  const entry = entryFor(result);
  if (entry !== undefined) log(entry);
  if (lost.length === 0) return;
  const fields = lost.map(({ field, side }) => `${side}:${field}`);
  const message = 'a value gave way to a newer one and is kept in the history';
  log({ event: 'value_lost', severity: 'NOTICE', message, person: result.key, fields });
}

/** What the same act has reported of the person before; undefined where it did not write anything. */
export function earlierResult({ key, link }: Pick<Subject, 'key' | 'link'>, by: Actor): PersonResult | undefined {
  const earlier = earlierBy(by, link);
  return earlier === undefined || !/^(created|updated)-/.test(earlier.outcome) ? undefined : final(key, earlier);
}

/** What the same act did before. */
function earlierBy(by: Actor, link: Link | undefined): LastOutcome | undefined {
  return link?.last !== undefined && isSameAct(link.last.by, by) ? link.last : undefined;
}

function failed(key: PersonKey, reason: string, found: Found): PersonResult {
  const { situation, fields } = found ?? ({ situation: 'unknown', fields: [] } as const);
  return final(key, { situation, outcome: 'failed', reason, fields });
}

function final(
  key: PersonKey,
  { situation, outcome, reason, fields }: Pick<PersonResult, 'situation' | 'outcome' | 'reason' | 'fields'>,
): PersonResult {
  return { key, situation, outcome, reason, fields, disposition: 'final' };
}

function entryFor({ key, situation, outcome, reason, fields }: PersonResult): LogEntry | undefined {
  const common = { message: reason, person: key, situation, outcome, fields };
  switch (outcome) {
    case 'created-apigee':
    case 'created-portal':
    case 'updated-apigee':
    case 'updated-portal':
      return { event: 'person_changed', severity: 'INFO', ...common };
    case 'failed':
      return { event: 'person_failed', severity: 'WARNING', ...common };
    case 'held':
      return { event: 'person_held', severity: 'WARNING', ...common };
    case 'unchanged':
    case 'ignored':
      return undefined;
  }
}
