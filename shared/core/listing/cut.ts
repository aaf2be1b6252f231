/** Every so many developers of a listing, one is noted where a range may begin. */
export const markEvery = 20;

/** A stretch of the listing as it was found. */
export interface Stretch<Id> {
  /** What says who of its developers was in step. */
  readonly shownBy: readonly Id[];
  /** Where it began as a range; undefined at the beginning of the listing, and where it was none. */
  readonly from: string | undefined;
  readonly size: number;
  /** The first developer, and then every `markEvery`th, by email. */
  readonly marks: readonly string[];
}

/** A range for the next run to list. */
export interface Cut<Id> {
  /** The first developer; undefined: the beginning of the listing. */
  readonly from: string | undefined;
  readonly shownBy: readonly Id[];
}

/**
 * A page shows so many developers of a range at most, so that it shows where the next one begins as well. What is below
 * that is room for newcomers: a range that has outgrown its page costs a second call.
 */
const largest = 990;
const wanted = 980;

/** Cuts a listing, whose stretches come in its order, into ranges that one page each will show. */
export function cutListing<Id>(stretches: readonly Stretch<Id>[]): readonly Cut<Id>[] {
  const people = stretches.reduce((sum, { size }) => sum + size, 0);
  const fewEnough = stretches.length <= 1.02 * Math.ceil(people / wanted) + 1;
  const fits = stretches.every(({ size, from }, index) => size <= largest && (index === 0) === (from === undefined));
  if (fits && fewEnough) return stretches.map(({ from, shownBy }) => ({ from, shownBy }));
  return cutAnew(stretches);
}

function cutAnew<Id>(stretches: readonly Stretch<Id>[]): readonly Cut<Id>[] {
  const cuts: { readonly from: string | undefined; readonly shownBy: Id[] }[] = [];
  let size = 0;
  for (const stretch of stretches) {
    stretch.marks.forEach((mark, index) => {
      const length = Math.min(markEvery, stretch.size - index * markEvery);
      const isFull = size + length > wanted;
      if (cuts.length === 0 || isFull) {
        cuts.push({ from: cuts.length === 0 ? undefined : mark, shownBy: [] });
        size = 0;
      }
      size += length;
      const ids = cuts.at(-1)?.shownBy;
      ids?.push(...stretch.shownBy.filter((id) => !ids.includes(id)));
    });
  }
  return cuts;
}

/** The marks of a stretch. */
export function marksOf(emails: readonly string[]): readonly string[] {
  return emails.filter((_, index) => index % markEvery === 0);
}
