import type { Developer } from '../../../shared/core/model/profile.ts';
import { developerValue, directionOf, fields, foreignAttribute, portalValue, type Field, type Side } from './fields.ts';
import { isUndoing, runOf, type SeenWrite } from './operations.ts';
import { checkAct, noteDeveloper } from './watch-acts.ts';
import { developersOf, keyOf, problem, usersOf, type World } from './world.ts';

export function noteApigeeWrite(world: World, before: Developer | undefined, after: Developer | undefined): void {
  const email = keyOf(after ?? before) ?? '';
  world.changed.set(email, world.scheduler.now());
  noteFields(world, 'apigee', email, (field) => [
    before && developerValue(before, field),
    after && developerValue(after, field),
  ]);
  if (before?.status !== after?.status) {
    const by = world.peopleWriting ? 'people' : 'product';
    noteWrite(world, { side: 'apigee', email, field: 'status', before: before?.status, value: after?.status }, by);
  }
  if (!world.peopleWriting) noteDeveloper(world, email, before, after);
  noteForeign(world, before, after);
  if (before !== undefined) world.former.set(before.email, { developer: before, at: world.scheduler.now() });
}

/** The product moves what is not its own, and creates developers without; a lost race makes it unknowable. */
function noteForeign({ foreign, ledger, peopleWriting }: World, before?: Developer, after?: Developer): void {
  if (after === undefined) return;
  const { developerId } = after;
  const certain = !peopleWriting && before?.developerId === developerId && !ledger.raced.has(keyOf(before) ?? '');
  const value = certain ? foreign.get(developerId) : after.attributes.get(foreignAttribute);
  if (value === undefined) foreign.delete(developerId);
  else foreign.set(developerId, value);
}

export function noteFields(
  world: World,
  side: Side,
  email: string,
  read: (field: Field) => readonly [string | undefined, string | undefined],
): void {
  const { ledger, scheduler } = world;
  for (const field of fields) {
    const [before, value] = read(field);
    if (before === value) continue;
    const isByOrder = !world.peopleWriting && isOrdered(world, email, field, value);
    if (isByOrder && side === 'apigee') ledger.operated.add(email);
    const by = world.peopleWriting || isByOrder ? 'people' : 'product';
    if (by === 'product') checkAgreement(world, side, email, field, before);
    noteWrite(world, { side, email, field, before, value }, by);
    ledger.entries.push({ at: scheduler.now(), by, side, email, field, value });
  }
}

/** Also of a status. What the product writes is held against what the act it writes for may do. */
export function noteWrite(
  world: World,
  write: Pick<SeenWrite, 'side' | 'email' | 'field' | 'before' | 'value'>,
  by: 'people' | 'product',
): void {
  const writer = by === 'people' ? undefined : world.writer;
  const seen = { ...write, at: world.scheduler.now(), writer, run: runOf(world, writer) };
  if (by === 'product') checkAct(world, seen);
  world.operations.writes.push(seen);
}

/** The first value that a command sets as its operator wants it is the operator's edit; what follows is ours. */
function isOrdered({ operations, writer }: World, email: string, field: Field, value: string | undefined): boolean {
  const order = writer && operations.orders.get(writer.name);
  if (order === undefined || writer === undefined || order.isMade) return false;
  if (order.email !== email || order.field !== field || order.value !== value) return false;
  operations.orders.set(writer.name, { ...order, isMade: true });
  return true;
}

/** The product never parts two values that are the same (rule 10). Only a value that was given once is the same edit. */
function checkAgreement(world: World, side: Side, email: string, field: Field, before: string | undefined): void {
  const { settings, ledger } = world;
  const isSure = settings.unique && before !== undefined && directionOf(field, settings.mapping) === 'both';
  if (!isSure || ledger.tainted.has(email) || ledger.raced.has(email) || isUndoing(world, world.writer)) return;
  const [user] = usersOf(world, email);
  const [developer] = developersOf(world, email);
  const other =
    side === 'portal'
      ? developer && developerValue(developer, field)
      : user && portalValue(user.data, field, settings.mapping);
  if (other === before) problem(world, `${side}: ${email}: ${field} was the same on both sides, and was written`);
}
