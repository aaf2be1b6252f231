import { outcomeOf } from '../../shared/core/changes/outcome.ts';
import type { FieldWrite } from '../../shared/core/model/change.ts';
import type { ShownChange } from '../../shared/operator/views/person-changes.ts';
import { changedByWords } from '../../shared/operator/words/person.ts';
import { timeWords } from '../../shared/operator/words/quantities.ts';
import { doneWords, situationWords } from '../../shared/operator/words/results.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';

/** What was changed for a person: when, by whom, what and why, with the values. Nothing where there is none. */
export function renderChanges(changes: readonly ShownChange[]): string {
  if (changes.length === 0) return '';
  const all = changes.map(({ at, by, operator, situation, acts, reason, fields }) => {
    const what = `${situationWords(situation)} → ${doneWords(outcomeOf(acts), false)}: ${safeText(reason)}`;
    return `${timeWords(at)} by ${changedByWords({ by, operator })}: ${what}\n${renderFields(fields)}`;
  });
  return `\nChanges, the newest first\n${all.join('')}`;
}

/** A line for each field: `  portal firstName: "Ann" → "Anna"`; a dash stands for no value. */
export function renderFields(fields: readonly FieldWrite[]): string {
  return fields
    .map(({ side, field, before, after }) => {
      const name = `${side === 'apigee' ? 'Apigee' : 'portal'} ${shortText(field, 80)}`;
      return `  ${name}: ${quoted(before)} → ${quoted(after)}\n`;
    })
    .join('');
}

function quoted(value: string | undefined): string {
  return value === undefined ? '–' : `"${shortText(value, 200)}"`;
}
