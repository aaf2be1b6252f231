import type { ApigeeError } from '../../apigee/developers.ts';
import { decide } from '../../core/decide/decide.ts';
import type { Decision, Subject } from '../../core/model/decision.ts';
import type { PersonKey } from '../../core/model/email.ts';
import type { Policy } from '../../core/model/policy.ts';
import { gather, withDeveloper, type Found } from '../../sync/look.ts';
import { readDeveloper } from '../../sync/read-developer.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';
import { findPerson } from '../../../cli/process/person-argument.ts';

/** One person as found this moment, and what a sync would do. */
export type PersonView =
  | {
      readonly kind: 'decided';
      readonly subject: Subject;
      readonly decision: Decision;
      readonly policy: Policy;
      readonly now: number;
    }
  /** Apigee could not be asked: only our own side is known. */
  | {
      readonly kind: 'apigee-unknown';
      readonly subject: Omit<Subject, 'developer'>;
      readonly error: ApigeeError;
      readonly policy: Policy;
      readonly now: number;
    };

/** Reads both sides as a sync would, and decides. Takes no lease and writes nothing. */
export async function readPerson(services: Services, key: PersonKey): Promise<PersonView> {
  const session = openSession(services, batchAllowance);
  const { people, policy } = session;
  const now = session.now();
  const found = await gather(people, await findPerson(people, key), policy);
  const developer = await developerOf(session, key, found);
  if (!developer.ok) return { kind: 'apigee-unknown', subject: found.subject, error: developer.error, policy, now };
  const subject = withDeveloper(found, developer.value);
  return { kind: 'decided', subject, decision: decide(subject, policy), policy, now };
}

/** A portal document without an email has no developer to ask for. */
async function developerOf(
  session: ReturnType<typeof openSession>,
  key: PersonKey,
  found: Found,
): ReturnType<typeof readDeveloper> {
  if (key.startsWith('#')) return { ok: true, value: { kind: 'absent' } };
  return readDeveloper({ ...session, by: { kind: 'operator', actionId: 'explain' }, gate: { kind: 'plan' } }, found);
}
