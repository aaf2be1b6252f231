import type { Developer } from '../../../shared/core/model/profile.ts';
import type { StoredDocument } from '../../../shared/state/in-memory/collection.ts';
import {
  developerValue,
  directionOf,
  fieldName,
  fields,
  isName,
  isReadable,
  portalValue,
  type Field,
  type Side,
} from './fields.ts';
import { existenceOf, isPutBack, lastEdit, type Entry } from './ledger.ts';
import type { Person } from './snapshot.ts';
import { isInStep, isUndisturbed, mayGoUnheard, type Case } from './case.ts';
import type { World } from './world.ts';

type Values = Readonly<Record<Side, string | undefined>>;

/**
 * Both sides agree on what goes both ways. An attribute may be missing on one side: a first contact and a whole-record
 * copy set and never remove (rule 4).
 */
export function judgeAgreement({ world, after, fail }: Case): void {
  for (const field of fields) {
    if (directionOf(field, world.settings.mapping) !== 'both') continue;
    const { portal, apigee } = valuesOf(world, after, field);
    const isMissing = !isName(field) && (portal === undefined || apigee === undefined);
    const isApart = after.link?.undone?.includes(fieldName(field)) === true && wasPutBack(world, after.email, field);
    if (portal !== apigee && !isMissing && !isApart) fail(`${field} differs`);
    if (portal === apigee && isApart) fail(`${field} is told to differ, and does not`);
  }
}

/** In this round or before: what differs on purpose does so until somebody edits it, also under another email (rule 35). */
function wasPutBack({ operations, settings, database }: World, email: string, field: Field): boolean {
  if (operations.handedOn.has(email)) return true;
  // Where values repeat, somebody may set the very one that an undo was about to, of which nobody has heard.
  const runs = [...database.runs.runs.values()];
  if (!settings.unique && runs.some(({ mode, totals }) => mode === 'undo' && (totals?.counts.failed ?? 0) > 0))
    return true;
  return operations.writes.some(
    (write) => write.email === email && write.field === field && write.run?.mode === 'undo',
  );
}

/** What became of every edit (rules 10, 11). */
export function judgeEdits(found: Case): void {
  const { world, email } = found;
  const exact = isUndisturbed(found) || isNewcomer(found);
  if (!exact || world.ledger.raced.has(email)) return;
  for (const field of fields) judgeField(found, field);
}

/**
 * Who was deleted on the portal and registered again, while nobody edited anything in Apigee, has the names of the new
 * registration on both sides: what our own calls do to a developer's time is no edit (rules 10, 23).
 */
export function judgeRegistration({ world, email, before, after, fail }: Case): void {
  const { ledger } = world;
  const [left, back, ...more] = existenceOf(ledger, email);
  const isBack = left?.kind === 'delete' && left.side === 'portal' && back?.kind === 'create' && back.side === 'portal';
  if (!isBack || more.length > 0 || !isInStep(before) || before.users.length > 1) return;
  if (ledger.operated.has(email) || isPutBack(ledger, email)) return;
  for (const field of ['firstName', 'lastName'] as const) {
    const said = lastEdit(ledger, email, 'portal', field)?.value;
    const { portal, apigee } = valuesOf(world, after, field);
    if (said !== undefined && (portal !== said || apigee !== said))
      fail(`${field} of a new registration gave way to the deleted one's`);
  }
}

/**
 * Created on one side only, of a name nobody had before: everything about them is an edit of that side. What the product
 * made of them on the other, unheard, and somebody edited there at once, nobody can tell from a stranger's.
 */
function isNewcomer({ world, email, before }: Case): boolean {
  const [event, ...more] = existenceOf(world.ledger, email);
  const isUnknown = before.users.length + before.developers.length === 0 && before.link === undefined;
  if (!isUnknown || event?.kind !== 'create' || more.length > 0) return false;
  return !mayGoUnheard(world) || !isEdited(world, email, event.side === 'portal' ? 'apigee' : 'portal');
}

function judgeField(found: Case, field: Field): void {
  const { world, email, before, after, fail } = found;
  const was = valuesOf(world, before, field);
  const is = valuesOf(world, after, field);
  const edits = {
    portal: lastEdit(world.ledger, email, 'portal', field),
    apigee: lastEdit(world.ledger, email, 'apigee', field),
  };
  const wholeRecords =
    world.settings.conflict === 'newest-record' && isEdited(world, email, 'portal') && isEdited(world, email, 'apigee');
  if (wholeRecords) return;
  if (isPutBack(world.ledger, email, field)) return judgePutBack(found, field, was, is);
  const direction = directionOf(field, world.settings.mapping);
  for (const side of ['portal', 'apigee'] as const) {
    const allowed = allowedAt(side, was, edits, direction);
    // What could not be read is in step with nothing: once it can, Apigee's value comes over (rules 4, 18).
    if (side === 'portal' && isUnreadable(world, before, field)) allowed.add(was.apigee);
    if (!allowed.has(is[side]))
      fail(
        `${field}: ${show(is[side])} on side ${side} is nobody's last edit (${[...allowed].map(show).join(' or ')})`,
      );
  }
  if (edits.portal !== undefined && edits.apigee !== undefined && direction === 'both' && world.settings.unique)
    judgeConflict(found, field, was, edits.portal, edits.apigee);
}

/**
 * Rule 35: what an undo has put back ends as that, or as somebody's edit; and no edit is swallowed by it, but one that was
 * undone itself.
 */
function judgePutBack(found: Case, field: Field, was: Values, is: Values): void {
  const { world, email, after, fail } = found;
  const { entries, putBack } = world.ledger;
  const undone = putBack.filter((write) => write.email === email && write.field === field);
  const edits = entries.filter((entry) => entry.by === 'people' && entry.email === email && entry.field === field);
  for (const side of ['portal', 'apigee'] as const) {
    const own = undone.filter((write) => write.side === side);
    const allowed = new Set([...edits, ...own].map(({ value }) => value)).add(was[side]);
    if (!allowed.has(is[side]))
      fail(`${field}: ${show(is[side])} on side ${side} is neither put back nor anybody's edit`);
    const edit = edits.findLast((entry) => entry.side === side);
    if (edit === undefined || directionOf(field, world.settings.mapping) !== 'both' || !isSure(world)) continue;
    const isUndone = undone.some(({ before }) => before === edit.value);
    if (edit.value === was[side] || isUndone || isBack(world, edit, was) || isKept(after, edit)) continue;
    if (!isDelivered(world, edit, was, Infinity) && !isTwin(world, edit))
      fail(`${field}: ${show(edit.value)} of side ${side} is lost by an undo`);
  }
}

function isSure({ settings }: World): boolean {
  return settings.unique && settings.conflict === 'merge';
}

/** Which values a side may end with. */
function allowedAt(
  side: Side,
  was: Values,
  edits: Readonly<Record<Side, Entry | undefined>>,
  direction: ReturnType<typeof directionOf>,
): Set<string | undefined> {
  const other = side === 'portal' ? 'apigee' : 'portal';
  const own = edits[side];
  const arrives = direction === 'both' || direction === (side === 'portal' ? 'to-portal' : 'to-apigee');
  const foreign = arrives ? edits[other] : undefined;
  const allowed = new Set<string | undefined>();
  if (foreign !== undefined) allowed.add(foreign.value);
  // Edited and back again before anybody looked: nothing to bring over.
  if (foreign === undefined || foreign.value === was[other]) allowed.add(own === undefined ? was[side] : own.value);
  if (own !== undefined) allowed.add(own.value);
  return allowed;
}

/** A removal on both sides: nobody can tell one of ours whose answer was not heard from somebody's. */
function isTwin({ ledger }: World, { side, email, field, value }: Entry): boolean {
  const isOther = (other: Entry): boolean =>
    other.by === 'people' && other.side !== side && other.email === email && other.field === field;
  return value === undefined && ledger.entries.some((other) => isOther(other) && other.value === undefined);
}

/** Edited, and back to what the other side had taken before: nothing to bring over. */
function isBack(world: World, edit: Entry, was: Values): boolean {
  const isEarlier = (other: Entry): boolean =>
    other.side === edit.side && other.email === edit.email && other.field === edit.field && other.at < edit.at;
  return world.ledger.entries.some(
    (other) => isEarlier(other) && other.value === edit.value && isDelivered(world, other, was, edit.at),
  );
}

/**
 * Rule 11: an edit that was made knowing the other one wins; of two that knew nothing of each other one is kept. Where a
 * push could not be recorded the product cannot know either: then the other is in the history.
 */
function judgeConflict(found: Case, field: Field, was: Values, portal: Entry, apigee: Entry): void {
  const { world, after, fail } = found;
  const final = valuesOf(world, after, field).portal;
  for (const edit of [portal, apigee]) {
    if (edit.value === final || edit.value === was[edit.side] || isBack(world, edit, was) || isKept(after, edit))
      continue;
    const other = edit === portal ? apigee : portal;
    if (edit.at > other.at && isDelivered(world, other, was, edit.at))
      fail(`${field}: ${show(edit.value)} was made after ${show(other.value)} had arrived, and is lost`);
    if (world.settings.conflict === 'merge' && !isDelivered(world, edit, was, Infinity) && !isTwin(world, edit))
      fail(`${field}: ${show(edit.value)} of side ${edit.side} is lost without a trace`);
  }
}

function isKept({ link }: Person, { field, side, value }: Entry): boolean {
  const name = fieldName(field);
  return link?.history.some((lost) => lost.field === name && lost.side === side && lost.value === value) === true;
}

/** Whether the other side had the edit's value when it was made, or took it before `until`, by the product or not. */
function isDelivered({ ledger }: World, edit: Entry, was: Values, until: number): boolean {
  const other = edit.side === 'portal' ? 'apigee' : 'portal';
  const entries = ledger.entries.filter(
    ({ side, email, field }) => side === other && email === edit.email && field === edit.field,
  );
  const present = entries.findLast(({ at }) => at <= edit.at);
  if ((present === undefined ? was[other] : present.value) === edit.value) return true;
  return entries.some(({ value, at }) => value === edit.value && at > edit.at && at < until);
}

/** Rule 4: whoever was on both sides before us, and was left alone since, has the newer record on the older side. */
export function judgeFirstContact({ world, email, before, after, fail }: Case): void {
  const [user] = before.users;
  const [developer] = before.developers;
  if (before.link !== undefined || user === undefined || developer === undefined) return;
  if (world.ledger.touched.has(email) || isPutBack(world.ledger, email)) return;
  const newer: Side = updatedAt(user) > developer.lastModifiedAt ? 'portal' : 'apigee';
  const older = newer === 'portal' ? 'apigee' : 'portal';
  for (const field of fields) {
    const was = valuesOf(world, before, field);
    const is = valuesOf(world, after, field);
    const direction = directionOf(field, world.settings.mapping);
    const travels = direction === 'both' || direction === (newer === 'portal' ? 'to-apigee' : 'to-portal');
    const expected = travels && was[newer] !== undefined ? was[newer] : was[older];
    if (is[newer] !== was[newer] || is[older] !== expected)
      fail(`${field}: the newer record was not set on the older side`);
  }
}

function updatedAt({ data, updatedAt }: StoredDocument): number {
  return data['updatedAt'] instanceof Date ? data['updatedAt'].getTime() : updatedAt;
}

function isEdited({ ledger }: World, email: string, side: Side): boolean {
  return ledger.entries.some((entry) => entry.by === 'people' && entry.email === email && entry.side === side);
}

function isUnreadable({ settings }: World, { users }: Person, field: Field): boolean {
  const [user] = users;
  return user !== undefined && !isReadable(user.data, field, settings.mapping);
}

function valuesOf({ settings }: World, { users, developers }: Person, field: Field): Values {
  const user = users[0];
  const developer: Developer | undefined = developers[0];
  return {
    portal: user && portalValue(user.data, field, settings.mapping),
    apigee: developer && developerValue(developer, field),
  };
}

function show(value: string | undefined): string {
  return value ?? 'nothing';
}
