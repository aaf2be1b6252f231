import type { WriteAnswer } from '../../api/answers/person.ts';
import type { ChangedPerson as PersonAnswer } from '../../api/answers/plans.ts';
import { linkId } from '../../../shared/core/model/email.ts';
import type { FieldWrite } from '../../../shared/core/model/change.ts';
import type { ChangedPerson } from '../../../shared/operator/views/changed-people.ts';
import { doneWords, situationWords } from '../../../shared/operator/words/results.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';

/** What was written, or would be. `showsValues`: whether whoever asks may see them. */
export function writeAnswers(fields: readonly FieldWrite[], showsValues: boolean): readonly WriteAnswer[] {
  return fields.map(({ side, field, before, after }) => ({
    side,
    field,
    values: showsValues ? { before: before ?? null, after: after ?? null } : null,
  }));
}

export function changedPerson(
  { change, kind, outcome }: ChangedPerson,
  { dryRun, showsValues }: { readonly dryRun: boolean; readonly showsValues: boolean },
): PersonAnswer {
  const { key, situation, reason, fields } = change;
  return {
    id: linkId(key),
    key,
    kind,
    outcome,
    outcomeWords: doneWords(outcome, dryRun),
    situation,
    situationWords: situationWords(situation),
    reason: safeText(reason),
    writes: writeAnswers(fields, showsValues),
  };
}
