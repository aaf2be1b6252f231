import type { Change } from '../../core/model/change.ts';
import type { PersonKey } from '../../core/model/email.ts';
import type { Services } from '../../wiring/services.ts';

/** A change, and who did it by hand. */
export interface ShownChange extends Change {
  /** Name of the operator; undefined where it was none, or where nobody knows any more. */
  readonly operator: string | undefined;
}

/** So many changes of one person are shown. */
const most = 20;

/** What was changed last for a person, as long as it is kept (rule 34), the newest first. */
export async function lastChanges(
  { changes, audit }: Pick<Services, 'changes' | 'audit'>,
  key: PersonKey,
): Promise<readonly ShownChange[]> {
  const found = await changes.ofPerson(key, { before: undefined, limit: most });
  const records = found.some(({ by }) => by.kind === 'operator') ? await audit.ofPerson(key) : [];
  const names = new Map(records.map(({ actionId, operator }) => [actionId, operator.name]));
  return found.map((change) => ({
    ...change,
    operator: change.by.kind === 'operator' ? names.get(change.by.actionId) : undefined,
  }));
}
