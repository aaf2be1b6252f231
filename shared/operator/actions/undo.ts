import type { PersonKey } from '../../core/model/email.ts';
import { actorName } from '../../core/model/link.ts';
import { changesOfPerson } from '../../state/changes.ts';
import type { Services } from '../../wiring/services.ts';
import type { Refused } from '../words/refusals.ts';
import { audited, type Acting } from './audited.ts';
import { refusedOfState, refusedToAct } from './own-state.ts';
import { beginChosen, newActionId } from './request-run.ts';

export interface UndoOrder {
  /** The id of a run or of an operator's action; with `people`, also that of one change, or `push`. */
  readonly act: string;
  /** Empty: everybody whom the act changed. */
  readonly people: readonly PersonKey[];
  /** Only says what would be put back. */
  readonly dryRun: boolean;
  /** Only what was changed until then, ms: when the dry run that showed it began. Without: until this run begins. */
  readonly until?: number | undefined;
}

/**
 * Undoes what an act changed (rule 35): a run of its own. Who undoes has seen by a dry run of it what is put back and what
 * it destroys: the limits of rule 16 hold it up no further.
 */
export async function undoAct(
  services: Services,
  acting: Acting,
  { act, people, dryRun, until }: UndoOrder,
): Promise<{ readonly kind: 'asked'; readonly runId: string } | Refused> {
  const refused = await (dryRun ? refusedOfState(services) : refusedToAct(services));
  if (refused !== undefined) return refused;
  if (!(await isKept(services, act, people))) return { kind: 'refused', reason: { kind: 'undo-nothing', act } };
  const runId = newActionId('undo', services.clock.now());
  const fields = dryRun ? ['dry run'] : [];
  const intended = { action: 'undo', actionId: runId, runId, fields, people: people.length || undefined } as const;
  await audited(services, acting, intended, async () => {
    const chosen = { plan: undefined, undo: act, until, people, kinds: [] };
    await beginChosen(services, runId, { mode: 'undo', dryRun, reason: acting.reason, chosen });
    return { result: undefined, end: { state: 'done', words: 'the undo was begun' } };
  });
  return { kind: 'asked', runId };
}

/** Whether anything is kept of what the act changed. */
async function isKept({ changes }: Services, act: string, people: readonly PersonKey[]): Promise<boolean> {
  if (people.length === 0) return (await changes.by(act, { after: undefined, limit: 1 })).length > 0;
  for (const key of people) {
    const all = (await changesOfPerson(changes, key)) ?? [];
    if (all.some(({ by, id }) => actorName(by) === act || id === act)) return true;
  }
  return false;
}
