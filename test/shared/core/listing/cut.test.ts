import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutListing, markEvery, marksOf, type Stretch } from '../../../../shared/core/listing/cut.ts';

/** A listing of stretches of these sizes, each a page of a walk. */
function pages(sizes: readonly number[]): readonly Stretch<number>[] {
  let next = 0;
  return sizes.map((size, index) => {
    const emails = Array.from({ length: size }, () => `p${String((next += 1))}`);
    return { shownBy: [index], from: undefined, size, marks: marksOf(emails) };
  });
}

/** How many developers each range shows. */
function sizes(froms: readonly (string | undefined)[], people: number): readonly number[] {
  const places = [...froms.map((from) => (from === undefined ? 0 : Number(from.slice(1)) - 1)), people];
  return places.slice(1).map((place, index) => place - (places[index] ?? 0));
}

describe('a listing is cut into ranges that one page shows', () => {
  test('with room for newcomers, and with the next beginning on the page', () => {
    const cuts = cutListing(pages([1000, 999, 999, 2]));
    expect(cuts.map(({ from }) => from)).toEqual([undefined, 'p981', 'p1961', 'p2940']);
    expect(cuts.map(({ shownBy }) => shownBy)).toEqual([[0], [0, 1], [1, 2], [2, 3]]);
  });

  test('whatever the pages of the walk were', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 12 }), (lengths) => {
        const people = lengths.reduce((sum, length) => sum + length, 0);
        const cuts = cutListing(pages(lengths));
        const found = sizes(
          cuts.map(({ from }) => from),
          people,
        );
        expect(found.reduce((sum, size) => sum + size, 0)).toBe(people);
        expect(Math.max(...found)).toBeLessThanOrEqual(990);
        expect(cuts.filter(({ from }) => from === undefined)).toHaveLength(1);
        // A range ends short of what a page shows by less than the distance of two marks.
        for (const [index, size] of found.slice(0, -1).entries())
          expect(size + (found[index + 1] ?? 0)).toBeGreaterThan(980 - markEvery);
      }),
    );
  });

  test('as before where ranges still fit, so that what is known of them stays in one place', () => {
    const ranges = [undefined, 'p961', 'p1921'].map((from, index) => ({
      ...pages([index === 2 ? 300 : 970])[0],
      shownBy: [index],
      from,
    })) as readonly Stretch<number>[];
    expect(cutListing(ranges)).toEqual([
      { from: undefined, shownBy: [0] },
      { from: 'p961', shownBy: [1] },
      { from: 'p1921', shownBy: [2] },
    ]);
  });

  test('anew where one has outgrown its page, or where there are too many small ones', () => {
    const [first, second] = pages([700, 995]);
    if (first === undefined || second === undefined) throw new Error('two pages');
    expect(cutListing([first, { ...second, from: 'p701' }]).map(({ from }) => from)).toEqual([undefined, 'p981']);
    const many = pages(Array.from({ length: 40 }, () => 100)).map((one, index) => ({
      ...one,
      from: index === 0 ? undefined : one.marks[0],
    }));
    expect(cutListing(many)).toHaveLength(5);
  });

  test('a listing of nobody into nothing', () => {
    expect(cutListing([])).toEqual([]);
  });
});
