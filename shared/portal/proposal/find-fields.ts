import type { FieldFacts, SampleFacts } from './field-facts.ts';

/** A field that seems to hold what was looked for, in `count` documents. */
export interface Found {
  readonly facts: FieldFacts;
  readonly count: number;
}

/** The last name of a path, without what only separates words. */
export function nameOf(path: string): string {
  return (path.split('.').at(-1) ?? '').replace(/[_\-\s]/gu, '').toLowerCase();
}

/**
 * The field with one of these names that fits in most documents, and in `share` of them at least; of equals, the one whose name
 * comes first, and then the one that lies higher.
 */
export function best(
  { fields, documents }: SampleFacts,
  names: readonly string[],
  fits: (facts: FieldFacts) => number,
  share = 0.3,
): Found | undefined {
  const found = [...fields.values()]
    .map((facts) => ({ facts, count: fits(facts), rank: names.indexOf(nameOf(facts.path)) }))
    .filter(({ rank, count }) => rank >= 0 && count > 0 && count >= documents * share)
    .toSorted((a, b) => b.count - a.count || a.rank - b.rank || depth(a.facts) - depth(b.facts));
  return found[0];
}

/** "97 of 100 have "displayName", …" */
export function seen({ facts, count }: Found, { documents }: SampleFacts, what: string): string {
  return `"${facts.path}" ${what} in ${String(count)} of ${String(documents)}`;
}

function depth({ path }: FieldFacts): number {
  return path.split('.').length;
}
