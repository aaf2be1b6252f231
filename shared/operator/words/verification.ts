import type { Difference, Explanation, Finding, Hint } from '../../verify/finding.ts';
import { safeText, shortText } from './safe-text.ts';
import { number, timeWords } from './quantities.ts';
import { fieldWords } from './results.ts';

/** How the two sides are not the same. */
export function differenceWords(difference: Difference): string {
  switch (difference.kind) {
    case 'only-in-apigee':
      return 'only in Apigee';
    case 'only-on-portal':
      return `only on the portal, ${shortText(difference.userId, 80)}`;
    case 'fields-differ':
      return `different: ${fieldWords(difference.fields).join(', ')}`;
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

/** What explains the difference; where nothing does, what the link says instead. */
export function becauseWords(because: Finding['because']): string {
  return because.kind === 'explained'
    ? explanationWords(because.explanation)
    : `UNEXPLAINED: ${hintNames[because.hint]}`;
}

const hintNames: Readonly<Record<Hint, string>> = {
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
    case 'unselected':
      return 'PORTAL_SELECT does not select the portal user';
    case 'left-alone':
      return 'a field that cannot be read is left alone: devsync explain names it';
    case 'unverified':
      return 'the email is not verified';
    case 'never-removed':
      return 'from before the first contact, where nothing is removed';
    case 'undone':
      return 'kept apart by an undo, until somebody edits it on either side';
    case 'one-way':
      return 'the attribute does not travel this way';
    case 'unusable-email':
      return 'nobody can be linked by it';
  }
}
