import { z } from 'zod';
import { tailLength } from '../../../apigee/listing.ts';

/** How far the walk of Apigee's listing has come. */
export interface ListingPlace {
  /** The last developers walked so far, by email as listed, oldest first. */
  readonly tail: readonly string[];
  /** Pages walked since the listing began, or began anew. */
  readonly pages: number;
  /** Who came last on the 1st, 2nd, 4th, 8th … of these pages. */
  readonly marks: readonly string[];
}

export const beginning: ListingPlace = { tail: [], pages: 0, marks: [] };

const stored = z.object({ tail: z.array(z.string()), pages: z.int().nonnegative(), marks: z.array(z.string()) });

/** The place behind a page whose developers are `walked`. `begunAnew`: the page is the first of the listing. */
export function placeBehind(place: ListingPlace, walked: readonly string[], begunAnew: boolean): ListingPlace {
  const { pages, marks } = begunAnew ? beginning : place;
  const tail = [...place.tail, ...walked].slice(-tailLength);
  const last = walked.at(-1);
  const isMarked = last !== undefined && Number.isInteger(Math.log2(pages + 1));
  return { tail, pages: pages + 1, marks: isMarked ? [...marks, last] : marks };
}

/**
 * Whether a page shows somebody whom the walk has passed. A listing that goes in circles does that before the walk has
 * made twice as many pages as there are: by then one of the marks lies on the circle, wherever that begins. A developer who
 * was deleted and created again meanwhile does that, too: whether anybody on the page is new has to be found out.
 */
export function showsMark({ marks }: ListingPlace, page: readonly string[]): boolean {
  return marks.some((mark) => page.includes(mark));
}

/** An email on Edge may hold any character: no character can stand between two of them. */
export function encodePlace(place: ListingPlace): string {
  return JSON.stringify(place);
}

/** The version before wrote the emails of the tail, one a line. */
export function decodePlace(cursor: string): ListingPlace {
  if (cursor === '') return beginning;
  return stored.safeParse(jsonOf(cursor)).data ?? { ...beginning, tail: cursor.split('\n') };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
