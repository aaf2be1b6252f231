import { z } from 'zod';
import { beginning, decodePlace, encodePlace, type ListingPlace } from './listing-place.ts';

/** Where the phase stands with the listing; undefined where it has not begun. */
export type ListingCursor =
  /**
   * It is listed in so many ranges, all at the same time. `of`: the run that found where they begin. `knows`: whether it is
   * looked up who was in step.
   */
  | { readonly kind: 'ranges'; readonly ranges: number; readonly of: string; readonly knows: boolean }
  /** It is walked, and the walk has come as far as this. */
  | { readonly kind: 'pages'; readonly place: ListingPlace };

const storedRanges = z.object({ ranges: z.int().positive(), of: z.string(), knows: z.boolean() });

/** The walk of a listing from its beginning. */
export const fromTheBeginning: ListingCursor = { kind: 'pages', place: beginning };

export function encodeCursor(cursor: ListingCursor): string {
  return cursor.kind === 'pages'
    ? encodePlace(cursor.place)
    : JSON.stringify({ ranges: cursor.ranges, of: cursor.of, knows: cursor.knows });
}

export function decodeCursor(text: string | undefined): ListingCursor | undefined {
  if (text === undefined) return undefined;
  const ranges = storedRanges.safeParse(jsonOf(text)).data;
  return ranges === undefined ? { kind: 'pages', place: decodePlace(text) } : { kind: 'ranges', ...ranges };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
