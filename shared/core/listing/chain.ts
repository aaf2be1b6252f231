/** How a range of the listing ended that was listed from its first developer on. */
export type RangeEnd =
  /** Everybody is listed up to where another range begins (by its first developer), or, undefined, to the listing's end. */
  | { readonly kind: 'closed'; readonly next: string | undefined }
  /** The range's first developer is gone: who came behind has to be in the range before. */
  | { readonly kind: 'vanished' }
  /** Neither the beginning of another range nor the end of the listing was met. */
  | { readonly kind: 'open' };

export interface Range {
  /** The email of the first developer; undefined: the beginning of the listing. */
  readonly from: string | undefined;
  readonly end: RangeEnd;
}

/**
 * The ranges that show everybody, in the order of the listing: from its beginning each leads to the next, and the last one to
 * its end. That is the proof that nobody is left out (rule 16), in whatever order Apigee lists, as long as it keeps that
 * order while it is listed. Undefined where they prove nothing.
 */
export function chainOf<R extends Range>(ranges: readonly R[]): readonly R[] | undefined {
  const byFirst = new Map(ranges.map((range) => [range.from, range]));
  const chain: R[] = [];
  const passed = new Set<R>();
  for (let range = byFirst.get(undefined); range !== undefined;) {
    if (passed.has(range) || range.end.kind !== 'closed') return undefined;
    passed.add(range);
    chain.push(range);
    const { next } = range.end;
    if (next === undefined) return chain;
    range = byFirst.get(next);
  }
  return undefined;
}
