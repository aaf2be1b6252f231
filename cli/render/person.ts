import type { Decision, DeveloperSide, PortalSide, Subject } from '../../shared/core/model/decision.ts';
import { actorName, type Link } from '../../shared/core/model/link.ts';
import type { Policy } from '../../shared/core/model/policy.ts';
import { developerProfile, fieldsOf, type Profile, restrict, valueOf } from '../../shared/core/model/profile.ts';
import type { PersonView } from '../../shared/operator/views/person.ts';
import { folded, plainTable } from './report.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import { stepWords } from '../../shared/operator/words/steps.ts';
import {
  ago,
  counted,
  doneWords,
  duration,
  personWords,
  situationWords,
  timeWords,
} from '../../shared/operator/words/words.ts';

/** One person for the operator to read: both sides and the base field by field, the link, and what a sync would do. */
export function renderPerson(view: PersonView): string {
  const { subject, policy, now } = view;
  const { key, portal, link, rivals } = subject;
  const developer: DeveloperSide = view.kind === 'decided' ? view.subject.developer : { kind: 'absent' };
  const lines = [
    safeText(personWords(key)),
    '',
    `Portal     ${portalWords(portal)}`,
    ...(rivals.length === 0 ? [] : [`           also claimed by ${rivals.map((id) => shortText(id, 60)).join(', ')}`]),
    `Apigee     ${view.kind === 'decided' ? developerWords(developer) : `could not be asked: ${safeText(view.error.message)}`}`,
    ...(link === undefined ? ['Link       none: never synchronised'] : linkWords(link, now)),
    ...fieldTable(portal, developer, link, policy),
    ...unselected(developer, policy),
    ...history(link),
    '',
    ...(view.kind === 'decided'
      ? decisionWords(view.subject, view.decision)
      : ['What a sync would do cannot be told.']),
  ];
  return `${lines.join('\n')}\n`;
}

function portalWords(portal: PortalSide): string {
  switch (portal.kind) {
    case 'absent':
      return 'no portal user';
    case 'user': {
      const { id, email, emailVerified, updatedAt } = portal.user;
      const verified = emailVerified ? '' : ', email not verified';
      return `user ${shortText(id, 80)}, ${shortText(email, 254)}${verified}, updated ${timeWords(updatedAt)}`;
    }
    case 'malformed':
      return `document ${shortText(portal.id, 80)} cannot be used: ${safeText(portal.problems.join('; '))}`;
    case 'collision':
      return `several users have this email${portal.bound === undefined ? '' : `, ${shortText(portal.bound, 80)} was first`}`;
  }
}

function developerWords(side: DeveloperSide): string {
  switch (side.kind) {
    case 'absent':
      return 'no developer';
    case 'developer':
    case 'collision': {
      const { developerId, email, lastModifiedAt } = side.kind === 'developer' ? side.developer : side.bound;
      const several = side.kind === 'collision' ? 'several developers, one of them ' : 'developer ';
      return `${several}${shortText(developerId, 80)}, ${shortText(email, 254)}, modified ${timeWords(lastModifiedAt)}`;
    }
  }
}

const presenceNames: Readonly<Record<Link['presence'], string>> = {
  both: 'known on both sides',
  portal: 'known on the portal only',
  apigee: 'known in Apigee only',
  none: 'known on neither side',
};

function linkWords(link: Link, now: number): readonly string[] {
  const { presence, base, hold, failure, due, lease, tombstone, last } = link;
  const lines = [`Link       ${presenceNames[presence]}${base === undefined ? ', never in step' : ''}`];
  const add = (name: string, words: string): number => lines.push(`  ${name.padEnd(8)} ${words}`);
  if (hold !== undefined) add('held', `since ${timeWords(hold.since)}: ${safeText(hold.detail)}`);
  if (failure !== undefined) {
    const { message, attempts, since, kind } = failure;
    const tries = `${counted(attempts, 'try', 'tries')} since ${timeWords(since)}`;
    add(
      'failed',
      `${safeText(message)} (${tries}; ${kind === 'permanent' ? 'for good, until a side changes' : 'passes by itself'})`,
    );
  }
  if (due !== undefined) add('due', due <= now ? 'in the next run' : `in ${duration(due - now)}`);
  if (lease !== undefined && lease.expiresAt > now)
    add('busy', `somebody is writing this person, until ${timeWords(lease.expiresAt)}`);
  if (tombstone !== undefined)
    add('deleted', `${tombstone.side === 'both' ? 'on both sides' : tombstone.side}, ${timeWords(tombstone.at)}`);
  if (last !== undefined) {
    add(
      'last',
      `${doneWords(last.outcome, false)} ${ago(last.at, now)} by ${safeText(actorName(last.by))}: ${safeText(last.reason)}`,
    );
  }
  return lines;
}

function fieldTable(
  portal: PortalSide,
  side: DeveloperSide,
  link: Link | undefined,
  policy: Policy,
): readonly string[] {
  const columns: readonly (readonly [string, Profile | undefined])[] = [
    ['portal', portal.kind === 'user' ? portal.user.profile : undefined],
    ['Apigee', side.kind === 'developer' ? developerProfile(side.developer, policy) : undefined],
    ['base, portal', link?.base && restrict(link.base.portal, policy)],
    ['base, Apigee', link?.base && restrict(link.base.developer, policy)],
  ];
  const present = columns.flatMap(([name, profile]) => (profile === undefined ? [] : [{ name, profile }]));
  if (present.length === 0) return [];
  const cell = (value: string | undefined): string => (value === undefined ? '–' : folded(shortText(value, 120), 30));
  const table = plainTable(['field', ...present.map(({ name }) => name)]);
  table.push(['status', ...present.map(({ profile }) => cell(profile.status))]);
  for (const field of fieldsOf(...present.map(({ profile }) => profile))) {
    table.push([shortText(field, 60), ...present.map(({ profile }) => cell(valueOf(profile, field)))]);
  }
  return ['', table.toString()];
}

/** Rule 13: they are neither copied nor dropped. */
function unselected(side: DeveloperSide, policy: Policy): readonly string[] {
  if (side.kind !== 'developer') return [];
  const names = [...side.developer.attributes.keys()].filter((name) => policy.directionOf(name) === undefined);
  return names.length === 0
    ? []
    : [`Not synchronised, and left as they are: ${names.map((name) => shortText(name, 60)).join(', ')}`];
}

function history(link: Link | undefined): readonly string[] {
  if (link === undefined || link.history.length === 0) return [];
  const table = plainTable(['lost', 'field', 'side', 'value']);
  for (const { at, field, side, value } of link.history) {
    table.push([
      timeWords(at),
      shortText(field, 60),
      side,
      value === undefined ? 'a removal' : folded(shortText(value, 200), 40),
    ]);
  }
  return ['', 'Values that gave way to newer ones', table.toString()];
}

function decisionWords({ developer }: Subject, decision: Decision): readonly string[] {
  const { situation, outcome, reason } = decision;
  const steps = stepWords(decision, developer);
  return [
    `Situation  ${situationWords(situation)}`,
    `A sync     ${outcome === 'unchanged' ? 'would do nothing' : doneWords(outcome, true)}: ${safeText(reason)}`,
    ...steps.map((step) => `  - ${step}`),
  ];
}
