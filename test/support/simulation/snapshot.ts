import { canonicalEmail } from '../../../shared/core/model/email.ts';
import type { Link } from '../../../shared/core/model/link.ts';
import type { Developer } from '../../../shared/core/model/profile.ts';
import type { StoredDocument } from '../../../shared/state/in-memory/collection.ts';
import { keyOf, type World } from './world.ts';

/** One email on both sides, and what the product remembers of it. */
export interface Person {
  readonly email: string;
  readonly users: readonly StoredDocument[];
  readonly developers: readonly Developer[];
  readonly link: Link | undefined;
}

/** Everybody who is there or was. */
export type Snapshot = ReadonlyMap<string, Person>;

export function snapshot({ database, developers }: World): Snapshot {
  const users = Map.groupBy(database.portalDocuments(), ({ data }): string => canonicalEmail(data['email']) ?? '');
  // Documents without a usable email are nobody here, and judged by themselves.
  users.delete('');
  const known = Map.groupBy(developers.all(), (developer) => keyOf(developer) ?? '');
  const named = database.allLinks().filter(({ key }) => !key.startsWith('#'));
  const links = new Map(named.map((link): [string, Link] => [link.key, link]));
  const emails = new Set<string>([...users.keys(), ...known.keys(), ...links.keys()]);
  return new Map(
    [...emails].map((email) => [
      email,
      { email, users: users.get(email) ?? [], developers: known.get(email) ?? [], link: links.get(email) },
    ]),
  );
}

/** The ids of portal documents whose email cannot be used: each is a person by itself (rule 18). */
export function unusableUsers({ database }: World): readonly string[] {
  return database
    .portalDocuments()
    .flatMap(({ id, data }) => (canonicalEmail(data['email']) === undefined ? [id] : []));
}

export function personOf(taken: Snapshot, email: string): Person {
  return taken.get(email) ?? { email, users: [], developers: [], link: undefined };
}
