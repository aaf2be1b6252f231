import type { ApigeeError } from '../../apigee/developers.ts';
import type { Subject } from '../../core/model/decision.ts';
import { canonicalEmail, documentKey, type PersonKey } from '../../core/model/email.ts';
import type { Policy } from '../../core/model/policy.ts';
import { assess, type Assessment } from '../../core/next-step/next-step.ts';
import { isDocumentId } from '../../state/id-order.ts';
import type { People } from '../../state/people.ts';
import { look, readDeveloper, type Person } from '../../sync/look.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';

/** One person as found this moment, and what a sync would do. */
export type PersonView =
  /** `now`: when both sides were read, ms since the epoch. */
  | (Assessment & { readonly kind: 'decided'; readonly policy: Policy; readonly now: number })
  /** Apigee could not be asked: only the portal and the link are known. */
  | {
      readonly kind: 'apigee-unknown';
      readonly subject: Omit<Subject, 'developer'>;
      readonly error: ApigeeError;
      readonly policy: Policy;
      readonly now: number;
    };

/**
 * The person that an operator names: by email, in any case, or by `#` and the id of a portal document that has no
 * usable email. Undefined where `text` is neither.
 */
export function personKey(text: string): PersonKey | undefined {
  const email = canonicalEmail(text);
  if (email !== undefined) return email;
  const userId = text.startsWith('#') ? text.slice(1) : '';
  return isDocumentId(userId) ? documentKey(userId) : undefined;
}

/** The person with this key, and the portal documents that claim it although the link does not name them yet. */
export async function findPerson(people: People, key: PersonKey): Promise<Person> {
  const email = canonicalEmail(key);
  const hints = email === undefined ? [key.slice(1)] : await people.userIdsWithEmail(email);
  return { key, hints };
}

/** Reads both sides as a run would, and decides. Takes no lease and writes nothing. */
export async function readPerson(services: Services, key: PersonKey): Promise<PersonView> {
  const session = openSession(services, batchAllowance);
  const { people, policy } = session;
  const now = session.now();
  const { half } = await look(session, await findPerson(people, key));
  const deps = { ...session, by: { kind: 'operator', actionId: 'explain' }, gate: { kind: 'closed' } } as const;
  const evidence = await readDeveloper(deps, half, undefined);
  if (!evidence.ok) return { kind: 'apigee-unknown', subject: half, error: evidence.error, policy, now };
  return { kind: 'decided', ...assess(half, evidence.value, policy, 'closed'), policy, now };
}

/** Nothing at all is known of the person: there is no portal user, no developer and no link. */
export function isNobody(view: PersonView): boolean {
  return view.kind === 'decided' && view.decision.situation === 'nobody' && view.subject.link === undefined;
}
