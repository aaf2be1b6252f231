import { z } from 'zod';
import { documentKey, formerCanonicalEmail, type PersonKey } from '../core/model/email.ts';
import { actorName, holdReasons, type Actor, type Link } from '../core/model/link.ts';
import type { Profile } from '../core/model/profile.ts';
import { reportedSituations } from '../core/model/situation.ts';
import { isOfNobody, type LinkKeeping } from './link-keeping.ts';
import { maybe, unreadable, withoutUndefined } from './maybe.ts';
import { storedField } from './stored-field.ts';

const text = z.string();
const time = z.number();

/** Attributes are stored as a list, because their names may be what Firestore does not allow as a field's name. */
const attributes = z
  .array(z.object({ name: text, value: text }))
  .transform((list) => new Map(list.map(({ name, value }) => [name, value])));

const written = z.object({ content: text, editedAt: time, at: maybe(time) });

const profile = z.object({ firstName: maybe(text), lastName: maybe(text), status: maybe(text), attributes });

/** A person key; anything else cannot be read. */
export const storedKey = text.transform((raw, context): PersonKey => {
  if (raw.startsWith('#')) return documentKey(raw.slice(1));
  const email = formerCanonicalEmail(raw);
  if (email !== undefined && email === raw) return email;
  context.addIssue({ code: 'custom', message: 'not a person key' });
  return z.NEVER;
});

const outcomes = [
  'created-apigee',
  'created-portal',
  'updated-apigee',
  'updated-portal',
  'unchanged',
  'held',
  'failed',
] as const;

/**
 * A member that is made anew whenever the person is looked at. Where a later version has stored words that this version
 * does not know, the member is read as undefined: one link must not keep the others from being read (rule 7).
 */
function known<T extends z.ZodRawShape>(shape: T) {
  return maybe(z.object(shape)).catch(undefined);
}

/**
 * Fields keep the names under which the first version stored them, so that an upgrade rewrites no document and a version
 * before this one can follow: `portalId` is the link's `userId`, `attempts` are its `intents`.
 */
const storedLink = z.object({
  /** Left out of a link of nobody, which is found by its document id only (rule 37). */
  key: maybe(storedKey),
  keyHash: maybe(text),
  presence: z.enum(['both', 'portal', 'apigee', 'none']),
  portalId: maybe(text),
  rivals: z.array(text),
  developer: maybe(
    z.object({
      email: text,
      developerId: text,
      modifiedAt: time,
      written: maybe(written),
    }),
  ),
  base: maybe(z.object({ portal: profile, developer: profile, mapping: text, portalUpdatedAt: maybe(time) })),
  attempts: z.array(profile),
  deactivationIntent: maybe(z.object({ developerId: text })),
  undoIntent: maybe(
    z.object({
      developerId: text,
      deletes: z.boolean(),
      fields: z.array(z.object(storedField)),
      written: maybe(written),
    }),
  ),
  undone: maybe(z.array(text)),
  owesDeletion: maybe(z.boolean()),
  tombstone: maybe(
    z.object({
      side: z.enum(['portal', 'developer', 'both']),
      at: time,
      developerId: maybe(text),
      modifiedAt: maybe(time),
      deactivated: z.boolean(),
      undone: maybe(z.literal(true)),
    }),
  ),
  hold: known({ reason: z.enum(holdReasons), detail: text, since: time }),
  failure: known({
    kind: z.enum(['permanent', 'transient']),
    message: text,
    fingerprint: text,
    attempts: z.number(),
    since: time,
  }),
  leftAlone: maybe(z.array(text)),
  due: maybe(time),
  lease: maybe(z.object({ holder: text, expiresAt: time })),
  history: z.array(z.object({ field: text, side: z.enum(['portal', 'apigee']), value: maybe(text), at: time })),
  last: known({
    by: text.transform(decodeActor),
    outcome: z.enum(outcomes),
    situation: z.enum(reportedSituations),
    reason: text,
    fields: z.array(text),
    at: time,
  }),
});

/** Whether a link says whose it is: a link of nobody is read by those only who know the email. */
export function saysKey(data: Readonly<Record<string, unknown>>): boolean {
  return data['key'] !== undefined;
}

/** When the link was written, by the store's own clock: each store sets it, but where the link is written quietly. */
export const writtenAtField = 'writtenAt';

/** Every field that a stored link may have. */
export const linkFields: readonly string[] = [
  ...Object.keys(storedLink.shape),
  'hasDeveloper',
  'troubled',
  'expireAt',
  writtenAtField,
];

/**
 * A link as both stores keep it: plain values, undefined fields left out, what queries ask for at the top.
 * `hasDeveloper` and `troubled` are there for queries only and are not read back.
 */
export function encodeLink(link: Link, keeping?: LinkKeeping): Record<string, unknown> {
  const { userId, intents, key, ...same } = link;
  const hash = isOfNobody(link) ? keeping?.hashOf?.(key) : undefined;
  const expiresAt = keeping?.expiresAt(link);
  return withoutUndefined({
    ...same,
    key: hash === undefined ? key : undefined,
    keyHash: hash,
    expireAt: expiresAt === undefined ? undefined : new Date(expiresAt),
    portalId: userId,
    attempts: intents.map(encodeProfile),
    hasDeveloper: link.presence === 'both' || link.presence === 'apigee',
    troubled: link.hold !== undefined || link.failure !== undefined || link.leftAlone !== undefined ? true : undefined,
    last: link.last && { ...link.last, by: actorName(link.last.by) },
    base: link.base && {
      portal: encodeProfile(link.base.portal),
      developer: encodeProfile(link.base.developer),
      mapping: link.base.mapping,
      portalUpdatedAt: link.base.portalUpdatedAt,
    },
  });
}

/**
 * `asked`: the key by which the document was asked for; a link of nobody does not say its own. Throws where the document
 * is not a link, naming the document and the field.
 */
export function decodeLink(documentId: string, data: unknown, asked?: PersonKey): Link {
  const parsed = storedLink.safeParse(data);
  if (!parsed.success) throw unreadable(`link ${documentId}`, parsed.error);
  const { portalId: userId, attempts: intents, key = asked, keyHash: _, ...same } = parsed.data;
  if (key === undefined) throw new Error(`The link ${documentId} cannot be read (key: unknown).`);
  return { key, ...same, userId, intents };
}

/**
 * With what the ids of an operator's actions begin. A run has an id like that only if the sender of its request chose
 * it.
 */
export const operatorName = 'manual';

export function decodeActor(stored: string): Actor {
  if (stored === 'push' || stored === 'pull') return { kind: stored };
  if (stored.startsWith(`${operatorName}-`)) return { kind: 'operator', actionId: stored };
  return { kind: 'run', runId: stored };
}

function encodeProfile(profile: Profile): Record<string, unknown> {
  return { ...profile, attributes: [...profile.attributes].map(([name, value]) => ({ name, value })) };
}
