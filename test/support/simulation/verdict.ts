import { isSettled, type Case } from './case.ts';
import { emailOf, foreignAttribute } from './fields.ts';
import { nameOf } from './operations.ts';
import { poison } from './plan.ts';
import { personOf, snapshot, unusableUsers, type Snapshot } from './snapshot.ts';
import { judgeAgreement, judgeEdits, judgeFirstContact, judgeRegistration } from './verdict-fields.ts';
import { judgeExistence } from './verdict-existence.ts';
import { judgeStatus } from './verdict-status.ts';
import { problem, type World } from './world.ts';

/** Holds what a round came to, once everything is quiet, against what really happened in it. */
export function judge(world: World, before: Snapshot, round: number): void {
  const after = snapshot(world);
  for (const email of new Set([...before.keys(), ...after.keys()])) {
    const fail = (text: string): void => problem(world, `after round ${String(round)}: ${email}: ${text}`);
    const found = { world, email, before: personOf(before, email), after: personOf(after, email), fail };
    judgeAlways(found);
    if (isSettled(found.after)) judgeAgreement(found);
    if (world.ledger.tainted.has(email)) continue;
    judgeRemoved(found);
    if (world.ledger.removed.has(email)) continue;
    judgeExistence(found);
    if (found.after.link?.failure !== undefined || found.after.link?.hold !== undefined) continue;
    judgeStatus(found);
    judgeEdits(found);
    judgeFirstContact(found);
    judgeRegistration(found);
  }
  judgeUniqueness(world, round);
  judgeStrangers(world, round);
}

/**
 * What an undo has deleted stays away until somebody lets the person go on (rule 35); where emails were handed on, another's
 * record may come with one.
 */
function judgeRemoved({ world, email, after, fail }: Case): void {
  const { removed, handedOn } = world.operations;
  if (handedOn.has(email)) return;
  const there = { portal: after.users, apigee: after.developers };
  for (const side of ['portal', 'apigee'] as const)
    if (removed.has(nameOf(side, email)) && there[side].length > 0)
      fail(`what an undo deleted on side ${side} is back`);
}

/** Whose email is not usable fails alone, as long as they are there (rules 18, 31). */
function judgeStrangers(world: World, round: number): void {
  const ids = unusableUsers(world);
  const failed = world.database.allLinks().filter(({ key }) => key.startsWith('#'));
  const told = failed.filter(({ failure }) => failure?.kind === 'permanent').map(({ key }) => key.slice(1));
  if (ids.toSorted().join() !== told.toSorted().join() || told.length < failed.length)
    problem(world, `after round ${String(round)}: unusable are ${ids.join()}, and told are ${told.join()}`);
}

/**
 * Nobody is two people: not a portal user, and not a developer (rules 1, 17). Where a rename on Edge and a registration
 * with the new email meet in one moment, both are held for somebody to decide whose developer it is.
 */
function judgeUniqueness(world: World, round: number): void {
  const links = world.database.allLinks();
  const twice = (side: string, ids: readonly (string | undefined)[]): void => {
    const known = ids.filter((id) => id !== undefined);
    if (new Set(known).size < known.length) problem(world, `after round ${String(round)}: two links for one ${side}`);
  };
  twice(
    'portal user',
    links.map(({ userId }) => userId),
  );
  twice(
    'developer',
    links.map(({ presence, developer, hold }) =>
      presence === 'both' && hold?.reason !== 'rename-collision' ? developer?.developerId : undefined,
    ),
  );
}

function wasDeleted({ everDeleted }: World, email: string): boolean {
  return everDeleted.portal.has(email) || everDeleted.apigee.has(email);
}

/** What holds for everybody, whatever happened. */
function judgeAlways({ world, email, after, fail }: Case): void {
  const { link, users, developers } = after;
  const { plan, settings, clocks, foreign, ledger, operations } = world;
  const known = Array.from({ length: plan.people.length + 3 }, (_, person) => emailOf(person));
  if (!known.includes(email)) fail('nobody has ever heard of this email');
  if (users.length > 1 && !ledger.tainted.has(email) && users.every(({ data }) => data['email'] === email))
    fail('there are two portal users');
  for (const { developerId, attributes } of developers) {
    if (attributes.get(foreignAttribute) !== foreign.get(developerId))
      fail('a foreign attribute is not as it was left (rule 13)');
  }
  if (link === undefined) {
    if (users.length + developers.length > 0 && !ledger.tainted.has(email)) fail('there is no link');
    return;
  }
  if (link.due !== undefined) fail('something is still owed');
  if (link.lease !== undefined && link.lease.expiresAt > clocks.store()) fail('somebody still holds the lease');
  if (link.failure?.kind === 'transient') fail('a failure that passes did not');
  const isPoisoned = users.some(({ data }) => JSON.stringify(data).includes(poison));
  if (link.failure?.kind === 'permanent' && !isPoisoned && !ledger.tainted.has(email))
    fail(`it fails without a reason: ${link.failure.message}`);
  switch (link.hold?.reason) {
    case 'developer-deleted':
      if (settings.apigeeDelete !== 'hold' || developers.length > 0) fail('held for a developer who is not deleted');
      break;
    case 'undone':
      // What an undo was to delete may be gone when it comes.
      if (!ledger.tainted.has(email) && !operations.everRemoved.has(email) && !wasDeleted(world, email))
        fail('held for an undo that nobody made');
      break;
    case 'destructive-limit':
      fail('held for a limit that was not reached');
      break;
    case 'developer-collision':
      if (settings.type !== 'edge') fail('held for two developers who cannot be');
      break;
    case 'portal-collision':
    case 'rename-refused':
    case 'rename-collision':
      if (users.length < 2 && !ledger.tainted.has(email)) fail(`held without a reason: ${link.hold.reason}`);
      break;
    case undefined:
      break;
  }
}
