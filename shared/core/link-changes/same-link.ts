import type { Base, Link } from '../model/link.ts';
import { sameProfile } from '../model/profile.ts';

/** Whether two states of a link are the same in everything that matters: not in lease, times and last outcome. */
export function sameLink(before: Link | undefined, after: Link | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return (
    before.presence === after.presence &&
    before.userId === after.userId &&
    before.due === after.due &&
    sameList(before.rivals, after.rivals) &&
    before.developer?.email === after.developer?.email &&
    before.developer?.developerId === after.developer?.developerId &&
    sameBase(before.base, after.base) &&
    before.intents.length === after.intents.length &&
    before.deactivationIntent?.developerId === after.deactivationIntent?.developerId &&
    (before.undoIntent === undefined) === (after.undoIntent === undefined) &&
    sameList(before.undone ?? [], after.undone ?? []) &&
    before.tombstone?.undone === after.tombstone?.undone &&
    before.tombstone?.side === after.tombstone?.side &&
    before.tombstone?.deactivated === after.tombstone?.deactivated &&
    before.hold?.reason === after.hold?.reason &&
    before.failure?.message === after.failure?.message &&
    before.failure?.fingerprint === after.failure?.fingerprint &&
    before.history.length === after.history.length &&
    sameList(before.leftAlone ?? [], after.leftAlone ?? [])
  );
}

function sameBase(a: Base | undefined, b: Base | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.mapping === b.mapping && sameProfile(a.portal, b.portal) && sameProfile(a.developer, b.developer);
}

export function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}
