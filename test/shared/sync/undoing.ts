import { combined } from '../../../shared/core/changes/combined.ts';
import type { Change } from '../../../shared/core/model/change.ts';
import type { CanonicalEmail } from '../../../shared/core/model/email.ts';
import { actorName } from '../../../shared/core/model/link.ts';
import { batchAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { undoPerson } from '../../../shared/sync/undo-person.ts';
import type { Undone } from '../../../shared/sync/undo-result.ts';
import type { InProcess } from '../../support/in-process.ts';
import { ann } from './ann.ts';

/** What the last act changed for a person. */
export async function lastChange(world: InProcess, key: CanonicalEmail = ann): Promise<Change> {
  const [newest, ...rest] = await world.services.changes.ofPerson(key, { before: undefined, limit: 100 });
  if (newest === undefined) throw new Error('nothing was changed');
  const hasId = newest.by.kind === 'run' || newest.by.kind === 'operator';
  const same = hasId ? rest.filter(({ by }) => actorName(by) === actorName(newest.by)) : [];
  const [first = newest, ...later] = [newest, ...same].toReversed();
  return combined([first, ...later]);
}

/** Undoes it, as an operator's run of this id. */
export async function undo(world: InProcess, change: Change, runId = 'undo-1'): Promise<Undone> {
  const session = openSession(world.services, batchAllowance);
  const by = { kind: 'run', runId } as const;
  const hasApps = async (email: string): Promise<boolean> => {
    const answer = await world.apps.of(email);
    if (!answer.ok) throw new Error(answer.error.message);
    return (answer.value ?? []).length > 0;
  };
  return undoPerson({ ...session, by, gate: { kind: 'open' } }, { key: change.key, hints: [] }, change, hasApps);
}

export async function undoLast(world: InProcess, runId?: string): Promise<Undone> {
  return undo(world, await lastChange(world), runId);
}

/** How many writes a further full run makes. */
export async function writesOfRun(world: InProcess): Promise<number | undefined> {
  return (await world.run()).totals?.traffic.writes;
}
