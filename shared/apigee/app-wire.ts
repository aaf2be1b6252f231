import { z } from 'zod';
import type { App, ListedPage } from './apps.ts';
import { parseJson, readEntries } from './wire.ts';

/*
 * Apps as Apigee answers them: X sends times as decimal strings, Edge numbers, and both -1 for a key that never expires.
 * The consumer secret is not among the members that are read, so that it goes no further than the parser.
 */

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const time = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^-?\d{1,15}$/)
      .transform(Number),
  ])
  .nullish()
  .transform((value) => value ?? 0);

const product = z.object({ apiproduct: z.string(), status: text });

const credential = z.object({
  consumerKey: text,
  status: text,
  issuedAt: time,
  expiresAt: time,
  apiProducts: z.array(product).nullish(),
});

const app = z.object({
  name: z.string().min(1),
  status: text,
  createdAt: time,
  lastModifiedAt: time,
  credentials: z.array(credential).nullish(),
});

/** X leaves out an empty list, and then answers an object without any member. */
const listing = z.union([z.object({ app: z.array(app) }), z.strictObject({})]);

/** Undefined where the body is none of Apigee's. */
export function readApps(body: string): readonly App[] | undefined {
  const parsed = listing.safeParse(parseJson(body)).data;
  if (parsed === undefined) return undefined;
  const found = 'app' in parsed ? parsed.app : [];
  return found.map(({ name, status, createdAt, lastModifiedAt, credentials }) => ({
    name,
    status,
    createdAt,
    lastModifiedAt,
    keys: (credentials ?? []).map((key) => ({
      keyEnd: key.consumerKey.slice(-4),
      status: key.status,
      issuedAt: Math.max(0, key.issuedAt),
      expiresAt: key.expiresAt > 0 ? key.expiresAt : undefined,
      products: (key.apiProducts ?? []).map((it) => ({ name: it.apiproduct, status: it.status })),
    })),
  }));
}

const namedApps = z.object({ email: z.string(), apps: z.array(z.string()) });

/** A page of the listing. Undefined where the body is none of Apigee's. */
export function readListed(body: string): ListedPage | undefined {
  const page = readEntries(body);
  if (page === undefined) return undefined;
  const apps = new Map<string, readonly string[]>();
  for (const entry of page.entries) {
    const named = namedApps.safeParse(entry).data;
    if (named !== undefined) apps.set(named.email, named.apps);
  }
  const developers = page.developers.map((developer) => ({ developer, apps: apps.get(developer.email) ?? [] }));
  return { emails: page.emails, developers };
}
