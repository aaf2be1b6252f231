import type { FieldWrite, Side } from '../model/change.ts';
import type { UndoPlan } from '../changes/undo.ts';
import { contentFingerprint } from '../decide/fingerprint.ts';
import { stillApart, withValues } from '../decide/undone.ts';
import type { DeveloperSide, Subject } from '../model/decision.ts';
import type { Base, Lease, Link, Tombstone, UndoIntent } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import type { Developer } from '../model/profile.ts';
import { referenceTo, written } from './settled.ts';

/** The link as leased by somebody who pushes nothing of the portal's. */
export function leasedToUndo(link: Link, _: Pick<Subject, 'portal'>, lease: Lease): Link {
  return { ...link, lease };
}

/**
 * The link before an undo's calls to Apigee: whoever reads it after a crash can tell what is found there from an edit, and
 * a developer whom we deleted from one whom somebody else did (rules 24, 28).
 */
export function undoNoted(link: Link, side: DeveloperSide, plan: UndoPlan, policy: Policy): Link {
  const { apigee, restored, end } = plan;
  const developerId = side.kind === 'developer' ? side.developer.developerId : link.developer?.developerId;
  if (apigee.length === 0 || developerId === undefined) return link;
  const put = apigee.find(({ kind }) => kind === 'update');
  const left =
    put?.kind === 'update' && side.kind === 'developer'
      ? { ...written(link, side, side.developer, policy), content: contentFingerprint(put.developer) }
      : undefined;
  const undoIntent: UndoIntent = {
    developerId,
    deletes: end.kind === 'removed' && end.side === 'apigee',
    fields: of('apigee', restored),
    written: left,
  };
  return { ...link, undoIntent };
}

/** The link once an undo is carried out; `developer` as Apigee left them. The lease is another's to end. */
export function undone(
  link: Link,
  subject: Subject,
  { apigee, restored, end }: Pick<UndoPlan, 'apigee' | 'restored' | 'end'>,
  developer: Developer | undefined,
  policy: Policy,
  now: number,
): Link {
  switch (end.kind) {
    case 'as-is':
      return link;
    case 'removed':
      return removed(link, subject, end.side, now);
    case 'restored': {
      const base = link.base && withBase(link.base, restored);
      const isTheirs = developer !== undefined && link.developer?.developerId === developer.developerId;
      const left = isTheirs && apigee.length > 0 ? written(link, subject.developer, developer, policy) : undefined;
      return {
        ...link,
        base,
        undone: stillApart([...(link.undone ?? []), ...restored.map(({ field }) => field)], base),
        undoIntent: undefined,
        developer:
          left === undefined ? link.developer : { ...referenceTo(developer as Developer, link, policy), written: left },
        tombstone: reactivated(link.tombstone, developer),
      };
    }
  }
}

/**
 * The base of each written side gets the values that were put back, and nothing else changes: the next run finds neither side
 * changed by the undo, and an edit that was not synchronised yet still differs from its base (rules 10, 11).
 */
function withBase(base: Base, restored: readonly FieldWrite[]): Base {
  return {
    ...base,
    portal: withValues(base.portal, of('portal', restored)),
    developer: withValues(base.developer, of('apigee', restored)),
  };
}

function of(side: Side, restored: readonly FieldWrite[]): UndoIntent['fields'] {
  return restored.filter((write) => write.side === side).map(({ field, before, after }) => ({ field, before, after }));
}

/** A developer who is active again is not inactive by our doing any more (rule 28). */
function reactivated(tombstone: Tombstone | undefined, developer: Developer | undefined): Tombstone | undefined {
  const isActive = tombstone?.deactivated === true && developer !== undefined && developer.status !== 'inactive';
  return isActive ? { ...tombstone, deactivated: false } : tombstone;
}

/** The other side stays alone, and held: no run creates again what the undo deleted. */
function removed(link: Link, { portal, developer: side }: Subject, gone: Side, now: number): Link {
  const known = side.kind === 'developer' ? side.developer : undefined;
  // One "not found" proves nothing about a developer whom the link knows (rule 29).
  const isLeft = gone === 'apigee' ? portal.kind === 'user' : (known ?? link.developer) !== undefined;
  const what = gone === 'apigee' ? 'the developer' : 'the portal user';
  const detail = `creating ${what} was undone: it is created again once that is released`;
  const { developerId = link.developer?.developerId, lastModifiedAt: modifiedAt = link.developer?.modifiedAt } =
    known ?? {};
  const userId = gone === 'apigee' && portal.kind === 'user' ? portal.user.id : undefined;
  return {
    ...link,
    presence: !isLeft ? 'none' : gone === 'apigee' ? 'portal' : 'apigee',
    userId,
    rivals: link.rivals.filter((id) => id !== userId),
    developer: gone === 'portal' && isLeft ? link.developer : undefined,
    base: undefined,
    intents: [],
    deactivationIntent: undefined,
    undoIntent: undefined,
    undone: undefined,
    owesDeletion: undefined,
    failure: undefined,
    hold: isLeft ? { reason: 'undone', detail, since: now } : undefined,
    tombstone: {
      side: !isLeft ? 'both' : gone === 'apigee' ? 'developer' : 'portal',
      at: now,
      developerId,
      modifiedAt,
      deactivated: false,
      undone: isLeft ? true : undefined,
    },
  };
}
