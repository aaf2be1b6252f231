import { z } from 'zod';
import { maybe, unreadable, withoutUndefined } from './maybe.ts';

/** How far Edge's audit history was looked through (rule 40). One document for the whole installation. */
export interface Polling {
  /** Every record until then was handled; ms. Undefined before the first poll. */
  readonly watermark: number | undefined;
  /** Records that were handled and may be answered once more: hashes, oldest first. */
  readonly seen: readonly string[];
  /** Who is looking through it now. */
  readonly lease: { readonly holder: string; readonly expiresAt: number } | undefined;
  /** Since when Apigee says that there is no audit history, ms. */
  readonly missingSince: number | undefined;
}

export const neverPolled: Polling = { watermark: undefined, seen: [], lease: undefined, missingSince: undefined };

const stored = z.object({
  watermark: maybe(z.number()),
  seen: z.array(z.string()),
  lease: maybe(z.object({ holder: z.string(), expiresAt: z.number() })),
  missingSince: maybe(z.number()),
});

export function encodePolling(polling: Polling): Record<string, unknown> {
  return withoutUndefined({ ...polling });
}

/** Throws where the document is none of ours. */
export function decodePolling(data: unknown): Polling {
  const parsed = stored.safeParse(data);
  if (!parsed.success) throw unreadable('polling document', parsed.error);
  return parsed.data;
}
