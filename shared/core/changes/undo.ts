import type { Change, FieldWrite, Side } from '../model/change.ts';
import type { ApigeeStep, PortalStep, Subject } from '../model/decision.ts';
import { canonicalEmail } from '../model/email.ts';
import type { Policy } from '../model/policy.ts';
import type { Kept } from './undo-fields.ts';
import { undoInApigee } from './undo-in-apigee.ts';
import { undoOnPortal } from './undo-on-portal.ts';
import { foundIn, writtenBy } from './written.ts';

/** What undoing a change comes to for one person as found now (rule 35). */
export interface UndoPlan {
  readonly apigee: readonly ApigeeStep[];
  readonly portal: PortalStep | undefined;
  /** What is written, with the values there are now and those that are put back. */
  readonly restored: readonly FieldWrite[];
  readonly kept: readonly Kept[];
  /** What the steps do to the link. */
  readonly end: UndoEnd;
  /** Something is left to put back on the portal once this is done: a document is written once at a time. */
  readonly isPart: boolean;
}

export type UndoEnd =
  | { readonly kind: 'as-is' }
  /** The bases of the sides that are written get the values that are put back. */
  | { readonly kind: 'restored' }
  /** What we had created on this side is deleted. */
  | { readonly kind: 'removed'; readonly side: Side };

export interface UndoExtra {
  /** Whether the developer has apps. Asked for only where creating the developer is to be undone. */
  readonly hasApps: boolean;
}

/**
 * What to do so that a person is as before `change`, which is all that one act changed for them. Each field by itself: one
 * that moved on since is kept and never overwritten.
 *
 * | what was done             | undo                                                                     |
 * | ------------------------- | ------------------------------------------------------------------------ |
 * | profile updated           | a field that is as it was left gets the value before; any other is kept  |
 * | status set                | set back, if it still is so                                              |
 * | email, user name changed  | kept                                                                     |
 * | developer created         | deleted, if unchanged and without apps; else kept                        |
 * | portal user created       | deleted, if unchanged and no password was chosen; else kept              |
 * | deleted                   | cannot come back                                                         |
 * | a field that cannot be read on the portal now | kept on both sides (rule 18)                         |
 */
export function planUndo(subject: Subject, change: Change, extra: UndoExtra, policy: Policy): UndoPlan {
  const nothing = { apigee: [], portal: undefined, restored: [], end: { kind: 'as-is' }, isPart: false } as const;
  const acted = (['portal', 'apigee'] as const).filter((side) => change.acts[side] !== undefined);
  const why = keepsAll(subject, change, policy);
  if (why !== undefined) return { ...nothing, kept: acted.map((side) => ({ side, field: 'record', why })) };

  const inApigee = undoInApigee(subject, change, extra.hasApps, policy);
  const onPortal = undoOnPortal(subject, change);
  const [portal, ...later] = onPortal.steps;
  const kept = [...onPortal.kept, ...inApigee.kept];
  if (portal === undefined && inApigee.steps.length === 0) return { ...nothing, kept };
  const steps = { apigee: inApigee.steps, portal };
  const removed = inApigee.removes ? 'apigee' : onPortal.removes ? 'portal' : undefined;
  return {
    ...steps,
    restored: writtenBy(foundIn(subject), steps, policy).fields,
    kept,
    end: removed === undefined ? { kind: 'restored' } : { kind: 'removed', side: removed },
    isPart: later.length > 0,
  };
}

/** Whether the undo would delete the developer, so that their apps matter. */
export function mayDeleteDeveloper({ developer }: Subject, { acts }: Change): boolean {
  return acts.apigee === 'created' && developer.kind === 'developer';
}

/** Why nothing of the change is undone, whatever the fields are. */
function keepsAll({ key, link, portal, developer }: Subject, change: Change, policy: Policy): string | undefined {
  const email = canonicalEmail(key);
  if (email !== undefined && !policy.inScope(email)) return 'PORTAL_FILTER does not select this email any more';
  if (change.mapping !== policy.mapping) return 'the mapping has changed since';
  if (portal.kind === 'collision' || developer.kind === 'collision')
    return 'several records have this email: change or delete all but one first';
  if (portal.kind === 'malformed') return 'the portal document cannot be read: mend it first';
  // Without a base nothing would keep the two apart, and the next run would copy one over the other (rule 4).
  const isTogether = portal.kind === 'user' && developer.kind === 'developer';
  const isUpdate = change.acts.portal === 'updated' || change.acts.apigee === 'updated';
  if (isTogether && isUpdate && link?.base === undefined)
    return 'the portal user and the developer have not been in step since';
  return undefined;
}
