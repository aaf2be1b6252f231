import { z } from 'zod';
import type { AttributeEntry, Developer } from '../core/model/profile.ts';
import { attributesIn, entriesOf, unsaidBy } from './attribute-entries.ts';
import type { DeveloperBody, ListedDevelopers } from './developers.ts';

/*
 * What Apigee answers, on every flavour: X sends times as decimal strings and leaves out whatever is empty, Edge sends
 * numbers and members X does not have. Members that we do not know are kept for the next PUT (rule 30). What is not as
 * expected is no answer.
 */

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

/** Ms since the epoch: a number, or a proto int64 as a string, which is left out where it is zero. */
const time = z
  .union([
    z.int().nonnegative(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ])
  .nullish()
  .transform((value) => value ?? 0);

const entrySchema = z.custom<AttributeEntry>((raw) => {
  if (!isObject(raw) || typeof raw['name'] !== 'string') return false;
  const value = raw['value'];
  return typeof value === 'string' || value === undefined || value === null;
});

const developerSchema = z.object({
  email: z.string().min(1),
  developerId: z.string().min(1),
  userName: text,
  firstName: text,
  lastName: text,
  status: z.string(),
  attributes: z.array(entrySchema).nullish(),
  createdAt: time,
  lastModifiedAt: time,
});

/** Only Apigee sets these: a PUT that leaves them out changes nothing about them, and one that names them is not heard. */
const readOnlyMembers = ['organizationName', 'apps', 'companies', 'createdBy', 'lastModifiedBy'];

const knownMembers: ReadonlySet<string> = new Set([...Object.keys(developerSchema.shape), ...readOnlyMembers]);

function developerFrom(raw: unknown): Developer | undefined {
  const wire = developerSchema.safeParse(raw).data;
  if (wire === undefined || !isObject(raw)) return undefined;
  const entries = wire.attributes ?? [];
  const attributes = attributesIn(entries);
  const members = Object.fromEntries(Object.entries(raw).filter(([name]) => !knownMembers.has(name)));
  return {
    email: wire.email,
    developerId: wire.developerId,
    userName: wire.userName,
    firstName: wire.firstName,
    lastName: wire.lastName,
    status: wire.status,
    createdAt: wire.createdAt,
    lastModifiedAt: Math.max(wire.lastModifiedAt, wire.createdAt),
    attributes,
    others: { members, entries: unsaidBy(attributes, entries) },
  };
}

/** X answers an object without any member where there is no developer. */
const wrappedSchema = z.union([
  z.object({ developer: z.array(z.unknown()) }).transform(({ developer }) => developer),
  z.strictObject({}).transform((): unknown[] => []),
]);

const listingSchema = z.union([z.array(z.unknown()), wrappedSchema]);

/** Edge lists strings, X objects. */
const listedEmailSchema = z.union([
  z.string().min(1),
  z.object({ email: z.string().min(1) }).transform((it) => it.email),
]);

const answeredEmailSchema = z.object({ email: z.string() });

const emailsSchema = listingSchema.pipe(z.array(listedEmailSchema));

/** This and the following functions read a body; undefined where the body is not one of Apigee's. */
export function readDeveloper(body: string): Developer | undefined {
  return developerFrom(parseJson(body));
}

/** Undefined if one entry cannot be read: a developer whose email is left out would seem to be gone. */
export function readEmails(body: string): readonly string[] | undefined {
  return emailsSchema.safeParse(parseJson(body)).data;
}

/** A page of the expanded listing; undefined, as above, if an entry has no email. */
export function readListedDevelopers(body: string): ListedDevelopers | undefined {
  const listed = readEntries(body);
  return listed && { emails: listed.emails, developers: listed.developers };
}

/** A page of the expanded listing, with every entry as it came. */
export interface ListedEntries extends ListedDevelopers {
  readonly entries: readonly unknown[];
}

export function readEntries(body: string): ListedEntries | undefined {
  const entries = listingSchema.safeParse(parseJson(body)).data;
  const emails = z.array(listedEmailSchema).safeParse(entries).data;
  return entries && emails && { entries, emails, developers: developersAmong(entries) };
}

/**
 * Entries that are not expanded, or otherwise not whole developers, are left out. So are entries that contradict each
 * other: two developers with one email, or one developerId with two emails.
 */
function developersAmong(entries: readonly unknown[]): readonly Developer[] {
  const developers = entries.map(developerFrom).filter((developer) => developer !== undefined);
  const ids = new Map<string, string>();
  const emails = new Map<string, string>();
  const doubtful = new Set<string>();
  for (const { email, developerId } of developers) {
    const [otherId, otherEmail] = [ids.get(email) ?? developerId, emails.get(developerId) ?? email];
    if (otherId !== developerId || otherEmail !== email) for (const one of [email, otherEmail]) doubtful.add(one);
    ids.set(email, developerId);
    emails.set(developerId, email);
  }
  return developers.filter(
    ({ email, firstName, lastName }) => !doubtful.has(email) && (firstName ?? lastName) !== undefined,
  );
}

/** The email of the developer whom an answer is about, where the answer says it. */
export function readAnsweredEmail(body: string): string | undefined {
  return answeredEmailSchema.safeParse(parseJson(body)).data?.email;
}

/**
 * Reads the answer to a status or delete call: 204, or 200 with any JSON. A 200 with an empty body is a broken answer
 * (rule 25).
 */
export function readNothing(body: string, status: number): true | undefined {
  return status === 204 || parseJson(body) !== undefined ? true : undefined;
}

/** What we know of a developer, and what was read besides (rule 30). */
export function writeDeveloper(developer: DeveloperBody): string {
  const { email, firstName, lastName, userName, others } = developer;
  const attributes = entriesOf(developer.attributes, others.entries);
  return JSON.stringify({ ...others.members, email, firstName, lastName, userName, attributes });
}

/** Undefined where `body` is not JSON. No JSON stands for undefined. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
