import type { ApigeeError } from '../../apigee/developers.ts';
import type { DeveloperSide, PortalSide } from '../../core/model/decision.ts';
import { actorName, type Link } from '../../core/model/link.ts';
import type { Developer, Profile } from '../../core/model/profile.ts';
import type { PersonKey } from '../../core/model/email.ts';
import type { PersonResult } from '../../sync/result.ts';
import type { PersonView } from '../views/person.ts';
import { isoTime } from './report.ts';
import { nextStepWords, stepWords } from '../words/steps.ts';

/** A person for scripts. `situation` and everything after it are null where Apigee could not be asked. */
export function toPersonJson(view: PersonView): object {
  const { key, portal, link, rivals } = view.subject;
  const common = { person: key, portal: { ...portalJson(portal), rivals } };
  const stored = link === undefined ? null : linkJson(link);
  if (view.kind === 'apigee-unknown') {
    const apigee = { state: 'unknown', problem: view.error.message };
    return {
      ...common,
      apigee,
      link: stored,
      situation: null,
      outcome: null,
      reason: null,
      fields: null,
      steps: null,
      next: null,
    };
  }
  const { situation, outcome, reason, fields } = view.decision;
  const steps = stepWords(view.decision, view.subject.developer);
  return {
    ...common,
    apigee: developerJson(view.subject.developer),
    link: stored,
    situation,
    outcome,
    reason,
    fields,
    steps,
    next: { step: view.step.kind, words: nextStepWords(view) },
  };
}

/** What became of one person, for scripts. */
export function toResultJson({ key, situation, outcome, reason, fields }: PersonResult): unknown {
  return { person: key, situation, outcome, reason, fields };
}

/** The same for a person for whom nothing was done, because Apigee could not be asked. */
export function toNotReachedJson(key: PersonKey, { message }: ApigeeError): unknown {
  return { person: key, situation: null, outcome: 'failed', reason: message, fields: [] };
}

function portalJson(portal: PortalSide): object {
  switch (portal.kind) {
    case 'absent':
      return { state: 'absent' };
    case 'user': {
      const { id, email, userName, emailVerified, updatedAt, writtenAt, profile } = portal.user;
      const times = { updatedAt: isoTime(updatedAt), writtenAt: isoTime(writtenAt) };
      const user = { id, email, userName: userName ?? null, emailVerified, ...times };
      return { state: 'user', ...user, ...profileJson(profile) };
    }
    case 'malformed':
      return { state: 'malformed', id: portal.id, problems: portal.problems };
    case 'collision':
      return { state: 'collision', id: portal.bound ?? null };
  }
}

function developerJson(side: DeveloperSide): object {
  switch (side.kind) {
    case 'absent':
      return { state: 'absent' };
    case 'developer':
      return { state: 'developer', ...developerFields(side.developer) };
    case 'collision':
      return { state: 'collision', ...developerFields(side.bound) };
  }
}

function developerFields(developer: Developer): object {
  const { email, developerId, userName, createdAt, lastModifiedAt } = developer;
  const times = { createdAt: isoTime(createdAt), lastModifiedAt: isoTime(lastModifiedAt) };
  return { email, developerId, userName: userName ?? null, ...times, ...profileJson(developer) };
}

function profileJson({ firstName, lastName, status, attributes }: Profile): object {
  return {
    status: status ?? null,
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    attributes: Object.fromEntries(attributes),
  };
}

function linkJson(link: Link): object {
  const { presence, userId, rivals, developer, base, tombstone, hold, failure, due, lease, history, last } = link;
  const { undone = [] } = link;
  return {
    presence,
    userId: userId ?? null,
    rivals,
    developer:
      developer === undefined
        ? null
        : { email: developer.email, developerId: developer.developerId, modifiedAt: isoTime(developer.modifiedAt) },
    base: base === undefined ? null : { portal: profileJson(base.portal), apigee: profileJson(base.developer) },
    tombstone: tombstone === undefined ? null : { ...tombstone, at: isoTime(tombstone.at) },
    hold: hold === undefined ? null : { ...hold, since: isoTime(hold.since) },
    failure:
      failure === undefined
        ? null
        : {
            kind: failure.kind,
            message: failure.message,
            attempts: failure.attempts,
            since: isoTime(failure.since),
          },
    undone,
    due: isoTime(due),
    leasedUntil: isoTime(lease?.expiresAt),
    history: history.map(({ field, side, value, at }) => ({ field, side, value: value ?? null, at: isoTime(at) })),
    last: last === undefined ? null : { ...last, by: actorName(last.by), at: isoTime(last.at) },
  };
}
