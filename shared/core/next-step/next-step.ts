import { decide } from '../decide/decide.ts';
import type { Decision, Subject } from '../model/decision.ts';
import type { Policy } from '../model/policy.ts';
import { hasOtherIntent, knowsDeveloper, mayHaveDeveloper, type Evidence } from './evidence.ts';
import { failedAsItIs, hasEffects, isNoOp } from './no-op.ts';

/** What may be done now with what is known of a person. */
export type NextStep =
  /** Nothing is written anywhere. */
  | { readonly kind: 'report' }
  /** Only our own link is written. */
  | { readonly kind: 'note' }
  /** The evidence is too weak for the decision: take the lease, read the developer, decide anew. */
  | { readonly kind: 'read-fresh' }
  /** Nothing may be written before something else is known. */
  | { readonly kind: 'wait'; readonly for: WaitsFor }
  /** Carry the decision out, under the lease. */
  | { readonly kind: 'write' };

export type WaitsFor =
  /** The count of the whole run (rule 16). */
  | 'gate'
  /** An operator, who looks at the whole run before anything is written. */
  | 'review'
  /** A whole listing, which shows every spelling of an email (Edge; rule 29). */
  | 'whole-listing';

/**
 * When a decision may be carried out. `closed`: a destructive one, not before the run has been counted. `review`: none that
 * writes to either side, before an operator has approved the run.
 */
export type GateState = 'closed' | 'review' | 'open';

/** One look at a person: what was found, what should be, and what may be done about that now. */
export interface Assessment {
  readonly subject: Subject;
  readonly evidence: Evidence;
  readonly decision: Decision;
  readonly step: NextStep;
}

/** Decides for one person on the evidence there is, and says what may be done now. */
export function assess(
  found: Omit<Subject, 'developer'>,
  evidence: Evidence,
  policy: Policy,
  gate: GateState,
): Assessment {
  const subject = { ...found, developer: evidence.side };
  const decision = decide(subject, policy);
  return { subject, evidence, decision, step: nextStep(subject, decision, evidence, policy, gate) };
}

/**
 * What may be done now: the second table beside `decide()`. That one says what should be; this one says whether what we
 * know of the developer is good enough for it. Of the rows that fit, the first one with an answer counts.
 *
 * | row       | carrying out the decision would                                       | memory     | listing    | doubtful listing | fresh             |
 * | --------- | --------------------------------------------------------------------- | ---------- | ---------- | ---------------- | ----------------- |
 * | owed      | ... and the link is missing, or says that the person is owed a look   | read-fresh | –          | read-fresh       | –                 |
 * | refused   | ... and Apigee refused for good what the portal still says            | report     | –          | read-fresh       | –                 |
 * | gate      | delete or deactivate, in a run that is not counted yet                | read-fresh | wait: gate | read-fresh       | wait: gate        |
 * | lost      | create, bury, hold or move someone whose developer is missing but known | read-fresh | read-fresh | read-fresh       | –                 |
 * | return    | create a portal user for someone who was deleted before               | read-fresh | read-fresh | read-fresh       | –                 |
 * | status    | remember a status in Apigee that differs from the base                | read-fresh | read-fresh | read-fresh       | –                 |
 * | change    | change or delete a developer, or delete or deactivate a portal user   | read-fresh | read-fresh | read-fresh       | –                 |
 * | spelling  | create, bury or move someone looked for under the known spellings     | –          | –          | –                | wait: whole-listing |
 * | absence   | bury, hold or move someone whose developer may exist, without proof   | –          | –          | –                | wait: whole-listing |
 * | review    | write to either side, in a run that an operator has to look at first  | read-fresh | wait: review | read-fresh     | wait: review      |
 * | write     | write to either side                                                  | read-fresh | write      | read-fresh       | write             |
 * | note      | write only our own link                                               | read-fresh | note       | read-fresh       | note              |
 * | no-op     | change nothing                                                        | report     | report     | read-fresh       | report            |
 *
 * Why a listing is not enough:
 * - lost: the developer may have been created after the listing was made;
 * - return: the person may have been deleted on both sides after the listing was made;
 * - status: Apigee does not say when a status was changed, so a listing may show the one before our last call;
 * - change: a PUT replaces everything, so it has to start from what is there (rule 13).
 * A listing is enough to create a developer, because Apigee refuses a second one under the same email. One read is not
 * enough to take a developer for gone, because replicas lag (rule 29).
 * Under the lease of a person who was not found, `spelling` counts for a listing as it does for a fresh read.
 */
export function nextStep(
  subject: Subject,
  decision: Decision,
  evidence: Evidence,
  policy: Policy,
  gate: GateState,
): NextStep {
  const { from } = evidence;
  if (from === 'doubtful-listing') return readFresh;
  if (from === 'memory') {
    const isSettled = !isOwed(subject) && (failedAsItIs(subject, policy) || isNoOp(subject, decision, policy));
    return isSettled ? report : readFresh;
  }
  if (decision.destructive && gate === 'closed') return { kind: 'wait', for: 'gate' };
  if (from === 'listing' && needsFreshRead(subject, decision)) return readFresh;
  if (!isGoneEnough(subject, decision, evidence)) return { kind: 'wait', for: 'whole-listing' };
  if (hasEffects(decision)) return gate === 'review' ? { kind: 'wait', for: 'review' } : { kind: 'write' };
  return isNoOp(subject, decision, policy) ? report : { kind: 'note' };
}

const report: NextStep = { kind: 'report' };
const readFresh: NextStep = { kind: 'read-fresh' };

/** Row `owed`. */
function isOwed({ link, portal }: Subject): boolean {
  if (link === undefined || link.due !== undefined || link.failure?.kind === 'transient') return true;
  if (hasOtherIntent(link) && link.hold === undefined) return true;
  // An unconfirmed intent matters only to a portal user who may be pushed, and not while the person is held.
  const mayBePushed = portal.kind === 'user' && portal.user.emailVerified && portal.user.selected !== false;
  return link.intents.length > 0 && link.hold === undefined && mayBePushed;
}

/** Rows `lost`, `return`, `status` and `change`. */
function needsFreshRead(subject: Subject, decision: Decision): boolean {
  const { developer, link } = subject;
  const [first] = decision.apigee;
  const changesDeveloper = decision.destructive || (first !== undefined && first.kind !== 'create');
  if (changesDeveloper) return true;
  if (developer.kind === 'absent') {
    const mayExist = decision.apigee.length > 0 ? knowsDeveloper(link) : mayHaveDeveloper(link);
    return mayExist && replacesDeveloper(subject, decision);
  }
  if (decision.portal?.kind === 'create') return link?.tombstone !== undefined;
  if (developer.kind !== 'developer') return false;
  if (decision.situation === 'buried')
    return link?.tombstone?.deactivated === true && developer.developer.status !== 'inactive';
  if (decision.end.kind !== 'in-step' || link?.base === undefined) return false;
  return developer.developer.status !== link.base.developer.status;
}

/** Rows `spelling` and `absence`. */
function isGoneEnough(subject: Subject, decision: Decision, { from, absence }: Evidence): boolean {
  if (absence === 'proven' || !replacesDeveloper(subject, decision)) return true;
  if (absence === 'one-spelling') return false;
  const creates = decision.apigee.length > 0;
  return creates || from !== 'fresh' || !mayHaveDeveloper(subject.link);
}

/** Rows `lost`, `spelling` and `absence`: whether the decision rests on there being no developer. */
function replacesDeveloper({ developer }: Subject, { apigee, end }: Decision): boolean {
  if (developer.kind !== 'absent') return false;
  const isBurial = end.kind === 'developer-buried' || end.kind === 'both-buried' || end.kind === 'moved';
  return isBurial || apigee.length > 0;
}
