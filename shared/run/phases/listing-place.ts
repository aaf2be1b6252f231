import { z } from 'zod';

/** How far the walk of Apigee's listing has come. */
export interface ListingPlace {
  /** The last developers walked so far, by email as listed, oldest first. */
  readonly tail: readonly string[];
}

const stored = z.object({ tail: z.array(z.string()) });

/** An email on Edge may hold any character: no character can stand between two of them. */
export function encodePlace(place: ListingPlace): string {
  return JSON.stringify(place);
}

/** `cursor`: undefined at the beginning. The version before wrote the emails of the tail, one a line. */
export function decodePlace(cursor: string | undefined): ListingPlace {
  if (cursor === undefined || cursor === '') return { tail: [] };
  return stored.safeParse(jsonOf(cursor)).data ?? { tail: cursor.split('\n') };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
