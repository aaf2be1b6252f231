import type { Advice } from '../../shared/operator/json/check.ts';
import type { Check } from '../../shared/operator/views/check.ts';
import type { SampleCheck } from '../../shared/operator/views/check-sample.ts';
import { counted, number } from '../../shared/operator/words/quantities.ts';
import { refusalWords } from '../../shared/operator/words/refusals.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';

/** A check for people. `settings`: what is wrong with them; `check` undefined: too little is set to look at anything. */
export function renderCheck(settings: readonly string[], check: Check | undefined, advice: Advice): string {
  const lines = [
    `Settings     ${settings.length === 0 ? 'all right' : counted(settings.length, 'is wrong', 'are wrong')}`,
    ...settings.map((line) => `  ${safeText(line)}`),
    ...(check === undefined ? ['', 'Nothing else could be looked at before these are set.'] : found(check, advice)),
  ];
  return `${lines.join('\n')}\n`;
}

function found(check: Check, advice: Advice): readonly string[] {
  const { portal, apigee, state, sample, proposal } = check;
  return [
    `Portal       ${portal.kind === 'read' ? `${counted(portal.documents, 'document', 'documents')} looked at` : `cannot be read: ${safeText(advice(portal.error))}`}`,
    `Apigee       ${apigeeWords(apigee)}`,
    ...(state === undefined ? [] : [`State        ${safeText(refusalWords(state))}`]),
    ...rightsLines(check),
    ...(portal.kind === 'read' && portal.documents === 0
      ? ['', 'The collection is empty or does not exist: check PORTAL_COLLECTION and FIRESTORE_DATABASE.']
      : []),
    ...(sample === undefined ? [] : ['', 'With the settings as they are, a first run', ...sampleLines(sample)]),
    ...(proposal === undefined ? [] : proposalLines(proposal)),
    '',
    'Ask whoever owns the security rules of Firestore: no client may read what lies under STATE_PREFIX.',
    'Nothing was changed.',
  ];
}

function apigeeWords(apigee: Check['apigee']): string {
  if (apigee.kind === 'unread') {
    const right = apigee.error.kind === 'denied' ? '; it takes apigee.developers.list and apigee.developers.get' : '';
    return `cannot be read: ${safeText(apigee.error.message)}${right}`;
  }
  const { developers, isWhole, unusable } = apigee;
  const bad = unusable === 0 ? '' : `, ${number(unusable)} of them with an email by which nobody can be linked`;
  return `${number(developers)}${isWhole ? '' : ' or more'} developers${bad}`;
}

function rightsLines({ rights }: Check): readonly string[] {
  return rights.map((answer) => {
    const words =
      answer.kind === 'unknown'
        ? `unknown: ${answer.why}`
        : answer.missing.length === 0
          ? 'your credentials have all'
          : `your credentials lack ${answer.missing.join(', ')}`;
    return `Rights       ${safeText(answer.project)}: ${safeText(words)}`;
  });
}

function sampleLines({
  documents,
  linked,
  created,
  failed,
  collided,
  leftOut,
  problems,
}: SampleCheck): readonly string[] {
  const of = (count: number, what: string): string => `  ${number(count).padStart(6)} ${what}`;
  return [
    of(linked, `of ${number(documents)} would be linked with their developer`),
    of(created, 'would get a developer'),
    of(failed, 'would fail'),
    of(collided, 'share an email with another document, and would be held'),
    of(leftOut, 'would be left out'),
    ...problems.map(
      ({ kind, what, count, example }) =>
        `    ${kindWords[kind]} ${count === 1 ? 'once' : `${number(count)} times`}, such as document ${shortText(example, 60)}: ${shortText(what, 300)}`,
    ),
  ];
}

const kindWords = { person: 'the person,', field: 'one field,', 'left-out': 'left out,' } as const;

function proposalLines({ mapping, evidence, select, sample }: NonNullable<Check['proposal']>): readonly string[] {
  return [
    '',
    'What these documents seem to hold',
    ...evidence.map(({ key, words }) => `  ${key.padEnd(22)} ${safeText(words)}`),
    '',
    'A mapping for that, to be looked at before it is set',
    `  PORTAL_MAPPING='${safeText(JSON.stringify(mapping)).replaceAll("'", String.raw`'\''`)}'`,
    ...(select === undefined ? [] : [`  PORTAL_SELECT='${safeText(select)}'   # if only these are to be synchronised`]),
    'With it, a first run',
    ...sampleLines(sample),
  ];
}
