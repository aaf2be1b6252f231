import type { FieldAnswer, HistoryEntry, PersonAnswer } from '../../api/answers/person.ts';
import { outcomeOf } from '../../../shared/core/changes/outcome.ts';
import type { DeveloperSide, PortalSide } from '../../../shared/core/model/decision.ts';
import { canonicalEmail, linkId, type PersonKey } from '../../../shared/core/model/email.ts';
import { actorName, type Link } from '../../../shared/core/model/link.ts';
import type { Policy } from '../../../shared/core/model/policy.ts';
import { attributeField, fieldsOf, valueOf, type FieldName, type Profile } from '../../../shared/core/model/profile.ts';
import { editableUser, placeOf } from '../../../shared/operator/actions/plan-edit.ts';
import { writeAnswers } from './change.ts';
import type { PersonView } from '../../../shared/operator/views/person.ts';
import type { ShownChange } from '../../../shared/operator/views/person-changes.ts';
import { seenOf } from '../../../shared/operator/views/seen.ts';
import { syncStateOf, syncStateWords } from '../../../shared/operator/views/sync-state.ts';
import { actionWords } from '../../../shared/operator/words/audit.ts';
import { holdWords } from '../../../shared/operator/words/holds.ts';
import { linkFacts } from '../../../shared/operator/words/person.ts';
import { doneWords, situationWords } from '../../../shared/operator/words/results.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import type { AuditRecord } from '../../../shared/state/audit.ts';

/** What is kept about a person besides the link. */
export interface PersonKept {
  /** What operators did, newest first. */
  readonly records: readonly AuditRecord[];
  /** What was changed last, newest first (rule 34). */
  readonly changes: readonly ShownChange[];
  /** Whether whoever asks may see the values of changes. */
  readonly showsValues: boolean;
}

/** A person as both sides have them this moment. */
export function personAnswer(view: PersonView, kept: PersonKept): PersonAnswer {
  const { subject, policy, now } = view;
  const { key, portal, link } = subject;
  const developer: DeveloperSide = view.kind === 'decided' ? view.subject.developer : { kind: 'absent' };
  const situation = view.kind === 'decided' ? view.decision.situation : null;
  const found = developer.kind === 'developer' ? developer.developer : undefined;
  const user = portal.kind === 'user' ? portal.user : undefined;
  const hasUser = editableUser(subject, policy) !== undefined;
  const sync = syncOf(view, developer);
  const isSound = developer.kind !== 'collision' && portal.kind !== 'collision';
  return {
    id: link === undefined && found !== undefined ? found.developerId : linkId(key),
    key,
    now,
    seen: seenOf({ portal, developer }),
    sync,
    syncWords:
      sync === 'only-on-portal' ? 'only on the portal' : sync === 'nobody' ? 'on neither side' : syncStateWords(sync),
    situation,
    situationWords: situation === null ? 'Apigee could not be asked' : situationWords(situation),
    developer:
      found === undefined
        ? null
        : {
            developerId: found.developerId,
            email: found.email,
            userName: found.userName ?? null,
            firstName: found.firstName ?? null,
            lastName: found.lastName ?? null,
            status: found.status,
            createdAt: found.createdAt,
            lastModifiedAt: found.lastModifiedAt,
            attributes: found.attributes.size,
          },
    portalUser:
      user === undefined
        ? null
        : {
            userId: user.id,
            email: user.email,
            userName: user.userName ?? null,
            status: user.profile.status ?? null,
            emailVerified: user.emailVerified,
            updatedAt: user.updatedAt,
          },
    apigeeProblem: apigeeProblem(view, developer),
    portalProblem: portalProblem(portal),
    fields: fieldAnswers(portal, developer, link, hasUser, policy),
    facts: link === undefined ? [] : linkFacts(link, now).map(({ name, words }) => ({ name, words })),
    hold:
      link?.hold === undefined
        ? null
        : {
            reason: link.hold.reason,
            words: safeText(link.hold.detail),
            advice: holdWords(link.hold.reason).advice,
            since: link.hold.since,
          },
    failure:
      link?.failure === undefined
        ? null
        : {
            words: safeText(link.failure.message),
            since: link.failure.since,
            attempts: link.failure.attempts,
            permanent: link.failure.kind === 'permanent',
          },
    history: historyOf(link, kept),
    may: {
      edit: isSound && (found !== undefined || user !== undefined),
      activate: found !== undefined && found.status !== 'active',
      deactivate: found !== undefined && found.status !== 'inactive',
      delete: isSound && found !== undefined && portal.kind !== 'malformed',
      sync: isSelected(key, policy),
      release: link?.hold !== undefined || link?.failure?.kind === 'permanent' || situation === 'buried',
      forget: view.kind === 'decided' && developer.kind === 'absent' && portal.kind === 'absent',
    },
  };
}

function isSelected(key: PersonKey, policy: Policy): boolean {
  const email = canonicalEmail(key);
  return email === undefined || policy.inScope(email);
}

function syncOf(view: PersonView, developer: DeveloperSide): PersonAnswer['sync'] {
  const { subject, policy } = view;
  if (developer.kind === 'developer') {
    const state = syncStateOf(developer.developer, subject.link, policy);
    const wouldWrite = view.kind === 'decided' && view.step.kind !== 'report' && view.step.kind !== 'note';
    return state === 'in-step' && wouldWrite ? 'waits' : state;
  }
  if (subject.link?.failure !== undefined) return 'failed';
  if (subject.link?.hold !== undefined) return 'held';
  return subject.portal.kind === 'absent' ? 'nobody' : 'only-on-portal';
}

function apigeeProblem(view: PersonView, developer: DeveloperSide): string | null {
  if (view.kind === 'apigee-unknown') return safeText(view.error.message);
  return developer.kind === 'collision' ? 'several developers have this email' : null;
}

function portalProblem(portal: PortalSide): string | null {
  if (portal.kind === 'malformed') return safeText(portal.problems.join('; '));
  return portal.kind === 'collision' ? 'several portal users have this email' : null;
}

const nobody: Profile = { firstName: undefined, lastName: undefined, status: undefined, attributes: new Map() };

function fieldAnswers(
  portal: PortalSide,
  developer: DeveloperSide,
  link: Link | undefined,
  hasUser: boolean,
  policy: Policy,
): readonly FieldAnswer[] {
  const ofPortal = portal.kind === 'user' ? portal.user.profile : nobody;
  const ofApigee = developer.kind === 'developer' ? { ...nobody, ...developer.developer } : nobody;
  const { portal: basePortal = nobody, developer: baseApigee = nobody } = link?.base ?? {};
  const names = fieldsOf(ofPortal, ofApigee, basePortal, baseApigee);
  const answers = names.map((field): FieldAnswer => {
    const edit = placeOf(field, hasUser, policy);
    const values = {
      portal: valueOf(ofPortal, field) ?? null,
      apigee: valueOf(ofApigee, field) ?? null,
      basePortal: valueOf(basePortal, field) ?? null,
      baseApigee: valueOf(baseApigee, field) ?? null,
    };
    const isSynchronised =
      field === 'firstName' || field === 'lastName' || policy.directionOf(nameOf(field)) !== undefined;
    const changed = link?.base === undefined || !isSynchronised ? null : changedSide(values);
    return { field, ...values, changed, edit, editWords: placeWords(edit) };
  });
  const status = {
    portal: ofPortal.status ?? null,
    apigee: ofApigee.status ?? null,
    basePortal: basePortal.status ?? null,
    baseApigee: baseApigee.status ?? null,
  };
  const edit = hasUser ? ('portal' as const) : ('apigee' as const);
  const changed = link?.base === undefined ? null : changedSide(status);
  const [first, last, ...attributes] = answers;
  const statusAnswer: FieldAnswer = {
    field: 'status',
    ...status,
    changed,
    edit,
    editWords: 'set on both sides by Activate and Deactivate',
  };
  return [first, last, statusAnswer, ...attributes].filter((one) => one !== undefined);
}

function nameOf(field: FieldName): string {
  return field.slice(attributeField('').length);
}

function changedSide(values: {
  readonly portal: string | null;
  readonly apigee: string | null;
  readonly basePortal: string | null;
  readonly baseApigee: string | null;
}): FieldAnswer['changed'] {
  const onPortal = values.portal !== values.basePortal;
  const inApigee = values.apigee !== values.baseApigee;
  if (onPortal && inApigee) return 'both';
  return onPortal ? 'portal' : inApigee ? 'apigee' : 'neither';
}

function placeWords(place: FieldAnswer['edit']): string {
  switch (place) {
    case 'portal':
      return 'set on the portal, and pushed to Apigee at once';
    case 'apigee':
      return 'set in Apigee';
    case 'locked':
      return 'reserved for Apigee itself';
  }
}

function historyOf(link: Link | undefined, { records, changes, showsValues }: PersonKept): readonly HistoryEntry[] {
  const nothing = { field: null, side: null, value: null, reason: null, act: null, writes: [] };
  const byOperators = records.map((record): HistoryEntry => ({
    ...nothing,
    at: record.at,
    kind: 'operator',
    by: record.operator.name,
    words: actionWords(record),
    reason: record.reason === undefined ? null : safeText(record.reason),
  }));
  const lost = (link?.history ?? []).map(({ field, side, value, at }): HistoryEntry => ({
    at,
    kind: 'lost-value',
    by: null,
    words: 'this value gave way to a newer edit',
    field,
    side,
    value: value ?? null,
    reason: null,
    act: null,
    writes: [],
  }));
  const { last } = link ?? {};
  const isOperators = last?.by.kind === 'operator' && records.some(({ actionId }) => actionId === actorName(last.by));
  const changed = changes.map((change): HistoryEntry => ({
    ...nothing,
    at: change.at,
    kind: 'changed',
    by: change.operator ?? actorName(change.by),
    words: `${doneWords(outcomeOf(change.acts), false)}: ${safeText(change.reason)}`,
    act: change.id,
    writes: writeAnswers(change.fields, showsValues),
  }));
  const isKept = changes.some(
    ({ by, situation, reason }) =>
      last !== undefined &&
      actorName(by) === actorName(last.by) &&
      situation === last.situation &&
      reason === last.reason,
  );
  const done: readonly HistoryEntry[] =
    last === undefined || isOperators || isKept
      ? []
      : [
          {
            ...nothing,
            at: last.at,
            kind: 'done',
            by: actorName(last.by),
            words: `${doneWords(last.outcome, false)}: ${safeText(last.reason)}`,
          },
        ];
  return [...done, ...changed, ...lost, ...byOperators].toSorted((a, b) => b.at - a.at);
}
