import { isUnreadable } from '../decide/left-alone.ts';
import type { FieldWrite, Side } from '../model/change.ts';
import type { Subject } from '../model/decision.ts';
import {
  attributeName,
  valueOf,
  type FieldChange,
  type FieldName,
  type Profile,
  type Status,
  type WrittenField,
} from '../model/profile.ts';

/** What stays as it is. `record`: the whole side. */
export interface Kept {
  readonly side: Side;
  readonly field: WrittenField | 'record';
  /** A sentence for people, without values. */
  readonly why: string;
  /** The value is the one that the undo would put back: perhaps it did so before. */
  readonly isAsBefore?: true;
}

/** What is undone on one side. */
export interface SideUndo<Step> {
  readonly steps: readonly Step[];
  readonly kept: readonly Kept[];
  readonly removes: boolean;
}

/** What of one side's fields can be put back. */
export interface Restorable {
  readonly changes: readonly FieldChange[];
  readonly status: Status | undefined;
  readonly kept: readonly Kept[];
}

/** Weighs each field of a side whose record was updated against what the record has `now`. */
export function restorable(
  side: Side,
  fields: readonly FieldWrite[],
  now: Profile,
  found: Pick<Subject, 'portal'>,
): Restorable {
  const changes: FieldChange[] = [];
  const kept: Kept[] = [];
  let status: Status | undefined;
  for (const write of fields) {
    if (write.side !== side) continue;
    const { field, before, held } = write;
    const keep = (why: string): number =>
      kept.push({ side, field, why, ...(why === asBefore ? { isAsBefore: true } : {}) });
    if (field === 'email') keep('an email change is not undone: change it back by hand');
    else if (field === 'userName') keep('a user name is not undone');
    else if (field === 'status') {
      const why = whyKept(write, now.status);
      if (why !== undefined) keep(why);
      else if (before !== 'active' && before !== 'inactive') keep('the status before cannot be set');
      else status = before;
    } else {
      const why =
        (isUnreadable(field, found) ? leftAlone : undefined) ??
        whyKept(write, valueOf(now, field)) ??
        (isLostName(field, before) ? 'a name cannot be removed' : undefined);
      if (why === undefined) changes.push({ field, value: before, ...(held === undefined ? {} : { held }) });
      else keep(why);
    }
  }
  return { changes, status, kept };
}

/** What was kept because the whole side is. */
export function keptRecord(side: Side, why: string): Kept {
  return { side, field: 'record', why };
}

/** Whether a record that we created has just the values that it was created with. */
export function isAsCreated(
  side: Side,
  fields: readonly FieldWrite[],
  {
    email,
    userName,
    profile,
  }: { readonly email: string; readonly userName: string | undefined; readonly profile: Profile },
): boolean {
  const own = fields.filter((write) => write.side === side);
  // The mapping may name no field for these, and then the portal user was created without.
  const isUnnamed = (value: string | undefined): boolean => side === 'portal' && value === undefined;
  const isSame = own.every(({ field, after }) => {
    if (field === 'email') return after === email;
    if (field === 'userName') return after === userName || isUnnamed(userName);
    if (field === 'status') return after === profile.status || isUnnamed(profile.status);
    return after === valueOf(profile, field);
  });
  const known = new Set<string>(own.map(({ field }) => field));
  return isSame && [...profile.attributes.keys()].every((name) => known.has(`attributes.${name}`));
}

const leftAlone = 'it cannot be read on the portal, and is left alone on both sides: mend it there first';
const movedOn = 'it has been changed since';
const asBefore = 'it is as it was before already';

function whyKept({ before, after }: FieldWrite, now: string | undefined): string | undefined {
  if (now === after) return undefined;
  return now === before ? asBefore : movedOn;
}

function isLostName(field: FieldName, before: string | undefined): boolean {
  return attributeName(field) === undefined && before === undefined;
}
