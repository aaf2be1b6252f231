import { existenceOf, isPutBack } from './ledger.ts';
import type { Developer } from '../../../shared/core/model/profile.ts';
import { isInStep, isUndisturbed, mayGoUnheard, type Case } from './case.ts';
import { developerValue, fields, portalValue, type Document } from './fields.ts';
import type { World } from './world.ts';

/** Status goes one way, as an edit, once (rule 14). */
export function judgeStatus(found: Case): void {
  const { world, email, before, after, fail } = found;
  const [user] = after.users;
  const [developer] = after.developers;
  if (user === undefined || developer === undefined) return;
  const edits = world.ledger.status.filter((entry) => entry.email === email);
  const portal = edits.findLast(({ side }) => side === 'portal')?.value;
  const apigee = edits.findLast(({ side }) => side === 'apigee')?.value;
  if (isPutBack(world.ledger, email, 'status')) return judgePutBack(found, developer);
  judgeRevival(found, apigee);
  judgeBlock(found);
  judgeFirstContact(found);
  if (!isUndisturbed(found)) return;
  const was = { portal: before.users[0]?.data['status'], apigee: before.developers[0]?.status };

  if (user.data['status'] !== (portal ?? was.portal)) fail('the portal status was written');
  const allowed = new Set<unknown>();
  if (apigee !== undefined) allowed.add(apigee);
  if (portal !== undefined) allowed.add(portal);
  // Unedited, or edited and back again before anybody looked.
  if (apigee === undefined && (portal === undefined || portal === was.portal)) allowed.add(was.apigee);
  if (!allowed.has(developer.status)) fail(`the developer is ${developer.status}: rule 14`);
}

/** Rule 35: nobody has a status that nobody gave them. */
function judgePutBack({ world, email, before, fail }: Case, developer: Developer): void {
  const { putBack, status } = world.ledger;
  const given = [...putBack, ...status].filter((entry) => entry.email === email).map(({ value }) => value);
  if (!given.includes(developer.status) && developer.status !== before.developers[0]?.status)
    fail(`the developer is ${developer.status}, which is neither put back nor anybody's edit (rule 35)`);
}

/** Status is not among what a first contact copies (rules 4, 5). */
function judgeFirstContact({ world, email, before, after, fail }: Case): void {
  const [user] = before.users;
  const [developer] = before.developers;
  if (before.link !== undefined || user === undefined || developer === undefined) return;
  if (world.ledger.touched.has(email) || mayBeOurs(world, user.data, developer)) return;
  if (after.users[0]?.data['status'] !== user.data['status'] || after.developers[0]?.status !== developer.status)
    fail('the first contact copied a status');
}

/** Nobody can tell a developer who is as we would have made them from one of our making whose answer was not heard. */
function mayBeOurs(world: World, user: Document, developer: Developer): boolean {
  const { mapping } = world.settings;
  const alike = fields.every((field) => portalValue(user, field, mapping) === developerValue(developer, field));
  return alike && mayGoUnheard(world);
}

/** Whom somebody has blocked in Apigee stays so, whatever becomes of the portal user (rule 28). */
function judgeBlock({ world, email, before, after, fail }: Case): void {
  const { ledger, settings } = world;
  const events = existenceOf(ledger, email);
  const said = ledger.status.filter((entry) => entry.email === email);
  const [block, ...more] = said.filter(({ side }) => side === 'apigee');
  // A status that the portal was given for itself is an edit, which travels (rule 14).
  const registrations = events.filter(({ kind, side }) => kind === 'create' && side === 'portal');
  const isEdited = said.filter(({ side }) => side === 'portal').length > registrations.length;
  if (block?.value !== 'inactive' || more.length > 0 || isEdited || settings.portalDelete === 'delete') return;
  if (!isInStep(before) || before.developers[0]?.status !== 'active') return;
  if (events.some(({ side, at }) => side === 'apigee' || at < block.at)) return;
  if (after.developers[0]?.status !== 'inactive') fail('a block that was made in Apigee was undone (rule 28)');
}

/** A deactivation that was ours ends with a new registration. */
function judgeRevival({ world, email, before, after, fail }: Case, apigee: string | undefined): void {
  const events = existenceOf(world.ledger, email);
  const [event] = events;
  const registered = events.length === 1 && event?.kind === 'create' && event.side === 'portal';
  const ours = before.link?.tombstone?.deactivated === true && before.developers[0]?.status === 'inactive';
  if (!registered || !ours || apigee !== undefined || world.statusBy.get(email) === 'people') return;
  const [user] = after.users;
  const [developer] = after.developers;
  if (user?.data['status'] === 'active' && developer?.status !== 'active')
    fail('who registered again is still inactive in Apigee');
}
