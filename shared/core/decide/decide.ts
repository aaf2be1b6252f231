import { decideApigeeOnly, decideNobody, decidePortalOnly } from './apart.ts';
import { decideTogether } from './together.ts';
import { decisionOf, failing } from './parts.ts';
import type { Decision, Subject } from '../model/decision.ts';
import { failureFingerprint } from './fingerprint.ts';
import type { Policy } from '../model/policy.ts';
import { leftAloneIntro, leftAloneWords, policyFor } from './left-alone.ts';
import { withUndoHeard } from './undone.ts';

/**
 * Decides what should be for one person: the situation and the reaction. The first row that fits counts. Every flow uses
 * this table (rule 20).
 *
 * | situation           | portal user        | developer | known from the link       | reaction                                     | rule   |
 * | ------------------- | ------------------ | --------- | ------------------------- | -------------------------------------------- | ------ |
 * | out-of-scope        | any                | any       | any                       | ignored, not counted                         | §6     |
 * | malformed           | unreadable         | any       | any                       | fails, nothing written to either side        | 18     |
 * | portal-collision    | two or more        | any       | any                       | held                                         | 1      |
 * | developer-collision | any                | two (Edge) | any                      | held                                         | 1      |
 * | unselected          | not selected       | any       | any                       | left alone; once in step: PORTAL_UNSELECT_POLICY | §6 |
 * | unverified          | email not verified | any       | any                       | left alone: not linked, not pushed           | 19     |
 * | nobody              | –                  | –         | nothing                   | nothing                                      |        |
 * | both-deleted        | –                  | –         | one side or both          | buried                                       | 15     |
 * | buried              | –                  | same id   | portal user was deleted   | nothing: stays as it is                      | 15     |
 * | buried              | –                  | same id   | creating the user was undone | held                                      | 35     |
 * | portal-deleted      | –                  | yes       | both were linked          | PORTAL_DELETE_POLICY                         | 15     |
 * | portal-collision    | –                  | yes       | another's user claims it  | held                                         | 17     |
 * | apigee-only         | –                  | yes       | nothing, or a new id      | portal user created, random password         | 3, 6   |
 * | buried              | yes                | –         | creating the developer was undone | held                                 | 35     |
 * | buried              | yes                | –         | developer was deleted     | nothing: policy was carried out              | 15     |
 * | developer-deleted   | yes                | –         | both were linked          | APIGEE_DELETE_POLICY                         | 15     |
 * | renamed             | other email        | –         | any                       | the link moves to the new email              | 17     |
 * | portal-only         | yes                | –         | nothing, or re-registered | developer created, then its status if needed | 3, 5   |
 * | renamed             | other email        | yes       | bound                     | Edge: renamed; X: held, the profile flows on | 17     |
 * | first-contact       | yes                | yes       | no base                   | newer side's profile is set on the other     | 4, 5   |
 * | in-step             | as base            | as base   | base                      | nothing                                      | 12     |
 * | portal-changed      | changed            | as base   | base                      | the change is made in Apigee                 | 10, 14 |
 * | apigee-changed      | as base            | changed   | base                      | the change is made on the portal             | 10     |
 * | both-changed        | changed            | changed   | base, different fields    | both changes are made                        | 11     |
 * | conflict            | changed            | changed   | base, same field          | newer edit wins, the other goes to history   | 11     |
 *
 * Two things hold for every row. Limits and missing names turn a reaction that would write into a failure (rule 18). What
 * Apigee refused for good is not tried again until one of the sides changes (rule 25).
 * What an undo put back on one side is in that side's base, so that it is no change of either (rule 35).
 */
export function decide(found: Subject, general: Policy): Decision {
  const policy = policyFor(found, general);
  const subject = { ...found, link: found.link && withUndoHeard(found.link, found.developer, policy) };
  const decision = toldOf(react(subject, policy), leftAloneWords(policy));
  const failure = subject.link?.failure;
  const writes = decision.apigee.length > 0 || decision.portal !== undefined;
  if (!writes || failure?.kind !== 'permanent') return decision;
  if (failure.fingerprint !== failureFingerprint(subject.portal, subject.developer, policy)) return decision;
  return { ...decisionOf(decision.situation, failure.message), outcome: 'failed' };
}

/** A field that is left alone is named wherever the person is. */
function toldOf(decision: Decision, left: readonly string[]): Decision {
  if (left.length === 0 || decision.outcome === 'ignored') return decision;
  const reason = `${decision.reason}${leftAloneIntro}${left.join(' ')}`;
  return {
    ...decision,
    reason,
    end: decision.end.kind === 'failed' ? { ...decision.end, message: reason } : decision.end,
  };
}

function react(subject: Subject, policy: Policy): Decision {
  const { key, portal, developer } = subject;
  if (!isDocumentKey(key) && !policy.inScope(key)) {
    return { ...decisionOf('out-of-scope', 'PORTAL_FILTER does not select this email'), outcome: 'ignored' };
  }
  if (isDocumentKey(key) && portal.kind === 'user') {
    return { ...decisionOf('nobody', 'the portal document has an email by now'), end: { kind: 'forgotten' } };
  }
  if (portal.kind === 'malformed') return failing('malformed', portal.problems.join('; '));
  if (portal.kind === 'collision') {
    const detail = 'two or more portal users have this email: change or delete all but one';
    return held(decisionOf('portal-collision', detail), { reason: 'portal-collision', detail });
  }
  if (developer.kind === 'collision') {
    const detail =
      'two developers have emails that differ only in case or in the form of their accents: change or delete one of them';
    return held(decisionOf('developer-collision', detail), { reason: 'developer-collision', detail });
  }
  if (portal.kind === 'absent') {
    return developer.kind === 'absent' ? decideNobody(subject) : decideApigeeOnly(subject, developer.developer, policy);
  }
  if (portal.user.selected === false && !staysLinked(subject, policy)) {
    const reason = 'PORTAL_SELECT does not select the portal user: neither linked nor pushed';
    return { ...decisionOf('unselected', reason), end: { kind: 'noted', hold: undefined } };
  }
  if (!portal.user.emailVerified) {
    const reason = 'the portal user has not verified the email: neither linked nor pushed';
    return { ...decisionOf('unverified', reason), end: { kind: 'noted', hold: undefined } };
  }
  return developer.kind === 'absent'
    ? decidePortalOnly(subject, portal, policy)
    : decideTogether(subject, portal, developer.developer, policy);
}

/** Whether an unselected portal user counts as an inactive one: only who was in step can stop being selected. */
function staysLinked({ link, developer }: Subject, policy: Policy): boolean {
  return policy.unselect === 'deactivate' && link?.base !== undefined && developer.kind === 'developer';
}

function isDocumentKey(key: Subject['key']): key is `#${string}` {
  return key.startsWith('#');
}

function held(decision: Decision, hold: NonNullable<Extract<Decision['end'], { kind: 'noted' }>['hold']>): Decision {
  return { ...decision, outcome: 'held', end: { kind: 'noted', hold } };
}
