import type { ApigeeError } from '../../apigee/developers.ts';
import { emailOf } from '../../core/decide/ownership.ts';
import { canonicalEmail, type CanonicalEmail, type PersonKey } from '../../core/model/email.ts';
import type { Link } from '../../core/model/link.ts';
import { personHasher } from '../../log/person-hash.ts';
import { newMeter } from '../../state/meter.ts';
import type { People, StoredLink } from '../../state/people.ts';
import type { Services } from '../../wiring/services.ts';
import { erasers, type Erased } from '../forget/erasers.ts';
import { documentKeys, keysOf, type PersonKept } from '../forget/person-kept.ts';
import type { Refused } from '../words/refusals.ts';
import { audited, type Acting, type Ended } from './audited.ts';
import { refusedOfState } from './own-state.ts';

export type ForgottenPerson =
  /** `removed`: by what it was removed from. `left`: what is still kept, and until when. */
  | {
      readonly kind: 'forgotten';
      readonly removed: Readonly<Record<string, number>>;
      readonly left: readonly string[];
    }
  /** Nothing was removed: the person is there, or Apigee could not be asked. */
  | { readonly kind: 'on-a-side'; readonly side: 'portal' | 'apigee' }
  | { readonly kind: 'not-reached'; readonly error: ApigeeError }
  | Refused;

/**
 * Removes all that we keep of a person who is on neither side (rule 37). Who did it is recorded first, without the email.
 * It writes to no side, so it works while every write is stopped. After a crash, give it again.
 */
export async function forgetPerson(services: Services, acting: Acting, key: PersonKey): Promise<ForgottenPerson> {
  const refused = await refusedOfState(services);
  if (refused !== undefined) return refused;
  const hash = personHasher(services.config.logHashKey)(key);
  return audited<ForgottenPerson>(services, acting, { action: 'forget-person', personHash: hash }, async () => {
    const people = services.people(newMeter());
    const person = await findKept(people, key, hash);
    const found = await whereFound(services, people, person);
    const result = found ?? (await eraseAll(services, person));
    return { result, end: endOf(result) };
  });
}

/** Under which names we may have kept something, as the links tell. */
async function findKept(people: People, key: PersonKey, hash: string): Promise<PersonKept> {
  const keys = keysOf(key);
  const stored = await people.links(keys);
  const links = [...stored.values()].map(({ link }) => link);
  const bound = links.flatMap(({ userId }) => userId ?? []);
  const rivals = links.flatMap((link) => link.rivals);
  const readings = await people.portalUsers([...new Set(rivals)]);
  // A portal user who only once had this email is somebody else.
  const hasOther = (id: string): boolean => {
    const email = emailOf(readings.get(id) ?? { kind: 'absent' });
    return email !== undefined && !keys.includes(email);
  };
  const userIds = [...new Set([...bound, ...rivals.filter((id) => !hasOther(id))])];
  const withDeveloper = await havingDeveloper(people, keys, links);
  const spellings = [...new Set([...keys, ...withDeveloper.flatMap(({ developer }) => developer?.email ?? [])])];
  const ofDocuments = documentKeys(userIds);
  const found = [...stored, ...(await people.links(ofDocuments))];
  const versions = new Map(found.map(([one, { version }]) => [one, version]));
  const hasKnownDeveloper = withDeveloper.some(({ presence }) => presence === 'both' || presence === 'apigee');
  return { key, keys: [...keys, ...ofDocuments], spellings, userIds, hasKnownDeveloper, versions, hash };
}

/** The links whose developer is still this person's: on Edge, one may have gone on under an email that has its own link. */
async function havingDeveloper(
  people: People,
  keys: readonly PersonKey[],
  links: readonly Link[],
): Promise<readonly Link[]> {
  const emailNow = ({ developer }: Link): CanonicalEmail | undefined => developer && canonicalEmail(developer.email);
  const others = links.flatMap((link) => emailNow(link) ?? []).filter((email) => !keys.includes(email));
  const theirs = others.length === 0 ? new Map<PersonKey, StoredLink>() : await people.links(others);
  return links.filter((link) => {
    const email = emailNow(link);
    const there = email === undefined ? undefined : theirs.get(email)?.link.developer;
    return there === undefined || there.developerId !== link.developer?.developerId;
  });
}

/** Asks both sides, now, and what the last run saw of Apigee. Undefined: the person is on neither. */
async function whereFound(
  services: Services,
  people: People,
  { key, keys, spellings, userIds, hasKnownDeveloper }: PersonKept,
): Promise<Exclude<ForgottenPerson, { kind: 'forgotten' } | Refused> | undefined> {
  const emails = keys.flatMap((one): CanonicalEmail[] => (isEmail(one) ? [one] : []));
  const documents = isEmail(key) ? userIds : [key.slice(1), ...userIds];
  const [withEmail, readings] = await Promise.all([
    Promise.all(emails.map((email) => people.userIdsWithEmail(email))),
    people.portalUsers(documents),
  ]);
  const isOnPortal = [...readings.values()].some(({ kind }) => kind !== 'absent');
  if (isOnPortal || withEmail.flat().length > 0) return { kind: 'on-a-side', side: 'portal' };
  const developers = services.developers(() => undefined);
  for (const spelling of spellings.filter((text) => !text.startsWith('#'))) {
    const answer = await developers.get(spelling);
    if (!answer.ok) return { kind: 'not-reached', error: answer.error };
    if (answer.value !== undefined) return { kind: 'on-a-side', side: 'apigee' };
  }
  return hasKnownDeveloper ? { kind: 'on-a-side', side: 'apigee' } : undefined;
}

function isEmail(key: PersonKey): key is CanonicalEmail {
  return !key.startsWith('#') && canonicalEmail(key.normalize('NFC')) !== undefined;
}

async function eraseAll(services: Services, person: PersonKept): Promise<ForgottenPerson> {
  const removed: Record<string, number> = {};
  const left: string[] = [];
  for (const { what, erase } of erasers) {
    const erased: Erased = await erase(services, person);
    removed[what] = erased.removed;
    if (erased.left !== undefined) left.push(erased.left);
  }
  return { kind: 'forgotten', removed, left };
}

function endOf(result: ForgottenPerson): Ended {
  switch (result.kind) {
    case 'forgotten': {
      const removed = Object.values(result.removed).some((count) => count > 0);
      if (result.left.length > 0) return { state: 'done', words: 'forgotten in part; the rest expires' };
      return removed ? { state: 'done', words: 'forgotten' } : { state: 'nothing', words: 'nothing was kept' };
    }
    case 'on-a-side':
      return { state: 'refused', words: `the person is ${result.side === 'portal' ? 'on the portal' : 'in Apigee'}` };
    case 'not-reached':
      return { state: 'failed', words: 'Apigee could not be asked' };
    case 'refused':
      return { state: 'refused', words: 'refused' };
  }
}
