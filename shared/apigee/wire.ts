import { z } from 'zod';
import type { Developer } from '../core/model/profile.ts';
import type { DeveloperBody } from './developers.ts';

/*
 * The bodies that Apigee answers, of every flavour: X sends times as decimal strings and leaves out what is empty, Edge
 * sends numbers, and members that X does not have. Unknown members are ignored. A body that is still not as expected does
 * not count as an answer.
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

const attributeSchema = z.object({ name: z.string(), value: text });

const developerSchema = z
  .object({
    email: z.string().min(1),
    developerId: z.string().min(1),
    userName: text,
    firstName: text,
    lastName: text,
    status: z.string(),
    attributes: z.array(attributeSchema).nullish(),
    createdAt: time,
    lastModifiedAt: time,
  })
  .transform((wire): Developer => ({
    email: wire.email,
    developerId: wire.developerId,
    userName: wire.userName,
    firstName: wire.firstName,
    lastName: wire.lastName,
    status: wire.status,
    createdAt: wire.createdAt,
    lastModifiedAt: Math.max(wire.lastModifiedAt, wire.createdAt),
    // Where two attributes have one name, the last one counts.
    attributes: new Map((wire.attributes ?? []).map(({ name, value }) => [name, value ?? ''])),
  }));

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

const emailsSchema = listingSchema.pipe(z.array(listedEmailSchema));

/** This and the following functions read a body; undefined where the body is not one of Apigee's. */
export function readDeveloper(body: string): Developer | undefined {
  return developerSchema.safeParse(parseJson(body)).data;
}

/** Undefined if one entry cannot be read: a developer whose email is left out would seem to be gone. */
export function readEmails(body: string): readonly string[] | undefined {
  return emailsSchema.safeParse(parseJson(body)).data;
}

/** Leaves out entries that are not expanded, or not whole developers for another reason. */
export function readDevelopers(body: string): readonly Developer[] | undefined {
  const entries = listingSchema.safeParse(parseJson(body)).data;
  return entries
    ?.map((entry) => developerSchema.safeParse(entry).data)
    .filter((developer) => developer !== undefined)
    .filter(({ firstName, lastName }) => firstName !== undefined || lastName !== undefined);
}

/**
 * Reads the answer to a status or delete call: 204, or 200 with any JSON. A 200 with an empty body is a broken answer
 * (rule 25).
 */
export function readNothing(body: string, status: number): true | undefined {
  return status === 204 || parseJson(body) !== undefined ? true : undefined;
}

/** Writes these members and no others: X refuses members that it does not know. */
export function writeDeveloper(developer: DeveloperBody): string {
  const { email, firstName, lastName, userName } = developer;
  const attributes = [...developer.attributes].map(([name, value]) => ({ name, value }));
  return JSON.stringify({ email, firstName, lastName, userName, attributes });
}

/** Undefined where `body` is not JSON. No JSON stands for undefined. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
