import { shortText } from '../../shared/operator/words/safe-text.ts';
import { becauseWords, differenceWords } from '../../shared/operator/words/verification.ts';
import { counted, number } from '../../shared/operator/words/quantities.ts';
import { personWords } from '../../shared/operator/words/results.ts';
import type { Finding } from '../../shared/verify/finding.ts';
import type { Verification } from '../../shared/verify/verify-people.ts';
import { renderTable, type Layout } from './layout.ts';

type Complete = Extract<Verification, { readonly kind: 'complete' }>;

/** What was compared, and for whom the two sides are not the same. `findings`: as many of them as were kept. */
export function renderVerification(verification: Complete, findings: readonly Finding[], layout: Layout): string {
  const { developers, portalUsers, explained, unexplained, statusesDiffer } = verification;
  const differences = explained + unexplained;
  const lines = [
    `Compared     ${counted(developers, 'developer', 'developers')} with ${counted(portalUsers, 'portal user', 'portal users')}`,
    `Unexplained  ${number(unexplained)}`,
    `Explained    ${number(explained)}`,
    `Status       ${differs(statusesDiffer)}; only an edit of it on the portal travels`,
  ];
  if (findings.length > 0) {
    const rows = findings.map(({ key, difference, because }) => [
      shortText(personWords(key), 60),
      differenceWords(difference),
      becauseWords(because),
    ]);
    lines.push('', renderTable(['person', 'difference', 'why'], rows, layout));
  }
  if (differences > findings.length)
    lines.push(`and ${number(differences - findings.length)} more: devsync verify --limit ${String(differences)}`);
  return `${lines.join('\n')}\n`;
}

function differs(people: number): string {
  return people === 1 ? 'differs for 1 person' : `differs for ${number(people)} people`;
}
