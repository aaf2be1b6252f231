import { combined } from '../../core/changes/combined.ts';
import type { Change } from '../../core/model/change.ts';
import type { PersonKey } from '../../core/model/email.ts';
import { actorName } from '../../core/model/link.ts';
import { changesOfPerson, type Changes } from '../../state/changes.ts';
import { undoPerson } from '../../sync/undo-person.ts';
import { nothingToUndo } from '../../sync/undo-result.ts';
import { workOnEach } from '../work-on-each.ts';
import { endWith, type BatchContext, type BatchEnd } from './phase.ts';

/** Undoes for each of these people what an act had changed `until` then, ms (rule 35). `act`: its id, or that of one change. */
export async function undoPeople(
  { session, deps, report, mayBegin }: BatchContext,
  people: readonly PersonKey[],
  act: string,
  until = Infinity,
): Promise<BatchEnd> {
  const worked = await workOnEach(
    people,
    { peopleAtOnce: deps.peopleAtOnce, mayBegin },
    async (key) => {
      const changes = await changesBy(session.changes, key, act, until);
      if (changes === undefined) return nothingToUndo(key);
      return undoPerson(deps, { key, hints: [] }, combined(changes), session.hasApps);
    },
    (key, { result, kept }) => report.add(key, result, kept.length),
  );
  return worked.kind === 'worked' ? endWith(worked.left) : worked;
}

/** What the act changed for one person, the earliest first; undefined: nothing that is still kept. */
async function changesBy(
  changes: Changes,
  key: PersonKey,
  act: string,
  until: number,
): Promise<readonly [Change, ...Change[]] | undefined> {
  const all = (await changesOfPerson(changes, key)) ?? [];
  const [first, ...later] = all.filter(({ by, id, at }) => at <= until && (actorName(by) === act || id === act));
  return first && [first, ...later];
}
