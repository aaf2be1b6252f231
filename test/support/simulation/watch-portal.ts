import { canonicalEmail } from '../../../shared/core/model/email.ts';
import { portalValue, type Document } from './fields.ts';
import { givenTo } from './ledger.ts';
import { isUndoing } from './operations.ts';
import { noteUser } from './watch-acts.ts';
import { noteFields, noteWrite } from './note-writes.ts';
import { problem, usersOf, type World } from './world.ts';

/** Keeps the ledger for the portal, and holds every write of the product against what it may do there. */
export function watchPortal(world: World): void {
  const known = new Map<string, Document>();
  const { database, settings } = world;
  const fail = (text: string): void => problem(world, `portal: ${text}`);
  database.onPortalWrite((id) => {
    const before = known.get(id);
    const after = database.portal.get(id)?.data;
    if (after === undefined) known.delete(id);
    else known.set(id, after);
    const email = canonicalEmail((after ?? before)?.['email']);
    if (email === undefined) {
      if (!world.peopleWriting) fail(`${id}, whose email is not usable, was written (rule 31)`);
      return;
    }
    if (after !== undefined)
      noteFields(world, 'portal', email, (field) => [
        before && portalValue(before, field, settings.mapping),
        portalValue(after, field, settings.mapping),
      ]);
    const statuses = { before: textOf(before?.['status']), value: textOf(after?.['status']) };
    if (statuses.before !== statuses.value)
      noteWrite(
        world,
        { side: 'portal', email, field: 'status', ...statuses },
        world.peopleWriting ? 'people' : 'product',
      );
    if (world.peopleWriting) return;
    noteUser(world, email, id, before, after);
    const undoes = isUndoing(world, world.writer);
    if (before === undefined) givenTo(world.ledger, email).add(after?.['status']);
    world.written += 1;
    world.trace(() => `  wrote portal ${id}: ${JSON.stringify(after)}`);
    if (world.ledger.tainted.has(email)) return;
    const developerGone = world.ledger.existence.some(
      (entry) => entry.side === 'apigee' && entry.kind === 'delete' && entry.email === email,
    );
    if (after === undefined) {
      if (!undoes && (settings.apigeeDelete !== 'delete' || !developerGone)) fail(`${email} deleted without a reason`);
    } else if (before === undefined) {
      if (usersOf(world, email).some((other) => other.id !== id && other.data['email'] === email))
        fail(`a second user ${email} created`);
    } else {
      if (before['unmapped'] !== after['unmapped'] || before['email'] !== after['email'])
        fail(`${email}: a field that is not synchronised was written`);
      const allowed = settings.apigeeDelete === 'deactivate' && developerGone && after['status'] === 'inactive';
      if (before['status'] !== after['status'] && !allowed && !undoes)
        fail(`${email}: status written without a reason`);
    }
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
