import type { ApigeeError } from '../../apigee/developers.ts';
import { decide } from '../../core/decide/decide.ts';
import type { Decision, Subject } from '../../core/model/decision.ts';
import { canonicalEmail, documentKey, type PersonKey } from '../../core/model/email.ts';
import type { Policy } from '../../core/model/policy.ts';
import { isDocumentId } from '../../state/id-order.ts';
import type { People } from '../../state/people.ts';
import { gather, withDeveloper, type Found, type Person } from '../../sync/look.ts';
import { readDeveloper } from '../../sync/read-developer.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';

/** One person as found this moment, and what a sync would do. */
export type PersonView =
  | {
      readonly kind: 'decided';
      readonly subject: Subject;
      readonly decision: Decision;
      readonly policy: Policy;
      /** When both sides were read, ms since the epoch. */
      readonly now: number;
    }
  /** Apigee could not be asked: only the portal and the link are known. */
  | {
      readonly kind: 'apigee-unknown';
      readonly subject: Omit<Subject, 'developer'>;
      readonly error: ApigeeError;
      readonly policy: Policy;
      readonly now: number;
    };

/**
 * The person that an operator names: by email, in any case, or by `#` and the id of a portal document that has no usable
 * email. Undefined where `text` is neither.
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

/** Nothing at all is known of the person: there is no portal user, no developer and no link. */
export function isNobody(view: PersonView): boolean {
  return view.kind === 'decided' && view.decision.situation === 'nobody' && view.subject.link === undefined;
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
