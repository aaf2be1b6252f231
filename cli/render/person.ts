import type { DeveloperSide, PortalSide } from '../../shared/core/model/decision.ts';
import type { PersonKey } from '../../shared/core/model/email.ts';
import type { Link } from '../../shared/core/model/link.ts';
import type { Policy } from '../../shared/core/model/policy.ts';
import type { Assessment } from '../../shared/core/next-step/next-step.ts';
import { developerProfile, fieldsOf, type Profile, restrict, valueOf } from '../../shared/core/model/profile.ts';
import { isNobody, type PersonView } from '../../shared/operator/views/person.ts';
import { developerWords, linkFacts, portalWords, presenceWords } from '../../shared/operator/words/person.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import { nextStepWords, stepWords } from '../../shared/operator/words/steps.ts';
import { timeWords } from '../../shared/operator/words/quantities.ts';
import { doneWords, fieldWords, personWords, situationWords } from '../../shared/operator/words/results.ts';
import type { PersonResult } from '../../shared/sync/result.ts';
import { renderTable, type Layout } from './layout.ts';

/** One person for people: both sides and the base field by field, the link, and what a sync would do. */
export function renderPerson(view: PersonView, layout: Layout): string {
  const { subject, policy, now } = view;
  if (isNobody(view)) return nobody(subject.key);
  const { key, portal, link, rivals } = subject;
  const developer: DeveloperSide = view.kind === 'decided' ? view.subject.developer : { kind: 'absent' };
  const lines = [
    safeText(personWords(key)),
    '',
    `Portal     ${portalWords(portal)}${isLookedUpOnce(view) ? lookedUpOnce : ''}`,
    ...(rivals.length === 0 ? [] : [`           also claimed by ${rivals.map((id) => shortText(id, 60)).join(', ')}`]),
    `Apigee     ${view.kind === 'decided' ? developerWords(developer) : `could not be asked: ${safeText(view.error.message)}`}`,
    ...(link === undefined ? ['Link       none: never synchronised'] : linkLines(link, now)),
    ...fieldTable(portal, developer, link, policy, layout),
    ...unselected(developer, policy),
    ...history(link, layout),
    '',
    ...(view.kind === 'decided' ? decisionWords(view) : ['What a sync would do cannot be told.']),
  ];
  return `${lines.join('\n')}\n`;
}

/** A query finds one spelling of an email, so that for somebody who is not linked a portal user may be there unfound. */
function isLookedUpOnce({ subject: { key, portal, link } }: PersonView): boolean {
  return portal.kind === 'absent' && link?.userId === undefined && !key.startsWith('#');
}

const lookedUpOnce = ' under the email in lower case; another spelling is found by a full run';

/** What became of one person. */
export function renderResult({ key, situation, outcome, reason, fields }: PersonResult): string {
  const lines = [
    `${safeText(personWords(key))}: ${situationWords(situation)}`,
    `  done    ${doneWords(outcome, false)}`,
    ...(fields.length === 0 ? [] : [`  fields  ${fieldWords(fields, 18).join('\n          ')}`]),
    `  why     ${safeText(reason)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function nobody(key: PersonKey): string {
  return (
    `${safeText(personWords(key))} is unknown: no portal user, no developer, no link.\n` +
    'Until a person is linked, their portal user is looked up by the email in lower case.\n'
  );
}

function linkLines(link: Link, now: number): readonly string[] {
  const facts = linkFacts(link, now).map(({ name, words }) => `  ${name.padEnd(8)} ${words}`);
  return [`Link       ${presenceWords(link)}`, ...facts];
}

function fieldTable(
  portal: PortalSide,
  side: DeveloperSide,
  link: Link | undefined,
  policy: Policy,
  layout: Layout,
): readonly string[] {
  const columns: readonly (readonly [string, Profile | undefined])[] = [
    ['portal', portal.kind === 'user' ? portal.user.profile : undefined],
    ['Apigee', side.kind === 'developer' ? developerProfile(side.developer, policy) : undefined],
    ['base (portal)', link?.base && restrict(link.base.portal, policy)],
    ['base (Apigee)', link?.base && restrict(link.base.developer, policy)],
  ];
  const present = columns.flatMap(([name, profile]) => (profile === undefined ? [] : [{ name, profile }]));
  if (present.length === 0) return [];
  const cell = (value: string | undefined): string => (value === undefined ? '–' : shortText(value, 120));
  const rows = [
    ['status', ...present.map(({ profile }) => cell(profile.status))],
    ...fieldsOf(...present.map(({ profile }) => profile)).map((field) => [
      shortText(field, 60),
      ...present.map(({ profile }) => cell(valueOf(profile, field))),
    ]),
  ];
  return ['', renderTable(['field', ...present.map(({ name }) => name)], rows, layout)];
}

/** Rule 13: attributes that are not selected are neither copied nor dropped. */
function unselected(side: DeveloperSide, policy: Policy): readonly string[] {
  if (side.kind !== 'developer') return [];
  const names = [...side.developer.attributes.keys()].filter((name) => policy.directionOf(name) === undefined);
  return names.length === 0
    ? []
    : [`Not synchronised, and left as they are: ${names.map((name) => shortText(name, 60)).join(', ')}`];
}

function history(link: Link | undefined, layout: Layout): readonly string[] {
  if (link === undefined || link.history.length === 0) return [];
  const rows = link.history.map(({ at, field, side, value }) => [
    timeWords(at),
    shortText(field, 60),
    side,
    value === undefined ? 'a removal' : shortText(value, 200),
  ]);
  return ['', 'Values that gave way to newer ones', renderTable(['lost', 'field', 'side', 'value'], rows, layout)];
}

function decisionWords(assessment: Assessment): readonly string[] {
  const { subject, decision } = assessment;
  const { situation, outcome, reason } = decision;
  const steps = stepWords(decision, subject.developer);
  return [
    `Situation  ${situationWords(situation)}`,
    `By a sync  ${outcome === 'unchanged' ? 'would do nothing' : doneWords(outcome, true)}: ${safeText(reason)}`,
    ...steps.map((step) => `  - ${step}`),
    `A run      ${nextStepWords(assessment)}`,
  ];
}
