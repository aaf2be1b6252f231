import type { Difference, Explanation, Finding, Hint } from '../../shared/verify/finding.ts';
import type { Verification } from '../../shared/verify/verify-people.ts';
import { fieldLines, folded, plainTable } from './report.ts';
import { isoTime } from '../../shared/operator/json/report.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import { counted, number, personWords, timeWords } from '../../shared/operator/words/words.ts';

type Complete = Extract<Verification, { readonly kind: 'complete' }>;

/** What was compared, and who is not the same on both sides. */
export function renderVerification(verification: Complete, findings: readonly Finding[]): string {
  const { developers, portalUsers, explained, unexplained, statusesDiffer } = verification;
  const differences = explained + unexplained;
  const lines = [
    `Compared     ${counted(developers, 'developer', 'developers')} with ${counted(portalUsers, 'portal user', 'portal users')}`,
    `Unexplained  ${number(unexplained)}`,
    `Explained    ${number(explained)}`,
    `Status       ${differs(statusesDiffer)}; only an edit of it on the portal travels`,
  ];
  if (findings.length > 0) {
    const table = plainTable(['person', 'difference', 'why']);
    for (const finding of findings)
      table.push([
        shortText(personWords(finding.key), 60),
        folded(differenceWords(finding.difference), 40),
        folded(becauseWords(finding.because), 50),
      ]);
    lines.push('', table.toString());
  }
  if (differences > findings.length)
    lines.push(`and ${number(differences - findings.length)} more: devsync verify --limit ${String(differences)}`);
  return `${lines.join('\n')}\n`;
}

/** For scripts. Counts are null where a listing could not be read to its end. Times are ISO 8601. */
export function toVerificationJson(verification: Verification, findings: readonly Finding[]): unknown {
  const complete = verification.kind === 'complete' ? verification : undefined;
  return {
    state: verification.kind,
    problem: verification.kind === 'incomplete' ? verification.problem : null,
    developers: complete?.developers ?? null,
    portalUsers: complete?.portalUsers ?? null,
    explained: complete?.explained ?? null,
    unexplained: complete?.unexplained ?? null,
    statusesDiffer: complete?.statusesDiffer ?? null,
    findings: findings.map(({ key, difference, because }) => ({
      person: key,
      ...difference,
      explanation: because.kind === 'explained' ? explanationJson(because.explanation) : null,
      hint: because.kind === 'unexplained' ? because.hint : null,
    })),
  };
}

function differs(people: number): string {
  return people === 1 ? 'differs for 1 person' : `differs for ${number(people)} people`;
}

function explanationJson(explanation: Explanation): unknown {
  switch (explanation.kind) {
    case 'tombstone':
      return { ...explanation, at: isoTime(explanation.at) };
    case 'pending':
      return { ...explanation, due: isoTime(explanation.due) };
    default:
      return explanation;
  }
}

function differenceWords(difference: Difference): string {
  switch (difference.kind) {
    case 'only-in-apigee':
      return 'only in Apigee';
    case 'only-on-portal':
      return `only on the portal, ${shortText(difference.userId, 80)}`;
    case 'fields-differ':
      return `different: ${fieldLines(difference.fields).replaceAll('\n', ', ')}`;
    case 'too-many-attributes':
      return `${number(difference.count)} attributes on the portal`;
    case 'several-portal-users':
      return `several portal users: ${shortText(difference.userIds.join(', '), 200)}`;
    case 'several-developers':
      return `${number(difference.count)} developers`;
    case 'unreadable-document':
      return shortText(`document ${difference.userId}: ${difference.problems.join('; ')}`, 300);
    case 'unusable-developer':
      return 'an email that cannot be used';
  }
}

function becauseWords(because: Finding['because']): string {
  return because.kind === 'explained' ? explanationWords(because.explanation) : `UNEXPLAINED: ${hints[because.hint]}`;
}

const hints: Readonly<Record<Hint, string>> = {
  'never-in-step': 'never brought in step',
  'changed-since': 'changed since the sides were last in step',
  'different-base': 'last in step with two values, though the field travels both ways',
  contradiction: 'the link says otherwise',
};

function explanationWords(explanation: Explanation): string {
  switch (explanation.kind) {
    case 'held':
      return `held: ${safeText(explanation.detail)}`;
    case 'failed':
      return `failed: ${shortText(explanation.message, 300)}`;
    case 'leased':
      return 'somebody is at work on it';
    case 'pending':
      return `pending, due ${timeWords(explanation.due)}`;
    case 'tombstone':
      return `deleted on the other side ${timeWords(explanation.at)}`;
    case 'unverified':
      return 'the email is not verified';
    case 'never-removed':
      return 'from before the first contact, where nothing is removed';
    case 'one-way':
      return 'the attribute does not travel this way';
    case 'unusable-email':
      return 'nobody can be linked by it';
  }
}
