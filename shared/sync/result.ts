import type { ApigeeError } from '../apigee/developers.ts';
import type { Decision, Subject } from '../core/model/decision.ts';
import type { PersonKey } from '../core/model/email.ts';
import { isSameAct, type Actor, type LastOutcome, type Link, type Outcome } from '../core/model/link.ts';
import type { ReportedSituation } from '../core/model/situation.ts';
import type { Log, LogEntry } from '../log/log.ts';
import type { Found } from './look.ts';

/** What became of one person. */
export interface PersonResult {
  readonly key: PersonKey;
  readonly situation: ReportedSituation;
  readonly outcome: Outcome | 'ignored';
  readonly reason: string;
  readonly fields: readonly string[];
  readonly disposition: Disposition;
}

/** What is left to do about a person, besides what the link says is owed. */
export type Disposition =
  | 'final'
  /** A destructive decision that waits for the run's gate (rule 16). */
  | 'planned'
  /** Failed for a reason that passes by itself: an event has to be delivered again. */
  | 'retry'
  /** Apigee refuses every call: the next person would fare no better. */
  | 'denied'
  /** The breaker is open: the next person would fare no better, and nobody has failed. */
  | 'suspended';

/** A decision that was carried out, or needed nothing. A redelivered batch finds what it did the first time. */
export function resultOf(
  subject: Pick<Subject, 'key' | 'link'>,
  decision: Pick<Decision, 'situation' | 'outcome' | 'reason' | 'fields' | 'lost'>,
  by: Actor,
  log?: Log,
): PersonResult {
  const earlier = decision.outcome === 'unchanged' ? earlierBy(by, subject.link) : undefined;
  const result = base(subject.key, {
    situation: earlier?.situation ?? decision.situation,
    outcome: earlier?.outcome ?? decision.outcome,
    reason: earlier?.reason ?? decision.reason,
    fields: earlier?.fields ?? decision.fields,
  });
  if (log !== undefined) {
    const entry = entryFor(result);
    if (entry !== undefined) log(entry);
    if (decision.lost.length > 0) {
      const fields = decision.lost.map(({ field, side }) => `${side}:${field}`);
      const message = 'a value gave way to a newer one and is kept in the history';
      log({ event: 'value_lost', severity: 'NOTICE', message, person: subject.key, fields });
    }
  }
  return result;
}

/** What the same act did before. */
function earlierBy(by: Actor, link: Link | undefined): LastOutcome | undefined {
  return link?.last !== undefined && isSameAct(link.last.by, by) ? link.last : undefined;
}

/** A person about whom nothing new is known: the link says how they are. */
export function settledResult({ subject: { key, link } }: Pick<Found, 'subject'>, by: Actor): PersonResult {
  const earlier = earlierBy(by, link);
  if (earlier !== undefined) return base(key, earlier);
  const outcome = link?.failure !== undefined ? 'failed' : link?.hold !== undefined ? 'held' : 'unchanged';
  const reason = link?.failure?.message ?? link?.hold?.detail ?? 'nothing new on the portal';
  const situation = outcome === 'unchanged' ? 'in-step' : (link?.last?.situation ?? 'in-step');
  return base(key, { situation, outcome, reason, fields: [] });
}

export function outOfScope(key: PersonKey): PersonResult {
  const reason = 'PORTAL_FILTER does not select this email';
  return base(key, { situation: 'out-of-scope', outcome: 'ignored', reason, fields: [] });
}

/** A developer whose email nobody can be found by. Kept under its own name, so that it is counted. */
export function unusableDeveloper(name: string): PersonResult {
  const reason = 'email: Apigee lists a developer whose email cannot be used as one';
  return base(`#developer:${name}`, { situation: 'malformed', outcome: 'failed', reason, fields: [] });
}

/** Not made yet: the run's gate decides (rule 16). */
export function planned(subject: Subject, decision: Decision): PersonResult {
  const reason = `${decision.reason}; waits until the whole run has been counted`;
  const { situation, fields } = decision;
  return { ...base(subject.key, { situation, outcome: 'held', reason, fields }), disposition: 'planned' };
}

/** Edge: whether a developer is gone only a listing tells. The person stays owed. */
export function leftToNextRun(subject: Subject, decision: Decision): PersonResult {
  const { situation, fields } = decision;
  const reason = `${decision.reason}; waits for the next run: only a whole listing shows every spelling of an email`;
  return base(subject.key, { situation, outcome: 'held', reason, fields });
}

export function retryLater(found: { readonly subject: Pick<Subject, 'key'> }, reason: string, log?: Log): PersonResult {
  const { key } = found.subject;
  log?.({ event: 'person_failed', severity: 'WARNING', message: reason, person: key, outcome: 'failed' });
  return { ...unread(key, reason), disposition: 'retry' };
}

/** Not delivered again: the link says when to try again. */
export function refused(key: PersonKey, log: Log): PersonResult {
  const reason =
    'Firestore refuses to store this person: the portal document is too large or has too many fields; make it smaller';
  const result = unread(key, reason);
  log({ event: 'person_failed', severity: 'WARNING', message: reason, person: key, outcome: 'failed' });
  return result;
}

export function denied({ key }: Pick<Subject, 'key'>, { message }: ApigeeError): PersonResult {
  return { ...unread(key, message), disposition: 'denied' };
}

/** Not even asked: said once by the breaker, not for every person. */
export function suspended({ key }: Pick<Subject, 'key'>, { message }: ApigeeError): PersonResult {
  return { ...unread(key, message), disposition: 'suspended' };
}

function unread(key: PersonKey, reason: string): PersonResult {
  return base(key, { situation: 'unknown', outcome: 'failed', reason, fields: [] });
}

function base(key: PersonKey, what: Pick<PersonResult, 'situation' | 'outcome' | 'reason' | 'fields'>): PersonResult {
  const { situation, outcome, reason, fields } = what;
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
