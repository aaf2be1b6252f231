import type { PersonKey } from '../../core/model/email.ts';
import type { Hold } from '../../core/model/link.ts';
import { approveRun, beganAt, type Approval } from '../../run/lifecycle/approve-run.ts';
import { rejectRun } from '../../run/lifecycle/reject-run.ts';
import { releasePerson, type Released } from '../../sync/release-person.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';
import { findPerson } from '../views/person.ts';
import type { Refused } from '../words/refusals.ts';
import { refusedToAct } from './own-state.ts';
import { operatorDeps } from './sync-one.ts';

/** A held run that goes on. */
export type ApprovedRun = Extract<Approval, { kind: 'approved' }> & {
  /** When the run began to look at people, ms since the epoch. */
  readonly beganAt: number;
};

/** Lets a held run go on (rule 16). */
export async function approveHeldRun(services: Services, runId: string): Promise<ApprovedRun | Refused> {
  const refused = await refusedToAct(services);
  if (refused !== undefined) return refused;
  const approval = await approveRun(openSession(services, batchAllowance), runId);
  switch (approval.kind) {
    case 'approved':
      return { ...approval, beganAt: beganAt(approval.run) };
    case 'unknown':
      return { kind: 'refused', reason: { kind: 'run-unknown', runId } };
    case 'dry-run':
      return { kind: 'refused', reason: { kind: 'run-dry', runId } };
    case 'not-held':
      return { kind: 'refused', reason: { kind: 'run-not-held', runId, state: approval.state } };
    case 'too-old':
      return { kind: 'refused', reason: { kind: 'run-too-old', runId } };
    case 'other-settings':
      return { kind: 'refused', reason: { kind: 'run-other-settings', runId } };
  }
}

/** Ends a held run without making what it planned (rule 16). */
export async function rejectHeldRun(
  services: Services,
  runId: string,
): Promise<{ readonly kind: 'rejected' } | Refused> {
  const refused = await refusedToAct(services);
  if (refused !== undefined) return refused;
  const rejection = await rejectRun(openSession(services, batchAllowance), runId);
  switch (rejection.kind) {
    case 'rejected':
      return { kind: 'rejected' };
    case 'unknown':
      return { kind: 'refused', reason: { kind: 'run-unknown', runId } };
    case 'not-held':
      return { kind: 'refused', reason: { kind: 'run-not-held', runId, state: rejection.state } };
  }
}

/** What became of a held person, and what still holds them, if anything does. */
export type ReleasedPerson = Exclude<Released, { kind: 'nothing-held' }> & { readonly hold: Hold | undefined };

/** Lets a held person go on and brings them in step, now. `approves`: whoever releases may approve deletions over the limit. */
export async function releaseHeldPerson(
  services: Services,
  key: PersonKey,
  { actionId, approves = true }: { readonly actionId?: string; readonly approves?: boolean } = {},
): Promise<ReleasedPerson | Refused> {
  const refused = await refusedToAct(services);
  if (refused !== undefined) return refused;
  const session = openSession(services, batchAllowance);
  const released = await releasePerson(operatorDeps(session, actionId), await findPerson(session.people, key), {
    approves,
  });
  const link = (await session.people.links([key])).get(key)?.link;
  if (released.kind === 'nothing-held')
    return { kind: 'refused', reason: { kind: link === undefined ? 'person-unknown' : 'person-not-held', key } };
  return { ...released, hold: link?.hold };
}
