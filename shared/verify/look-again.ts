import pMap from 'p-map';
import type { Developers } from '../apigee/developers.ts';
import { canonicalEmail, documentKey, type PersonKey } from '../core/model/email.ts';
import type { Link } from '../core/model/link.ts';
import type { Policy } from '../core/model/policy.ts';
import type { Developer, PortalReading, PortalUser } from '../core/model/profile.ts';
import type { People } from '../state/people.ts';
import { compare } from './compare.ts';
import type { Finding, Person, UnreadableDocument } from './finding.ts';

/** What comparing both sides needs from outside. */
export interface VerifyDeps {
  readonly people: People;
  readonly developers: Developers;
  readonly policy: Policy;
  readonly now: () => number;
}

/** A person whose two sides seemed to differ while both listings were read. */
export interface Suspect {
  readonly key: PersonKey;
  readonly userIds: readonly string[];
  /** The spellings of the email in Apigee's listing; empty where the listing did not show it. */
  readonly emails: readonly string[];
}

const perPage = 100;
const atOnce = 8;
/** How far Apigee's clock and ours may be apart, ms. */
const clockSkew = 10 * 60_000;

/**
 * Reads every suspect afresh and calls `tell` for those who still differ. Answers a problem where Apigee could not be
 * asked, or where its listing had left out a developer; undefined where everyone was read.
 */
export async function lookAgain(
  deps: VerifyDeps,
  suspects: readonly Suspect[],
  startedAt: number,
  tell: (finding: Finding) => void,
): Promise<string | undefined> {
  for (let start = 0; start < suspects.length; start += perPage) {
    const page = suspects.slice(start, start + perPage);
    const links = await deps.people.links(page.map(({ key }) => key));
    const looks = await pMap(page, (suspect) => look(deps, suspect, links.get(suspect.key)?.link, startedAt), {
      concurrency: atOnce,
    });
    for (const person of looks) {
      if (typeof person === 'string') return person;
      const finding = compare(person, deps.policy, deps.now());
      if (finding !== undefined) tell(finding);
    }
  }
  return undefined;
}

async function look(
  { people, developers }: VerifyDeps,
  suspect: Suspect,
  link: Link | undefined,
  startedAt: number,
): Promise<Person | string> {
  const { key } = suspect;
  const email = canonicalEmail(key);
  const found = new Map<string, Developer>();
  for (const spelling of email === undefined ? [] : new Set([...suspect.emails, email])) {
    const answer = await developers.get(spelling);
    if (!answer.ok) return answer.error.message;
    if (answer.value !== undefined) found.set(answer.value.developerId, answer.value);
  }
  const [first] = found.values();
  if (first !== undefined && suspect.emails.length === 0 && first.createdAt < startedAt - clockSkew)
    return 'the listing of developers left out one who is there';

  const named = email === undefined ? [] : await people.userIdsWithEmail(email);
  const bound = link?.userId === undefined ? [] : [link.userId];
  const ids = [...new Set([...suspect.userIds, ...named, ...bound, ...(link?.rivals ?? [])])];
  const readings = ids.length === 0 ? new Map<string, PortalReading>() : await people.portalUsers(ids);
  const users: PortalUser[] = [];
  const unreadable: UnreadableDocument[] = [];
  for (const [id, reading] of readings) {
    if (reading.kind === 'user' && canonicalEmail(reading.user.email) === email) users.push(reading.user);
    if (reading.kind === 'malformed' && (reading.email ?? documentKey(id)) === key)
      unreadable.push({ id, problems: reading.problems });
  }
  const otherLinks: Link[] = [];
  for (const { id } of [...users, ...unreadable].filter((document) => document.id !== link?.userId)) {
    const naming = await people.linksOfPortalUser(id);
    otherLinks.push(...naming.map((stored) => stored.link).filter((other) => other.key !== key));
  }
  return { key, users, unreadable, developers: [...found.values()], link, otherLinks };
}
