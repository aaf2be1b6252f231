import type { ApigeeError } from '../../apigee/developers.ts';
import type { Subject } from '../../core/model/decision.ts';
import type { PersonKey } from '../../core/model/email.ts';
import type { Policy } from '../../core/model/policy.ts';
import { assess, type Assessment } from '../../core/next-step/next-step.ts';
import { look, readDeveloper } from '../../sync/look.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';
import { findPerson } from '../../../cli/process/person-argument.ts';

/** One person as found this moment, and what a sync would do. */
export type PersonView =
  | (Assessment & { readonly kind: 'decided'; readonly policy: Policy; readonly now: number })
  /** Apigee could not be asked: only our own side is known. */
  | {
      readonly kind: 'apigee-unknown';
      readonly subject: Omit<Subject, 'developer'>;
      readonly error: ApigeeError;
      readonly policy: Policy;
      readonly now: number;
    };

/** Reads both sides as a run would, and decides. Takes no lease and writes nothing. */
export async function readPerson(services: Services, key: PersonKey): Promise<PersonView> {
  const session = openSession(services, batchAllowance);
  const { people, policy } = session;
  const now = session.now();
  const { half } = await look(session, await findPerson(people, key));
  const deps = { ...session, by: { kind: 'operator', actionId: 'explain' }, gate: { kind: 'plan' } } as const;
  const evidence = await readDeveloper(deps, half, undefined);
  if (!evidence.ok) return { kind: 'apigee-unknown', subject: half, error: evidence.error, policy, now };
  return { kind: 'decided', ...assess(half, evidence.value, policy, 'closed'), policy, now };
}
