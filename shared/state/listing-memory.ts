import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Cut } from '../core/listing/cut.ts';
import { maybe, unreadable, withoutUndefined } from './maybe.ts';
import type { BatchId } from './batch.ts';

/** What the last complete listing of developers was like, so that the next one can be listed in parts, all at once. */
export interface ListingMemory {
  /** The run that listed. */
  readonly runId: string;
  /** When the earliest of the runs began that say who was in step, ms: whose link was written since may not be. */
  readonly since: number;
  /** The full run that relies on it, and so leaves another, or nobody relies on who was in step any more. */
  readonly usedBy?: string | undefined;
  /** How many distinct people it showed. */
  readonly people: number;
  /** In the listing's order. `shownBy`: batches of this or an earlier run that say who was in step. */
  readonly ranges: readonly Cut<BatchId<'apigee'>>[];
}

const storedId = z.tuple([z.string(), z.number()]);
const stored = z.object({
  runId: z.string(),
  since: z.number(),
  usedBy: maybe(z.string()),
  people: z.number(),
  ranges: z.instanceof(Uint8Array),
});
const storedRanges = z.array(z.object({ from: z.string().optional(), shownBy: z.array(storedId) }));

/** A range of a thousand developers is one email and a few ids: compressed, ten million developers fit a document. */
export function encodeListing({ ranges, ...rest }: ListingMemory): Record<string, unknown> {
  const plain = ranges.map(({ from, shownBy }) => ({ from, shownBy: shownBy.map(({ runId, seq }) => [runId, seq]) }));
  return withoutUndefined({ ...rest, ranges: gzipSync(JSON.stringify(plain)) });
}

/** Undefined where the document is none of ours, such as one of a later version: then the listing is walked. */
export function decodeListing(data: unknown): ListingMemory | undefined {
  const parsed = stored.safeParse(data);
  if (!parsed.success) return undefined;
  const { ranges, ...rest } = parsed.data;
  const plain = storedRanges.safeParse(JSON.parse(gunzipSync(ranges).toString('utf8')));
  if (!plain.success) return undefined;
  return {
    ...rest,
    ranges: plain.data.map(({ from, shownBy }) => ({
      from,
      shownBy: shownBy.map(([runId, seq]) => ({ runId, phase: 'apigee', seq })),
    })),
  };
}

const storedApart = z.object({ people: z.instanceof(Uint8Array) });

export function encodeApart(digests: readonly string[]): Record<string, unknown> {
  return { people: gzipSync(JSON.stringify(digests)) };
}

/** Throws where the document is none of ours. */
export function decodeApart(data: unknown): readonly string[] {
  const parsed = storedApart.safeParse(data);
  if (!parsed.success) throw unreadable('document of people apart', parsed.error);
  return z.array(z.string()).parse(JSON.parse(gunzipSync(parsed.data.people).toString('utf8')));
}
