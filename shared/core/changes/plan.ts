import type { Change, FieldWrite } from '../model/change.ts';
import { destroys } from '../model/change.ts';
import type { ChangeNote } from './note.ts';

/** What is planned for a person, at its gravest: by it people choose what to apply. */
export const planKinds = ['create', 'update', 'deactivate', 'delete'] as const;
export type PlanKind = (typeof planKinds)[number];

export function planKindOf({ acts, fields }: Pick<Change, 'acts' | 'fields'>): PlanKind {
  if (acts.portal === 'deleted' || acts.apigee === 'deleted') return 'delete';
  if (destroys({ acts, fields }) && acts.apigee === 'updated') return 'deactivate';
  return acts.portal === 'created' || acts.apigee === 'created' ? 'create' : 'update';
}

/**
 * Whether what would be done now is what was planned (rule 36): the same situation, on the same records, with the same values
 * before and after. `now`: undefined where nothing would be changed.
 */
export function isAsPlanned(planned: Change, now: ChangeNote | undefined): boolean {
  if (now === undefined || now.key !== planned.key || now.situation !== planned.situation) return false;
  if (now.acts.portal !== planned.acts.portal || now.acts.apigee !== planned.acts.apigee) return false;
  if (now.destructive !== planned.destructive || now.mapping !== planned.mapping) return false;
  // The id of a record that is created is known only afterwards.
  if (planned.acts.portal !== 'created' && now.userId !== planned.userId) return false;
  if (planned.acts.apigee !== 'created' && now.developerId !== planned.developerId) return false;
  return sorted(planned.fields) === sorted(now.fields);
}

/** The planned writes of one person in one form: what a plan's hash is made of. */
export function planText({ key, situation, acts, fields, destructive, userId, developerId, mapping }: Change): string {
  const ids = [
    acts.portal === 'created' ? null : (userId ?? null),
    acts.apigee === 'created' ? null : (developerId ?? null),
  ];
  return JSON.stringify([
    key,
    situation,
    acts.portal ?? null,
    acts.apigee ?? null,
    ids,
    destructive,
    mapping,
    sorted(fields),
  ]);
}

function sorted(fields: readonly FieldWrite[]): string {
  const texts = fields.map(({ side, field, before, after }) =>
    JSON.stringify([side, field, before ?? null, after ?? null]),
  );
  return texts.sort().join('\n');
}
