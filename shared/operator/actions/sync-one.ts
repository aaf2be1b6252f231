import type { ApigeeError } from '../../apigee/developers.ts';
import { canonicalEmail, type PersonKey } from '../../core/model/email.ts';
import type { Link } from '../../core/model/link.ts';
import { hourlyAllowance, type Session } from '../../run/session.ts';
import type { SyncDeps } from '../../sync/deps.ts';
import { operatorName } from '../../state/link-document.ts';
import { look, readDeveloper, type Person } from '../../sync/look.ts';
import { releasePerson } from '../../sync/release-person.ts';
import type { PersonResult } from '../../sync/result.ts';
import { syncPerson } from '../../sync/sync-person.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';
import { findPerson } from '../views/person.ts';
import type { Refused } from '../words/refusals.ts';
import { refusedToAct } from './own-state.ts';
import { newActionId } from './request-run.ts';

export type SyncedOne =
  | { readonly kind: 'synced'; readonly result: PersonResult }
  /** Apigee could not be asked, so nothing was done. */
  | { readonly kind: 'not-reached'; readonly error: ApigeeError }
  | Refused;

/**
 * Brings one person in step in this process, now, by the same steps as every other flow (rule 20). `actionId`: of the
 * audit record, where there is one.
 */
export async function syncOnePerson(services: Services, key: PersonKey, actionId?: string): Promise<SyncedOne> {
  const refused = await refusedToAct(services);
  if (refused !== undefined) return refused;
  const session = openSession(services, batchAllowance);
  return bringInStep(session, operatorDeps(session, actionId), key);
}

/** The same within an action that has begun. */
export async function bringInStep(session: Session, deps: SyncDeps, key: PersonKey): Promise<SyncedOne> {
  const person = await findPerson(session.people, key);
  const link = (await session.people.links([key])).get(key)?.link;
  // An operator who names a person wants a permanent failure tried again too: its cause may be mended by now.
  if (link?.failure?.kind === 'permanent') {
    const released = await releasePerson(deps, person, { approves: false });
    if (released.kind !== 'nothing-held') return { kind: 'synced', result: released.result };
  }
  const email = canonicalEmail(key);
  if (email === undefined || !session.policy.inScope(email))
    return { kind: 'synced', result: await syncPerson(deps, person) };
  if (await mayBeSpeltOtherwise(session, person, link)) return { kind: 'refused', reason: { kind: 'no-full-run' } };
  // With the developer read here, both sides are compared even if the portal user has not changed.
  const evidence = await readDeveloper(deps, (await look(session, person)).half, undefined);
  if (!evidence.ok) return { kind: 'not-reached', error: evidence.error };
  return { kind: 'synced', result: await syncPerson(deps, person, evidence.value.side) };
}

/** What one action on one person needs, in the name of an operator and within the allowance of 60 minutes (rule 16). */
export function operatorDeps(session: Session, actionId = newActionId(operatorName, session.now())): SyncDeps {
  const by = { kind: 'operator', actionId } as const;
  return { ...session, by, gate: hourlyAllowance(session) };
}

/**
 * Whether a portal user may exist that was not found. Documents hold emails as people spell them, and a query finds one
 * spelling only: until a full run has read all documents, a person who seems to have no portal user could get a second
 * one.
 */
async function mayBeSpeltOtherwise(
  { runs, scope }: Session,
  { hints }: Person,
  link: Link | undefined,
): Promise<boolean> {
  if (hints.length > 0 || link?.userId !== undefined) return false;
  return (await runs.control()).lastFull?.scope !== scope;
}
