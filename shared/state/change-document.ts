import { z } from 'zod';
import { linkId, type PersonKey } from '../core/model/email.ts';
import { actKinds, sides, type Change } from '../core/model/change.ts';
import { heldForms } from '../core/model/held.ts';
import { actorName } from '../core/model/link.ts';
import { reportedSituations } from '../core/model/situation.ts';
import { decodeActor, storedKey } from './link-document.ts';
import { maybe, unreadable, withoutUndefined } from './maybe.ts';
import { storedField } from './stored-field.ts';

const text = z.string();
const act = maybe(z.enum(actKinds));

/** A form that only a later version knows cannot be written: the value is text then. */
const held = z.enum(heldForms).optional().catch(undefined);

const storedChange = z.object({
  id: text,
  key: storedKey,
  by: text.transform(decodeActor),
  at: z.number(),
  situation: z.enum(reportedSituations),
  reason: text,
  userId: maybe(text),
  developerId: maybe(text),
  mapping: text,
  destructive: z.boolean(),
  acts: z.object({ portal: act, apigee: act }),
  fields: z.array(z.object({ side: z.enum(sides), ...storedField, held })),
});

/** A change as both stores keep it. */
export function encodeChange(change: Change): Record<string, unknown> {
  const { acts, fields, by, ...same } = change;
  return withoutUndefined({
    ...same,
    by: actorName(by),
    acts: withoutUndefined({ ...acts }),
    fields: fields.map((write) => withoutUndefined({ ...write })),
  });
}

/** Throws where the document is not a change. */
export function decodeChange(documentId: string, data: unknown): Change {
  const parsed = storedChange.safeParse(data);
  if (!parsed.success) throw unreadable(`change ${documentId}`, parsed.error);
  const { acts, ...same } = parsed.data;
  return { ...same, acts: { portal: acts.portal, apigee: acts.apigee } };
}

/** All changes of one person have ids in this range, newest first. The bounds themselves are no ids. */
export function changeIdsOf(key: PersonKey): { readonly after: string; readonly before: string } {
  const person = linkId(key);
  return { after: `${person}.`, before: `${person}.~` };
}

/** Id of the document: the person's link id, and then the change's own id. */
export function changeDocumentId({ key, id }: Pick<Change, 'key' | 'id'>): string {
  return `${linkId(key)}.${id}`;
}

const digits = 9;
const latest = 36 ** digits - 1;

/**
 * The id of a change that is made at `at` (ms since the epoch); `unique` tells it from others of the same moment. Newer ones
 * come first, because Firestore reads ids in ascending order only.
 */
export function newChangeId(at: number, unique: string): string {
  const left = Math.min(latest, Math.max(0, latest - at));
  return `${left.toString(36).padStart(digits, '0')}-${unique}`;
}
