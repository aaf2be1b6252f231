import { z } from 'zod';
import { linkId, type PersonKey } from '../core/model/email.ts';
import { auditActions, type AuditEnd, type AuditRecord } from './audit.ts';
import { storedKey } from './link-document.ts';
import { maybe, unreadable, withoutUndefined } from './maybe.ts';

const text = z.string();

const storedRecord = z.object({
  actionId: text,
  at: z.number(),
  operator: z.object({ id: text, name: text, role: z.enum(['viewer', 'operator', 'admin']) }),
  action: z.enum(auditActions),
  reason: maybe(text),
  person: maybe(storedKey),
  personHash: maybe(text),
  runId: maybe(text),
  fields: z.array(text),
  people: maybe(z.number()),
  end: maybe(
    z.object({ state: z.enum(['done', 'nothing', 'held', 'failed', 'refused']), words: text, at: z.number() }),
  ),
});

/** `personAt` is there for a query only. */
export function encodeAudit(record: AuditRecord): Record<string, unknown> {
  const { person, at } = record;
  return withoutUndefined({ ...record, personAt: person && `${linkId(person)} ${String(at).padStart(15, '0')}` });
}

/**
 * The values of `personAt` of one person, which are in the order of time: one range over one field finds the newest, and
 * needs no composite index.
 */
export function personAtRange(person: PersonKey): { readonly from: string; readonly before: string } {
  const id = linkId(person);
  return { from: `${id} `, before: `${id}!` };
}

/** What becomes of a record when its person is forgotten: that somebody acted, when and how it ended. */
export function forgottenRecord(
  record: AuditRecord,
  hash: string,
  isMentioned: (text: string) => boolean,
): AuditRecord {
  const { reason, end } = record;
  return {
    ...record,
    person: undefined,
    personHash: hash,
    reason: reason !== undefined && isMentioned(reason) ? undefined : reason,
    end: end && { ...end, words: isMentioned(end.words) ? 'how it ended was forgotten with the person' : end.words },
  };
}

export function encodeAuditEnd(end: AuditEnd): Record<string, unknown> {
  return { end: { ...end } };
}

/** Throws where the document is not an audit record. */
export function decodeAudit(documentId: string, data: unknown): AuditRecord {
  const parsed = storedRecord.safeParse(data);
  if (!parsed.success) throw unreadable(`audit record ${documentId}`, parsed.error);
  return parsed.data;
}
