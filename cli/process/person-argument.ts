import { canonicalEmail, documentKey, type PersonKey } from '../../shared/core/model/email.ts';
import { isDocumentId } from '../../shared/state/id-order.ts';
import type { People } from '../../shared/state/people.ts';
import type { Person } from '../../shared/sync/look.ts';
import { Refusal } from './cli-io.ts';

/** The person an operator names: by email in any case, or a portal document without one by `#` and its id. Throws Refusal. */
export function personKey(argument: string): PersonKey {
  const email = canonicalEmail(argument);
  if (email !== undefined) return email;
  const userId = argument.startsWith('#') ? argument.slice(1) : '';
  if (isDocumentId(userId)) return documentKey(userId);
  throw new Refusal('Give an email such as ann@example.com, or #ID for a portal document that has none');
}

/** With the portal documents that the link does not know yet. */
export async function findPerson(people: People, key: PersonKey): Promise<Person> {
  const email = canonicalEmail(key);
  const hints = email === undefined ? [key.slice(1)] : await people.userIdsWithEmail(email);
  return { key, hints };
}
