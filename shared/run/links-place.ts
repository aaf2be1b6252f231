import { z } from 'zod';
import { canonicalEmail, documentKey, type PersonKey } from '../core/model/email.ts';
import type { Run } from '../state/runs.ts';

/** How far the walk over the links has come. */
export interface LinksPlace {
  readonly stage: 'missing' | 'due' | 'vanished';
  /** Who is due by then is looked at, ms. */
  readonly at: number;
  /** Whether developers are missing from the listing: the numbers disagreed before this walk created anybody. */
  readonly search: boolean;
  /** Links with a developer met in the search so far that PORTAL_FILTER does not select. */
  readonly outside: number;
  /** The last link seen in this stage. */
  readonly after: LastSeen | undefined;
}

export interface LastSeen {
  readonly key: PersonKey;
  readonly due: number | undefined;
}

export function startOfLinks({ mode }: Pick<Run, 'mode'>, at: number, search: boolean): LinksPlace {
  return { stage: mode === 'full' ? 'missing' : 'due', at, search, outside: 0, after: undefined };
}

/** Undefined: that was the last one. */
export function nextStage(place: LinksPlace): LinksPlace | undefined {
  switch (place.stage) {
    case 'missing':
      return { ...place, stage: 'due', after: undefined };
    case 'due':
      return place.search ? { ...place, stage: 'vanished', after: undefined } : undefined;
    case 'vanished':
      return undefined;
  }
}

/** As a walk's cursor keeps it. */
export function encodePlace(place: LinksPlace): string {
  return JSON.stringify(place);
}

/** Throws where the text is not a place. */
export function decodePlace(cursor: string): LinksPlace {
  return storedPlace.parse(JSON.parse(cursor));
}

const key = z.string().transform((raw): PersonKey => canonicalEmail(raw) ?? documentKey(raw.slice(1)));
const storedPlace = z
  .object({
    stage: z.enum(['missing', 'due', 'vanished']),
    at: z.number(),
    search: z.boolean(),
    outside: z.number(),
    after: z.object({ key, due: z.number().optional() }).optional(),
  })
  .transform(({ after, ...place }) => ({ ...place, after: after && { key: after.key, due: after.due } }));
