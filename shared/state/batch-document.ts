import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { reportedSituations } from '../core/model/situation.ts';
import { storedKey } from './link-document.ts';
import { maybe, unreadable, withoutUndefined } from './maybe.ts';
import { storedCalls, storedTraffic } from './run-document.ts';
import {
  batchPhases,
  type Batch,
  type BatchPhase,
  type BatchResult,
  type ListingPart,
  type PortalPart,
} from './batch.ts';

const text = z.string();
const texts = z.array(text);
const keys = z.array(storedKey);

const outcome = z.enum([
  'created-apigee',
  'created-portal',
  'updated-apigee',
  'updated-portal',
  'unchanged',
  'held',
  'failed',
]);

/**
 * Fields keep the names under which the first version stored them, so that an upgrade can read the batches of a run that
 * is under way. What `after`, `through` and `people` mean depends on the phase.
 */
const storedBatch = z.object({
  runId: text,
  phase: z.enum(batchPhases),
  seq: z.number(),
  after: maybe(text),
  through: maybe(text),
  people: z.instanceof(Uint8Array),
  range: maybe(
    z.object({ known: z.array(z.object({ runId: text, seq: z.number() })), apart: z.boolean(), knows: z.boolean() }),
  ),
  listed: maybe(z.instanceof(Uint8Array)),
  result: maybe(z.instanceof(Uint8Array)),
});

const storedListed = z.object({
  size: z.number(),
  marks: texts,
  end: maybe(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('closed'), next: maybe(text) }),
      z.object({ kind: z.literal('vanished') }),
      z.object({ kind: z.literal('open') }),
    ]),
  ),
});

/**
 * `people` is left out where it is the batch's own list. `person` of a row is a position in that list, or a key that is not
 * in the list.
 */
const storedResult = z.object({
  people: maybe(texts),
  outcomes: z.array(outcome),
  rows: z.array(
    z.object({
      person: z.union([z.number(), text]),
      situation: z.enum(reportedSituations),
      outcome,
      reason: text,
      fields: texts,
    }),
  ),
  planned: keys,
  uncreated: keys.default([]),
  stale: z.number().default(0),
  kept: z.number().default(0),
  inStep: maybe(z.object({ settings: text, developers: texts })),
  calls: storedCalls,
  traffic: storedTraffic,
  finishedAt: z.number(),
});

/**
 * A batch as Firestore keeps it. A thousand people with their rows can come near a document's limit of 1 MiB, so lists
 * are compressed and every person is spelt once. `progress` and `finishedAt` are there for queries.
 */
export function encodeBatch(batch: Batch): Record<string, unknown> {
  const { runId, phase, seq, result } = batch;
  return withoutUndefined({
    runId,
    phase,
    seq,
    ...encodePage(batch),
    people: pack(peopleOf(batch)),
    ...(result === undefined ? { progress: progressOf(phase, false) } : encodeResult(batch, result)),
  });
}

/** What a batch is about, by the stored names. `after: 'look'` in a destructive batch is what earlier versions read. */
function encodePage(batch: Batch): Record<string, unknown> {
  switch (batch.phase) {
    case 'portal':
      return { after: encodePart(batch.part), through: undefined };
    case 'apigee':
      return { ...encodeListing(batch.part), listed: batch.listed && pack(batch.listed) };
    case 'links':
      return { after: batch.kind, through: batch.next };
    case 'destructive':
      return { after: 'look', through: undefined };
  }
}

/** Where a part begins and ends has one pair of names, whichever it is. */
function encodeListing(part: ListingPart): Record<string, unknown> {
  if (part.kind === 'page') return { after: part.first, through: part.last };
  const { from, to, known, apart, knows } = part;
  return { after: from, through: to, range: { known: known.map(({ runId, seq }) => ({ runId, seq })), apart, knows } };
}

/** The empty text means the first page of the collection: no document id is empty. */
function encodePart(part: PortalPart): string | undefined {
  return part.kind === 'first' ? undefined : (part.after ?? '');
}

function decodePart(after: string | undefined): PortalPart {
  return after === undefined ? { kind: 'first' } : { kind: 'page', after: after === '' ? undefined : after };
}

/** The people named in a batch before it is done. */
export function peopleOf(batch: Batch): readonly string[] {
  return batch.phase === 'portal' ? [] : batch.people;
}

/** The batch as it is once it is done: what a range has found is its own. */
export function withResult(batch: Batch, result: BatchResult): Batch {
  const { found, ...rest } = result;
  const done = { ...rest, found: undefined };
  return batch.phase === 'apigee' ? { ...batch, ...found, result: done } : { ...batch, result: done };
}

/** The fields that completing a batch adds or changes. */
export function encodeCompletion(batch: Batch, result: BatchResult): Record<string, unknown> {
  const done = withResult(batch, result);
  if (done.result === undefined) throw new Error('a batch that is done has a result');
  const page = result.found && done.phase === 'apigee' ? encodeBatch({ ...done, result: undefined }) : {};
  return { ...page, ...encodeResult(done, done.result) };
}

function encodeResult(batch: Batch, result: BatchResult): Record<string, unknown> {
  const { people, rows, uncreated, stale, kept, found: _, ...rest } = result;
  const places = new Map(people.map((person, place) => [person, place]));
  const packed = pack({
    ...rest,
    uncreated: uncreated.length === 0 ? undefined : uncreated,
    stale: stale === 0 ? undefined : stale,
    kept: kept === 0 ? undefined : kept,
    people: isSame(people, peopleOf(batch)) ? undefined : people,
    rows: rows.map(({ key, ...row }) => ({ person: places.get(key) ?? key, ...row })),
  });
  return { result: packed, progress: progressOf(batch.phase, true), finishedAt: result.finishedAt };
}

/** The value of `progress`, by which queries find the batches of one phase that are done, or are not. */
export function progressOf(phase: BatchPhase, done: boolean): string {
  return `${phase}-${done ? 'done' : 'open'}`;
}

/** Throws where the document is not a batch. */
export function decodeBatch(documentId: string, data: unknown): Batch {
  const what = `batch ${documentId}`;
  const parsed = storedBatch.safeParse(data);
  if (!parsed.success) throw unreadable(what, parsed.error);
  const { runId, phase, seq, after, through, people: packed, range, listed: packedListed, result } = parsed.data;
  const resultOf = (people: readonly string[]) => result && decodeResult(people, what, result);
  switch (phase) {
    case 'portal':
      return { runId, phase, seq, part: decodePart(after), result: resultOf([]) };
    case 'apigee': {
      const people = unpack(texts, what, packed);
      const known = range?.known.map((id) => ({ ...id, phase })) ?? [];
      const part: ListingPart = range
        ? { kind: 'range', from: after, to: through, known, apart: range.apart, knows: range.knows }
        : { kind: 'page', first: after, last: through };
      const listed = packedListed && unpack(storedListed, what, packedListed);
      return { runId, phase, seq, people, part, listed, result: resultOf(people) };
    }
    case 'links': {
      const people = unpack(keys, what, packed);
      const kind = after === 'missing' ? after : 'look';
      return { runId, phase, seq, kind, people, next: through, result: resultOf(people) };
    }
    case 'destructive': {
      const people = unpack(keys, what, packed);
      return { runId, phase, seq, people, result: resultOf(people) };
    }
  }
}

function decodeResult(batchPeople: readonly string[], what: string, bytes: Uint8Array): BatchResult {
  const { rows, people = batchPeople, ...rest } = unpack(storedResult, what, bytes);
  return {
    ...rest,
    people,
    found: undefined,
    rows: rows.map(({ person, ...row }) => ({
      key: typeof person === 'string' ? person : (people[person] ?? ''),
      ...row,
    })),
  };
}

function pack(value: unknown): Buffer {
  return gzipSync(JSON.stringify(value));
}

function unpack<T>(schema: z.ZodType<T>, what: string, bytes: Uint8Array): T {
  const parsed = schema.safeParse(JSON.parse(gunzipSync(bytes).toString('utf8')));
  if (!parsed.success) throw unreadable(what, parsed.error);
  return parsed.data;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((person, place) => person === b[place]);
}
