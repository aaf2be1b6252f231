import pMap from 'p-map';
import { combined } from '../../core/changes/combined.ts';
import type { Change } from '../../core/model/change.ts';
import type { PersonKey } from '../../core/model/email.ts';
import { actorName } from '../../core/model/link.ts';
import { changesOfPerson, type Changes } from '../../state/changes.ts';
import { undoPerson } from '../../sync/undo-person.ts';
import { nothingToUndo } from '../../sync/undo-result.ts';
import type { Again } from '../session.ts';
import { endWith, type BatchContext, type BatchEnd, type Denied } from './phase.ts';

/** Undoes for each of these people what an act changed (rule 35). `act`: its id, or that of one change. */
export async function undoPeople(
  { session, deps, report, mayBegin }: BatchContext,
  people: readonly PersonKey[],
  act: string,
): Promise<BatchEnd> {
  const left: PersonKey[] = [];
  let failure: Again | Denied | undefined;
  await pMap(
    people,
    async (key) => {
      if (failure !== undefined || !mayBegin()) {
        left.push(key);
        return;
      }
      const changes = await changesBy(session.changes, key, act);
      const undone =
        changes === undefined
          ? nothingToUndo(key)
          : await undoPerson(deps, { key, hints: [] }, combined(changes), session.hasApps);
      const { result, kept } = undone;
      if (result.disposition === 'denied') failure = { kind: 'denied', message: result.reason };
      else if (result.disposition === 'suspended')
        failure ??= { kind: 'again', reason: 'apigee', message: result.reason };
      else {
        report.add(key, result);
        report.kept += kept.length;
      }
    },
    { concurrency: deps.peopleAtOnce },
  );
  return failure ?? endWith(left);
}

/** What the act changed for one person, the earliest first; undefined: nothing that is still kept. */
async function changesBy(
  changes: Changes,
  key: PersonKey,
  act: string,
): Promise<readonly [Change, ...Change[]] | undefined> {
  const all = (await changesOfPerson(changes, key)) ?? [];
  const [first, ...later] = all.filter(({ by, id }) => actorName(by) === act || id === act);
  return first && [first, ...later];
}
