import { outcomeOf } from '../../core/changes/outcome.ts';
import type { FieldWrite } from '../../core/model/change.ts';
import { actorName } from '../../core/model/link.ts';
import type { ShownChange } from '../views/person-changes.ts';
import { isoTime } from './report.ts';

/** What was changed for a person, for scripts. `by`: the id of a run or an operator's action, or `push` or `pull`. */
export function toChangeJson({ at, by, operator, situation, acts, reason, fields }: ShownChange): object {
  return {
    at: isoTime(at),
    by: actorName(by),
    operator: operator ?? null,
    situation,
    outcome: outcomeOf(acts),
    reason,
    fields: fields.map(toFieldJson),
  };
}

/** One field of one side; null stands for no value. */
export function toFieldJson({ side, field, before, after }: FieldWrite): object {
  return { side, field, before: before ?? null, after: after ?? null };
}
