import { isReviewed } from '../../../shared/run/session.ts';
import type { Run } from '../../../shared/state/runs.ts';
import type { FieldWrite } from '../../../shared/core/model/change.ts';
import type { PersonKey } from '../../../shared/core/model/email.ts';
import type { Developer } from '../../../shared/core/model/profile.ts';
import { fieldName, fields, portalValue, type Document, type Field, type Side } from './fields.ts';
import { existenceOf } from './ledger.ts';
import { changesIn, isUndoing, nameOf, ofLastRecord, type SeenWrite } from './operations.ts';
import { developersOf, problem, usersOf, type World } from './world.ts';

/** Holds a value that the product writes against what the act that it writes for may do (rules 35, 36). */
export function checkAct(world: World, write: SeenWrite): void {
  const { run, email } = write;
  if (run?.mode === 'undo') world.ledger.putBack.push(write);
  checkBroughtBack(world, write);
  if (run === undefined || run.dryRun || world.ledger.tainted.has(email)) return;
  if (wasRaced(world, write)) return;
  const fail = (text: string): void =>
    problem(
      world,
      `${run.runId}: ${write.side} ${email}: ${write.field}: ${text}: ${JSON.stringify([write.before, write.value])}`,
    );
  if (run.mode === 'undo') return checkUndone(world, run, write, fail);
  const plan = planOfRun(run);
  if (plan !== undefined) checkPlanned(world, run, plan, write, fail);
}

/** Whether somebody wrote the developer between our read and our write, which Apigee has no condition against. */
function wasRaced({ ledger }: World, { side, email, field }: SeenWrite): boolean {
  return side === 'apigee' && (field === 'status' ? ledger.statusRaced : ledger.raced).has(email);
}

/** The plan that a run may write by, and nothing else. */
export function planOfRun(run: Run): string | undefined {
  if (run.mode === 'apply') return run.chosen?.plan;
  return isReviewed(run) ? run.runId : undefined;
}

export function storedName(field: Field | 'status'): string {
  return field === 'status' ? field : fieldName(field);
}

/** An undo sets what its act had changed, where it still is as the act left it, to what was there before. */
function checkUndone(world: World, { chosen, startedAt }: Run, write: SeenWrite, fail: (text: string) => void): void {
  const { side, email, field, before, value } = write;
  const { undo, until = startedAt ?? Infinity } = chosen ?? {};
  const changes = changesIn(world.database.changes, email, undo).filter(({ at }) => at <= until);
  const name = storedName(field);
  const [first, last] = unbroken(
    ofLastRecord(changes, side).flatMap(({ fields }) =>
      fields.filter((one) => one.side === side && one.field === name),
    ),
  );
  if (changes.some(({ acts }) => acts[side] === 'created')) return;
  if (first === undefined || last === undefined) return fail('put back, and the act had not changed it (rule 35)');
  if (before !== last.after) fail(`put back over ${String(before)}, which is not as the act left it (rule 35)`);
  // The same value given twice may make several changes none.
  if (value !== first.before && world.settings.unique) fail(`put back to what was not there before the act (rule 35)`);
}

/** The first and the last of the writes of a field that follow each other, with nobody else's in between, up to the last. */
export function unbroken(writes: readonly FieldWrite[]): readonly [FieldWrite | undefined, FieldWrite | undefined] {
  const later = writes.findLastIndex(({ before }, nth) => nth > 0 && writes[nth - 1]?.after !== before);
  return [writes[Math.max(later, 0)], writes.at(-1)];
}

/** A plan's run sets exactly what the plan says, and a reviewed one nothing before somebody has approved it. */
function checkPlanned(world: World, run: Run, plan: string, write: SeenWrite, fail: (text: string) => void): void {
  const { side, email, field, before, value } = write;
  if (run.gate?.approved !== true) return fail('written before anybody has approved it (rule 36)');
  const [planned] = changesIn(world.operations.plans.of(plan), email, plan);
  const name = storedName(field);
  const told = planned?.fields.find((one) => one.side === side && one.field === name);
  // Apigee makes everybody active first.
  const isFirstStatus = field === 'status' && planned?.acts[side] === 'created' && value === 'active';
  // The plan is carried out: what was edited meanwhile is looked at as ever (rule 21).
  const isMade = world.operations.writes.some(
    (other) => other.email === email && other.run?.runId === run.runId && other.at < write.at,
  );
  if (isFirstStatus || isMade) return;
  if (told?.after !== value || told === undefined) return fail('not as planned (rule 36)');
  // What an unheard call of ours had set before is planned together with it.
  if (told.before !== before && lastWrite(world, write)?.writer === undefined)
    fail('planned over another value (rule 36)');
}

/** The last write before this one of the same field on the same side. */
function lastWrite({ operations }: World, { side, email, field }: SeenWrite): SeenWrite | undefined {
  return operations.writes.findLast((other) => other.side === side && other.email === email && other.field === field);
}

/**
 * What an undo has put back on one side no run sets anew before somebody edits it, nor takes it for an edit, which goes to the
 * other side (rule 35).
 */
function checkBroughtBack(world: World, write: SeenWrite): void {
  const { side, email, field, value, run } = write;
  const { operations, settings, ledger } = world;
  if (run?.mode === 'undo' || settings.conflict !== 'merge' || !settings.unique || field === 'status') return;
  if (ledger.tainted.has(email) || ledger.raced.has(email) || existenceOf(ledger, email).length > 0) return;
  const about = operations.writes.filter((other) => other.email === email && other.field === field);
  const isAsLeft = (at: number): boolean =>
    (operations.moved.get(email) ?? 0) < at && !about.some((one) => one.writer === undefined && one.at >= at);
  // An order goes on to the other side, or leaves it to others, whatever is undone meanwhile.
  const isUnderWay = [...operations.orders.values()].some(
    (order) => order.email === email && order.field === field && order.value === value && order.isEnded !== true,
  );
  // That nothing is there is no value of its own.
  if (value === undefined || isUnderWay) return;
  const undo = about.findLast((one) => one.side === side && one.run?.mode === 'undo');
  const fail = (what: string): void => problem(world, `${side} ${email}: ${field}: ${value} ${what} (rule 35)`);
  if (undo !== undefined && undo.before === value && isAsLeft(undo.at)) fail('was undone, and is brought back');
  const there = about.findLast((one) => one.side !== side);
  const isCopied = there?.run?.mode === 'undo' && there.value === value && write.before !== undefined;
  if (isCopied && isAsLeft(there.at)) fail('is put back, and taken for an edit');
}

/** Keeps what the product has made and left of a developer. */
export function noteDeveloper(world: World, email: string, before?: Developer, after?: Developer): void {
  const id = (after ?? before)?.developerId ?? '';
  noteRecord(world, 'apigee', email, id, before && contentOf(before), after && contentOf(after));
}

/** The same of a portal user, as far as it is synchronised. */
export function noteUser(world: World, email: string, id: string, before?: Document, after?: Document): void {
  const { mapping } = world.settings;
  const textOf = (data: Document): string =>
    JSON.stringify([data['status'], ...fields.map((field) => portalValue(data, field, mapping) ?? null)]);
  noteRecord(world, 'portal', email, id, before && textOf(before), after && textOf(after));
}

function noteRecord(
  world: World,
  side: Side,
  email: string,
  id: string,
  before: string | undefined,
  after: string | undefined,
): void {
  const { operations, ledger, settings } = world;
  const name = nameOf(side, email);
  if (before === undefined && after !== undefined) {
    operations.made.set(id, after);
    if (operations.removed.has(name) && !ledger.tainted.has(email))
      problem(world, `${name}: created again although creating it was undone (rule 35)`);
  }
  if (after !== undefined) operations.left.set(id, after);
  else if (isUndoing(world, world.writer)) {
    if (!operations.made.has(id)) problem(world, `${name}: an undo deletes what people made (rule 35)`);
    // What somebody has put back to what it was made as looks as if nobody had changed it.
    const known = [operations.left.get(id), operations.made.get(id)];
    const isOther = !known.includes(before) && settings.unique;
    // A status that somebody has set may be the one that a process was about to set when it crashed.
    const isOnlyStatus = known.some((one) => one !== undefined && withoutStatus(one) === withoutStatus(before ?? '[]'));
    if (isOther && !(isOnlyStatus && settings.faults.crash > 0) && !ledger.raced.has(email))
      problem(world, `${name}: an undo deletes what people have changed since (rule 35)`);
    const others = side === 'apigee' ? developersOf(world, email) : usersOf(world, email);
    if (others.length > 0) operations.parted.add(email);
    else if (!isSomebodyNew(world, side, email)) operations.removed.add(name);
    operations.everRemoved.add(email);
    ledger.removed.add(email);
  }
}

/** Who registered anew on the other side since the creation that is undone counts as new, and may be created. */
function isSomebodyNew(world: World, side: Side, email: string): boolean {
  const link = world.database.linkOf(email as PersonKey);
  return side === 'portal'
    ? developersOf(world, email).some(({ developerId }) => developerId !== link?.developer?.developerId)
    : usersOf(world, email).some(({ id }) => id !== link?.userId);
}

function withoutStatus(text: string): string {
  const parts: unknown[] = JSON.parse(text);
  return JSON.stringify(parts.filter((part) => part !== 'active' && part !== 'inactive'));
}

export function contentOf({ firstName, lastName, status, attributes }: Developer): string {
  return JSON.stringify([firstName, lastName, status, [...attributes].sort()]);
}
