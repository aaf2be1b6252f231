import type { Outcome } from '../../core/model/link.ts';
import type { ReportedSituation } from '../../core/model/situation.ts';
import { number } from './quantities.ts';
import { shortText } from './safe-text.ts';

/** What was done, or in a dry run would be. */
export function doneWords(outcome: Outcome | 'ignored', dryRun: boolean): string {
  const would = dryRun ? 'would be ' : '';
  switch (outcome) {
    case 'created-apigee':
      return `${would}created in Apigee`;
    case 'created-portal':
      return `${would}created on the portal`;
    case 'updated-apigee':
      return `${would}updated in Apigee`;
    case 'updated-portal':
      return `${would}updated on the portal`;
    case 'unchanged':
      return 'nothing';
    case 'held':
      return `${would}held`;
    case 'failed':
      return dryRun ? 'would fail' : 'failed';
    case 'ignored':
      return `${would}left alone`;
  }
}

const situationNames: Readonly<Record<ReportedSituation, string>> = {
  'out-of-scope': 'outside PORTAL_FILTER',
  malformed: 'unreadable portal user',
  'portal-collision': 'several portal users, one email',
  'developer-collision': 'several developers, one email',
  unselected: 'not selected by PORTAL_SELECT',
  unverified: 'email not verified',
  nobody: 'on neither side',
  'portal-only': 'only on the portal',
  'apigee-only': 'only in Apigee',
  'first-contact': 'on both sides, not linked yet',
  'in-step': 'in step',
  'portal-changed': 'changed on the portal',
  'apigee-changed': 'changed in Apigee',
  'both-changed': 'changed on both sides',
  conflict: 'same field changed on both sides',
  renamed: 'email changed on the portal',
  'portal-deleted': 'portal user deleted',
  'developer-deleted': 'developer deleted',
  'both-deleted': 'deleted on both sides',
  buried: 'deleted earlier',
  unknown: 'could not be read',
  ordered: 'ordered by an operator',
  undone: 'an earlier change was undone',
};

export function situationWords(situation: ReportedSituation): string {
  return situationNames[situation];
}

/** A person's key for people: the email, or else the portal document or the developer that has no usable email. */
export function personWords(key: string): string {
  if (key.startsWith('#developer:')) return `developer ${key.slice('#developer:'.length)}`;
  return key.startsWith('#') ? `document ${key.slice(1)}` : key;
}

/** The first few field names, made safe, and how many more there are. */
export function fieldWords(fields: readonly string[], limit = 6): readonly string[] {
  const shown = fields.slice(0, limit).map((field) => shortText(field, 40));
  return fields.length > limit ? [...shown, `and ${number(fields.length - limit)} more`] : shown;
}
