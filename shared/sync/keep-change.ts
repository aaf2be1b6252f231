import { noteOfChange, type ChangeNote } from '../core/changes/note.ts';
import type { Change } from '../core/model/change.ts';
import type { Decision, Subject } from '../core/model/decision.ts';
import type { Developer } from '../core/model/profile.ts';
import { newChangeId } from '../state/change-document.ts';
import type { SyncDeps } from './deps.ts';

type Keeping = Pick<SyncDeps, 'by' | 'now' | 'newId' | 'policy'>;

/**
 * Makes the change to be kept of a person whose decision is recorded (rule 34): none where nobody was changed. `developer` as
 * Apigee left them. Pure once made, so that a transaction may ask again; `userId`: of a portal user who is created.
 */
export function keeperOf(
  deps: Keeping,
  subject: Subject,
  developer: Developer | undefined,
): (decision: Decision, userId?: string) => readonly Change[] {
  const at = deps.now();
  let id: string | undefined;
  return (decision, userId) => {
    const note = noteOfChange(subject, decision, deps.policy);
    if (note === undefined) return [];
    id ??= newChangeId(at, deps.newId());
    // Who is created again has another id than the link knows.
    const { portal, apigee } = note.acts;
    const [user, made] = [portal === 'created' ? userId : undefined, apigee === 'created' ? developer : undefined];
    return [
      {
        ...note,
        id,
        by: deps.by,
        at,
        userId: user ?? note.userId ?? userId,
        developerId: made?.developerId ?? note.developerId ?? developer?.developerId,
      },
    ];
  };
}

/** A change that is kept by itself. */
export function changeOf({ by, now, newId }: Omit<Keeping, 'policy'>, note: ChangeNote): Change {
  const at = now();
  return { ...note, id: newChangeId(at, newId()), by, at };
}
