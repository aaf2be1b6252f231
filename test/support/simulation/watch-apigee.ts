import type { Operation } from '../../../shared/apigee/developers.ts';
import type { PersonKey } from '../../../shared/core/model/email.ts';
import type { Link } from '../../../shared/core/model/link.ts';
import type { Developer } from '../../../shared/core/model/profile.ts';
import { foreignAttribute, unknownMember } from './fields.ts';
import { happened } from './ledger.ts';
import { isUndoing } from './operations.ts';
import type { Process } from './process.ts';
import { keyOf, problem, usersOf, type World } from './world.ts';

/** Holds a write that has just landed in Apigee against what the product may do at that moment. */
export function checkWrite(
  world: World,
  process: Process,
  operation: Operation,
  before: Developer | undefined,
  after: Developer | undefined,
): void {
  const written = after?.email ?? before?.email ?? '';
  const email = keyOf({ email: written }) ?? '';
  const fail = (text: string): void => problem(world, `apigee: ${process.name} ${operation} ${email}: ${text}`);
  if (isDry(world, process)) fail('written by a dry run');
  const lease = leaseOf(world, process, email, before?.developerId);
  if (lease === undefined) {
    fail('no live lease of the writer (rule 21)');
    return;
  }
  checkStop(world, process, lease, fail);
  switch (operation) {
    case 'update':
      if (before !== undefined && after !== undefined) checkUpdate(world, process, lease, before, after, fail);
      break;
    case 'status':
      if (process.statuses.get(written) !== before?.status) world.ledger.statusRaced.add(email);
      if (isUndoing(world, process)) break;
      if (after?.status !== before?.status) checkStatus(world, email, after?.status, fail);
      break;
    case 'delete':
      if (before !== undefined && !isAsRead(process, before)) world.ledger.raced.add(email);
      if (isUndoing(world, process)) break;
      if (world.settings.portalDelete !== 'delete') fail('deleted against the policy (rule 15)');
      if (!happened(world.ledger, email, 'portal', 'delete') && !world.ledger.tainted.has(email))
        fail('deleted although nobody deleted the portal user');
      break;
    default:
      break;
  }
}

/** Rule 13: a PUT is built on a fresh read under this lease, and keeps what is not ours. */
function checkUpdate(
  world: World,
  process: Process,
  lease: NonNullable<Link['lease']>,
  before: Developer,
  after: Developer,
  fail: (text: string) => void,
): void {
  const read = process.bases.get(before.email);
  if (read === undefined || read.at < grantedAt(world, process, lease)) {
    fail('the developer was not read under this lease');
    return;
  }
  if (after.attributes.get(foreignAttribute) !== read.foreign) fail('a foreign attribute was dropped');
  if (read.version !== versionOf(before)) world.ledger.raced.add(keyOf(before) ?? '');
  else if (after.others.members[unknownMember] !== before.others.members[unknownMember])
    fail('a member that nobody knows was wiped (rule 30)');
}

/** When the process took the lease, ms of true time. */
function grantedAt({ settings }: World, { timing }: Process, { expiresAt }: NonNullable<Link['lease']>): number {
  return expiresAt - timing.leaseMs - settings.skew.store;
}

/** How old what a process knows of a stop may be, ms. */
const stopKnownFor = 1000;

/** Rule 33: what is under way is finished, and nothing else is begun. */
export function checkStop(
  world: World,
  process: Process,
  lease: NonNullable<Link['lease']>,
  fail: (text: string) => void,
): void {
  const { stoppedSince } = world;
  if (stoppedSince !== undefined && grantedAt(world, process, lease) > stoppedSince + stopKnownFor)
    fail('written although every write is stopped (rule 33)');
}

/** Rules 14, 15. */
function checkStatus(world: World, email: string, status: string | undefined, fail: (text: string) => void): void {
  const { ledger, settings } = world;
  if (ledger.tainted.has(email)) return;
  const said =
    usersOf(world, email).some(({ data }) => data['status'] === status) ||
    ledger.given.get(email)?.has(status) === true ||
    ledger.status.some((entry) => entry.side === 'portal' && entry.email === email && entry.value === status);
  const gone = settings.portalDelete === 'deactivate' && happened(ledger, email, 'portal', 'delete');
  if (!said && !(status === 'inactive' && gone)) fail(`made ${status ?? 'nothing'} without a reason`);
}

export function isDry({ database }: World, { runId }: Process): boolean {
  return runId !== undefined && database.runs.runs.get(runId)?.dryRun === true;
}

/** Rule 21: only the holder of the person's live lease writes. A rename that was not recorded leaves them their key. */
function leaseOf(world: World, process: Process, email: string, developerId: string | undefined): Link['lease'] {
  const old = process.renamed.get(email);
  const keys = new Set([email, ...(old === undefined ? [] : [keyOf({ email: old }) ?? ''])]);
  const { database } = world;
  // A link of nobody does not say whose it is.
  const own = [...keys].flatMap((key) => database.linkOf(key as PersonKey) ?? []);
  const leases = [...database.allLinks(), ...own]
    .filter(({ key, developer }) => keys.has(key) || (developer !== undefined && developer.developerId === developerId))
    .filter(({ lease }) => lease?.holder.startsWith(`${process.name}.`))
    .flatMap(({ lease }) => lease ?? [])
    .sort((a, b) => a.expiresAt - b.expiresAt);
  return leases.find(({ expiresAt }) => expiresAt > world.clocks.store());
}

/** Remembers what the process knows of a developer. */
export function noteRead({ scheduler }: World, process: Process, developer: Developer): void {
  const foreign = developer.attributes.get(foreignAttribute);
  process.statuses.set(developer.email, developer.status);
  process.reads.set(developer.email, { at: scheduler.now(), foreign, version: versionOf(developer) });
}

/** Apigee deletes whom it has, not whom we read: somebody may have written in between. */
function isAsRead({ reads, statuses }: Process, developer: Developer): boolean {
  const { email, status } = developer;
  return reads.get(email)?.version === versionOf(developer) && statuses.get(email) === status;
}

function versionOf({ firstName, lastName, attributes }: Developer): string {
  return JSON.stringify([firstName, lastName, [...attributes].sort()]);
}
