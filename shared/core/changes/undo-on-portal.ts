import type { Change } from '../model/change.ts';
import type { PortalStep, Subject } from '../model/decision.ts';
import type { BoundUser } from '../decide/parts.ts';
import { portalProblem, storageProblem } from '../model/limits.ts';
import { withChanges, type PortalUser } from '../model/profile.ts';
import { isAsCreated, keptRecord, restorable, type SideUndo } from './undo-fields.ts';

/** What is undone on the portal. */
export function undoOnPortal({ portal }: Subject, change: Change): SideUndo<PortalStep> {
  const act = change.acts.portal;
  if (act === undefined) return { steps: [], kept: [], removes: false };
  if (act === 'deleted')
    return kept('a deleted portal user cannot come back, nor can the password: they have to register again');
  if (portal.kind !== 'user') return kept('there is no portal user any more');
  const { user } = portal;
  if (change.userId !== undefined && change.userId !== user.id) return kept('the portal user is another one by now');
  return act === 'created' ? undoCreation(user, change) : undoUpdate(portal, change);
}

/** Rule 6: as long as a new password has to be chosen, nobody has used the account. */
function undoCreation(user: PortalUser, { fields, userId }: Change): SideUndo<PortalStep> {
  if (user.passwordResetRequired === undefined)
    return kept('PORTAL_MAPPING names no passwordResetRequired, so that nobody can tell whether the account is in use');
  if (!user.passwordResetRequired) return kept('a password has been chosen: the account is in use');
  // What cannot be read was not written by us.
  if (userId === undefined || user.unreadable !== undefined || !isAsCreated('portal', fields, user))
    return kept('the portal user has been changed since');
  return { steps: [{ kind: 'delete', id: user.id }], kept: [], removes: true };
}

function undoUpdate(portal: BoundUser, { fields }: Change): SideUndo<PortalStep> {
  const { id, profile } = portal.user;
  const { changes, status, kept: keptFields } = restorable('portal', fields, profile, { portal });
  const problem = storageProblem(withChanges(profile, changes)) ?? portalProblem(changes);
  const update: readonly PortalStep[] =
    changes.length === 0 || problem !== undefined ? [] : [{ kind: 'update', id, changes }];
  const set: readonly PortalStep[] = status === undefined ? [] : [{ kind: 'set-status', id, status }];
  const unfit =
    problem === undefined ? [] : changes.map(({ field }) => ({ side: 'portal', field, why: problem }) as const);
  return { steps: [...update, ...set], kept: [...keptFields, ...unfit], removes: false };
}

function kept(why: string): SideUndo<PortalStep> {
  return { steps: [], kept: [keptRecord('portal', why)], removes: false };
}
